"""Who is paid now, and why others are not; whether a batch needs a second person. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from wordmouth.payouts.facts import Line
from wordmouth.payouts.states import METHODS_OF
from wordmouth.programs.document import Payouts

BATCH = 2000
"""At most so many payouts in a batch: it is made in one write, and others wait for that."""

PART = 20
"""How many transfers go to a payment service at once: few enough to end within a lease."""

LARGEST = 99_999_999_999
"""Minor units: SEPA carries at most 999,999,999.99; no payout is larger by any rail."""

USER = "user "
"""How the names of those begin who have signed in. An API key or a shell is nobody."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An advocate with cash. `human` is the root of the person; `method`, `hint` and `in_sepa`
    are the payee's ("" and False without one); `paid` is what the human was paid this year or is
    being paid; `papers` says that their tax papers for this year are there, `stopped` that the
    programme they earned it in is held back altogether."""

    advocate_id: str
    person_id: str
    human: str
    program_id: str
    available: int
    policy: Payouts
    method: str
    hint: str
    in_sepa: bool
    paid: int
    papers: bool
    stopped: bool = False


def collect(candidates: Iterable[Candidate], rail: str) -> list[Line]:
    """What a batch by `rail` pays to whom, in the order of the advocates' ids.

    Amounts are minor units of one currency; everything that is available is paid, or nothing.
    What one membership is paid counts for the tax hold of the same human's next one.
    """
    lines: list[Line] = []
    now_paid: dict[str, int] = {}
    count = 0
    for candidate in sorted(candidates, key=lambda one: one.advocate_id):
        paid = candidate.paid + now_paid.get(candidate.human, 0)
        reason = _why_not(candidate, rail, paid)
        if not reason and count >= BATCH:
            reason = "batch_full"
        if not reason:
            count += 1
            now_paid[candidate.human] = now_paid.get(candidate.human, 0) + candidate.available
        lines.append(_line(candidate, reason))
    return lines


def _why_not(candidate: Candidate, rail: str, paid: int) -> str:
    """Why an advocate is not paid now; "" where they are. `paid`: this year, before this."""
    policy, amount = candidate.policy, candidate.available
    if candidate.stopped:
        return "stopped"
    if amount < policy.threshold:
        return "below_threshold"
    if not candidate.method:
        return "no_payee"
    if candidate.method not in METHODS_OF[rail]:
        return "other_method"
    if rail == "sepa" and not candidate.in_sepa:
        return "not_in_sepa"
    if amount > LARGEST:
        return "too_large"
    over = policy.tax_hold is not None and paid + amount > policy.tax_hold
    return "tax_hold" if over and not candidate.papers else ""


def _line(candidate: Candidate, reason: str) -> Line:
    return Line(
        advocate_id=candidate.advocate_id,
        person_id=candidate.person_id,
        program_id=candidate.program_id,
        amount=candidate.available,
        method=candidate.method,
        hint=candidate.hint,
        reason=reason,
    )


def needs_second(total: int, policies: Iterable[Payouts]) -> bool:
    """Whether a batch of `total` needs two users, by the strictest of its programmes."""
    bounds = [one.second_person_from for one in policies if one.second_person_from is not None]
    return bool(bounds) and total >= min(bounds)


def users(voices: Iterable[str]) -> set[str]:
    """Those of these names who have signed in, each once."""
    return {voice for voice in voices if voice.startswith(USER)}


def is_approved(made_by: str, approvals: Sequence[str], *, second: bool) -> bool:
    """Whether those who stand behind a batch are enough: two users where it needs a second
    person (who made it counts as one of them), anybody's approval otherwise."""
    if not approvals:
        return False
    return not second or len(users([made_by, *approvals])) >= 2
