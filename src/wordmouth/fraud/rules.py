"""The judge. Pure."""

from __future__ import annotations

from functools import cache

import msgspec


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one referred order. `friend_email_hosts` are those of all addresses the
    friend is known by; `seconds_to_order` is from the claim or click to the order, None where
    unknown."""

    friend_email_hosts: tuple[str, ...]
    seconds_to_order: float | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`clear`, or `hold`: a person should look. `reasons` are stable codes."""

    decision: str
    reasons: tuple[str, ...]


TOO_FAST_SECONDS = 10.0
SIGNALS = {
    "relaxed": frozenset[str](),
    "moderate": frozenset({"disposable_email"}),
    "strict": frozenset({"disposable_email", "too_fast"}),
}
"""Which signals a preset heeds."""


def judge(evidence: Evidence, preset: str) -> Verdict:
    """The verdict on one referred order under a preset (relaxed, moderate, strict)."""
    seen = set()
    if any(map(is_disposable, evidence.friend_email_hosts)):
        seen.add("disposable_email")
    seconds = evidence.seconds_to_order
    if seconds is not None and 0 <= seconds < TOO_FAST_SECONDS:
        seen.add("too_fast")
    reasons = tuple(sorted(seen & SIGNALS[preset]))
    return Verdict(decision="hold" if reasons else "clear", reasons=reasons)


def is_disposable(host: str) -> bool:
    """Whether mailboxes of this host (or of a host above it) are made to be thrown away."""
    labels = host.lower().split(".")
    known = _disposable_hosts()
    return any(".".join(labels[i:]) in known for i in range(max(len(labels) - 1, 0)))


@cache
def _disposable_hosts() -> frozenset[str]:
    from disposable_email_domains import blocklist

    return frozenset(blocklist)
