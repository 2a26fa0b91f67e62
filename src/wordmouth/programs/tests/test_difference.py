"""What a plan says, and that it agrees with the digest."""

from __future__ import annotations

from hypothesis import given, settings

from wordmouth.programs.difference import Change, consequence, difference
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.parse import digest, to_data
from wordmouth.programs.tests.samples import give_10
from wordmouth.programs.tests.strategies import documents


def sentences(old: ProgramDocument, new: ProgramDocument) -> list[str]:
    return [change.sentence for change in difference(old, new)]


def test_a_new_programme_is_one_change() -> None:
    (change,) = difference(None, give_10())
    assert change.sentence == "programme give-10-get-10 is new, with status live"
    assert (change.before, change.after) == (None, to_data(give_10()))


def test_a_changed_value() -> None:
    assert difference(give_10(), give_10(("days = 14", "days = 30"))) == [
        Change(
            path="hold.days",
            before=14,
            after=30,
            sentence="hold.days: 14 becomes 30",
            terms=True,
        )
    ]


def test_the_status_is_no_term() -> None:
    (change,) = difference(give_10(), give_10(('"live"', '"paused"')))
    assert change.sentence == 'status: "live" becomes "paused"'
    assert change.terms is False


def test_a_reward_is_told_whole() -> None:
    assert sentences(give_10(), give_10(("value = 10,", "value = 15,"))) == [
        (
            'offers.control.friend: {kind = "percent_off", value = 10, expires_days = 30} becomes '
            '{kind = "percent_off", value = 15, expires_days = 30}'
        )
    ]


def test_what_is_added_and_removed() -> None:
    without = give_10(("budget = {amount = 500000, days = 30}\n", ""))
    assert sentences(without, give_10()) == [
        "limits.budget.amount is added: 500000",
        "limits.budget.days is added: 30",
    ]
    assert sentences(give_10(), without) == [
        "limits.budget.amount is removed; it was 500000",
        "limits.budget.days is removed; it was 30",
    ]


def test_an_offer_is_added_whole() -> None:
    second = '[[offers]]\nkey = "half"\nfriend = {kind = "free_shipping"}\n[limits]\n'
    assert sentences(give_10(), give_10(("[limits]\n", second))) == [
        (
            'offers.half is added: {weight = 1, friend = {kind = "free_shipping", value = 0}, '
            "advocate = []}"
        )
    ]


@given(documents(), documents())
@settings(deadline=None)
def test_terms_differ_exactly_where_digests_do(old: ProgramDocument, new: ProgramDocument) -> None:
    assert difference(old, old) == []
    differs = any(change.terms for change in difference(old, new))
    assert differs == (digest(old) != digest(new))


def test_the_consequence_for_the_versions() -> None:
    terms = difference(give_10(), give_10(("days = 14", "days = 30")))
    status = difference(give_10(), give_10(('"live"', '"paused"')))
    assert consequence([], number=3, frozen=True) == "Nothing changes."
    assert consequence(terms, number=0, frozen=False) == "The programme is made, with version 1."
    assert consequence(status, number=3, frozen=True).endswith("version 3 goes on.")
    assert consequence(terms, number=3, frozen=False) == "Version 3 was never live and is replaced."
    assert consequence(terms, number=3, frozen=True) == (
        "Version 4 is made; referrals under way keep the version their friend saw."
    )
