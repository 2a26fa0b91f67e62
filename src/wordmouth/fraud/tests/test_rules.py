"""The judge without memory."""

from __future__ import annotations

import pytest

from wordmouth.fraud.rules import Evidence, is_disposable, judge


def evidence(host: str = "mail.example", seconds: float | None = 3600) -> Evidence:
    return Evidence(friend_email_hosts=("mail.example", host), seconds_to_order=seconds)


@pytest.mark.parametrize("host", ["mailinator.com", "MAILINATOR.com", "box.mailinator.com"])
def test_throw_away_mailboxes_are_known_under_any_host_above(host: str) -> None:
    assert is_disposable(host)


@pytest.mark.parametrize("host", ["gmail.com", "com", "", "mailinator.com.mail.ee"])
def test_others_are_not(host: str) -> None:
    assert not is_disposable(host)


@pytest.mark.parametrize(
    ("preset", "reasons"),
    [
        ("relaxed", ()),
        ("moderate", ("disposable_email",)),
        ("strict", ("disposable_email", "too_fast")),
    ],
)
def test_each_preset_heeds_its_signals(preset: str, reasons: tuple[str, ...]) -> None:
    verdict = judge(evidence("mailinator.com", 3), preset)
    assert verdict.reasons == reasons
    assert verdict.decision == ("hold" if reasons else "clear")


@pytest.mark.parametrize("seconds", [None, 10, 11, -1])
def test_an_unknown_or_usual_pace_is_no_suspicion(seconds: float | None) -> None:
    assert judge(evidence(seconds=seconds), "strict").decision == "clear"
