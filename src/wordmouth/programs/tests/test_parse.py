"""Documents in and out: nothing is lost, and what means the same has the same digest."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordmouth.programs.document import (
    AdvocateLimit,
    AdvocateReward,
    Budget,
    Eligibility,
    Fraud,
    FriendReward,
    Hold,
    Limits,
    Offer,
    ProgramDocument,
)
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.parse import (
    check,
    digest,
    parse_data,
    parse_json,
    parse_toml,
    to_data,
    to_json,
    to_toml,
)
from wordmouth.programs.tests.samples import GIVE_10, give_10
from wordmouth.programs.tests.strategies import documents


def test_the_sample_is_read_whole() -> None:
    assert parse_toml(GIVE_10) == ProgramDocument(
        slug="give-10-get-10",
        name="Give 10, get 10",
        status="live",
        attribution_days=90,
        eligibility=Eligibility(friend="new_customers", min_order=3000, currency="EUR"),
        hold=Hold(after="delivered", days=14, fallback_days=30),
        offers=(
            Offer(
                key="control",
                weight=1,
                friend=FriendReward(kind="percent_off", value=10, expires_days=30),
                advocate=(AdvocateReward(schedule="each", kind="amount_off", value=1000),),
            ),
        ),
        limits=Limits(
            per_advocate=AdvocateLimit(count=20, days=365),
            budget=Budget(amount=500000, days=30),
        ),
        fraud=Fraud(preset="moderate"),
    )


def test_the_least_document_takes_the_defaults() -> None:
    document = parse_toml(
        'slug = "a"\nname = "A"\n[[offers]]\nkey = "b"\nfriend = {kind = "free_shipping"}\n'
    )
    assert (document.status, document.attribution_days) == ("draft", 90)
    assert document.hold == Hold(after="delivered", days=14, fallback_days=30)
    assert document.eligibility == Eligibility(friend="new_customers", min_order=0, currency=None)
    assert document.limits == Limits(per_advocate=None, budget=None)
    assert document.fraud == Fraud(preset="moderate")
    assert document.offers[0].weight == 1


@given(documents())
@settings(deadline=None)
def test_toml_round_trip(document: ProgramDocument) -> None:
    assert parse_toml(to_toml(document)) == document


@given(documents())
@settings(deadline=None)
def test_json_round_trip(document: ProgramDocument) -> None:
    assert parse_json(to_json(document)) == document
    assert parse_data(json.loads(to_json(document))) == document
    assert msgspec.convert(to_data(document), ProgramDocument) == document
    assert check(document) == document


def test_null_is_the_same_as_left_out() -> None:
    data = to_data(give_10())
    data["offers"][0]["advocate"][0]["n"] = None
    data["limits"]["budget"] = None
    assert parse_data(data).limits.budget is None


@pytest.mark.parametrize(
    "text",
    [
        GIVE_10.encode(),
        "\ufeff" + GIVE_10,
        b"\xef\xbb\xbf" + GIVE_10.encode(),
        GIVE_10.replace("\n", "\r\n"),
    ],
)
def test_bytes_byte_order_marks_and_other_line_ends_are_read(text: str | bytes) -> None:
    assert parse_toml(text) == give_10()


@given(documents(), st.data())
@settings(deadline=None)
def test_digest_is_of_the_terms_alone(document: ProgramDocument, data: st.DataObject) -> None:
    offers = tuple(data.draw(st.permutations(document.offers)))
    same = msgspec.structs.replace(
        document, slug="other", name="Other", status="ended", offers=offers
    )
    assert digest(same) == digest(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("attribution_days = 90", "attribution_days = 91"),
        ("min_order = 3000", "min_order = 3001"),
        ('"new_customers"', '"anyone"'),
        ("days = 14", "days = 15"),
        ("weight = 1", "weight = 2"),
        ("value = 1000", "value = 1001"),
        ("count = 20", "count = 21"),
        ('"moderate"', '"strict"'),
    ],
)
def test_any_change_of_the_terms_changes_the_digest(old: str, new: str) -> None:
    assert digest(give_10((old, new))) != digest(give_10())


def test_the_digest_is_stable_over_releases() -> None:
    """Stored digests are compared with new ones: a change of this one needs a migration."""
    assert digest(give_10()) == "21a94fb22a57cb2331fd35370b4840a959e94910620feb2c51acf590a8c1b5f7"


def test_a_struct_made_by_hand_is_checked() -> None:
    bad = msgspec.structs.replace(give_10(), attribution_days=0)
    with pytest.raises(ProgramInvalid, match="from 1 to 3650, not 0"):
        check(bad)
