"""Gift cards from Tremendous over a real HTTP connection to a twin that does everything wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import GiftCardSpec, GiftCardState, Refused, Unreachable
from wordmouth.integrations.tests.driver import connection
from wordmouth.integrations.tremendous.cards import ORDERS, TremendousAccount, TremendousCards
from wordmouth.integrations.tremendous.provider import Tremendous
from wordmouth.integrations.tremendous.twin import BASE, TremendousTwin
from wordmouth.integrations.twins import AFTER, FAULTS, RETRY_SECONDS, running
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
SPEC = GiftCardSpec(
    key="gift_card:rwd_1",
    value=1050,
    currency="EUR",
    email="mari@example.com",
    name="Mari Mets",
    message="Thank you from Tea House",
)


@pytest.fixture
def twin() -> Iterator[TremendousTwin]:
    with running(TremendousTwin()) as service:
        yield service


def cards_of(service: TremendousTwin, *, method: str = "EMAIL", key: str = "TEST_key"):
    account = TremendousAccount(
        api=service.url + BASE,
        key=key,
        funding_source="balance",
        campaign="CAMPAIGN1",
        products=("OKMHM2X2OHYV",),
        method=method,
    )
    return TremendousCards(HTTP, account)


def test_a_card_is_ordered_once_and_found_by_its_key(twin):
    cards = cards_of(twin)
    assert cards.find(SPEC.key) is None
    made = cards.issue(SPEC)
    assert (made.state, made.reference) == ("active", "ORD000000001/RWD000000001")
    assert "by mail" in made.text
    assert cards.issue(SPEC) == made
    assert cards.find(SPEC.key) == made
    assert twin.paid == {SPEC.key: 1}


def test_the_order_is_as_tremendous_says(twin):
    cards_of(twin).issue(SPEC)
    request = next(each for each in twin.seen if each.method == "POST")
    assert request.path == "/api/v2/orders"
    assert request.headers["authorization"] == "Bearer TEST_key"
    assert b'"denomination":10.50,' in request.body
    assert request.json() == {
        "external_id": SPEC.key,
        "payment": {"funding_source_id": "balance"},
        "reward": {
            "value": {"denomination": 10.5, "currency_code": "EUR"},
            "recipient": {"name": "Mari Mets", "email": "mari@example.com"},
            "delivery": {"method": "EMAIL", "meta": {"message": "Thank you from Tea House"}},
            "campaign_id": "CAMPAIGN1",
            "products": ["OKMHM2X2OHYV"],
        },
    }


def test_a_link_that_was_lost_is_made_anew_for_the_same_card(twin):
    cards = cards_of(twin, method="LINK")
    twin.faults.extend([None, "lost_reply"])
    with pytest.raises(Unreachable):
        cards.issue(SPEC)
    found = cards.find(SPEC.key)
    assert found is not None
    assert found.url.endswith("RWD000000001-2")
    assert cards.issue(SPEC).reference == found.reference
    assert twin.paid == {SPEC.key: 1}


def test_another_value_under_the_same_key_is_refused(twin):
    cards = cards_of(twin)
    cards.issue(SPEC)
    with pytest.raises(Refused, match=r"10\.5 EUR, not with 20\.00 EUR"):
        cards.issue(msgspec.structs.replace(SPEC, value=2000))


def test_an_order_that_failed_is_ordered_again_when_there_are_funds(twin):
    cards = cards_of(twin)
    twin.balance = Decimal(5)
    for _ in range(2):
        with pytest.raises(Unreachable, match="could not make the card"):
            cards.issue(SPEC)
    assert cards.find(SPEC.key) is None
    twin.balance = Decimal(50)
    assert cards.issue(SPEC).state == "active"
    assert list(twin.orders) == [SPEC.key, f"{SPEC.key}.2", f"{SPEC.key}.3"]
    found = cards.find(SPEC.key)
    assert found is not None
    assert found.reference.startswith("ORD000000003")
    assert twin.paid == {SPEC.key: 1}


def test_it_is_not_ordered_without_end(twin):
    twin.balance = Decimal(0)
    cards = cards_of(twin)
    for _ in range(ORDERS):
        with pytest.raises(Unreachable):
            cards.issue(SPEC)
    with pytest.raises(Refused, match="9 times"):
        cards.issue(SPEC)


def test_an_account_without_funds_can_be_filled(twin):
    twin.balance, twin.pays_first = Decimal(0), True
    with pytest.raises(Unreachable, match="Insufficient funds"):
        cards_of(twin).issue(SPEC)


def test_an_order_that_waits_for_approval_is_pending(twin):
    twin.holds = True
    cards = cards_of(twin, method="LINK")
    assert (cards.issue(SPEC).state, cards.issue(SPEC).url) == ("pending", "")
    twin.approve()
    found = cards.find(SPEC.key)
    assert found is not None
    assert found.state == "active"
    assert found.url


def test_a_card_is_taken_back_while_it_is_unused(twin):
    cards = cards_of(twin)
    assert cards.cancel(SPEC.key) is None
    cards.issue(SPEC)
    for _ in range(2):
        ended = cards.cancel(SPEC.key)
        assert ended is not None
        assert ended.state == "cancelled"
    assert cards.find(SPEC.key) == ended
    assert cards.issue(SPEC).state == "cancelled", "the same key stays the same card"


def test_a_card_that_tremendous_does_not_take_back_counts_as_used(twin):
    cards = cards_of(twin)
    made = cards.issue(SPEC)
    twin.redeemed.add(made.reference.partition("/")[2])
    ended = cards.cancel(SPEC.key)
    assert ended is not None
    assert ended.state == "used"


def test_an_order_that_waits_is_rejected(twin):
    twin.holds = True
    cards = cards_of(twin)
    cards.issue(SPEC)
    ended = cards.cancel(SPEC.key)
    assert ended is not None
    assert ended.state == "cancelled"
    assert {order["status"] for order in twin.orders.values()} == {"CANCELED"}


def test_an_order_under_review_cannot_be_taken_back_yet(twin):
    cards = cards_of(twin)
    cards.issue(SPEC)
    twin.orders[SPEC.key]["status"] = "PENDING INTERNAL PAYMENT APPROVAL"
    found = cards.find(SPEC.key)
    assert found is not None
    assert found.state == "pending"
    with pytest.raises(Unreachable, match="still at work"):
        cards.cancel(SPEC.key)


def test_a_mail_that_came_back_is_told(twin):
    cards = cards_of(twin)
    cards.issue(SPEC)
    twin.orders[SPEC.key]["rewards"][0]["delivery"]["status"] = "FAILED"
    found = cards.find(SPEC.key)
    assert found is not None
    assert "came back" in found.text


def test_terms_that_can_never_be_met_are_refused(twin):
    with pytest.raises(Refused, match="recipient email is invalid"):
        cards_of(twin).issue(msgspec.structs.replace(SPEC, email="nobody"))


def test_yen_have_no_decimals(twin):
    cards_of(twin).issue(msgspec.structs.replace(SPEC, currency="JPY", value=1000))
    assert twin.orders[SPEC.key]["rewards"][0]["value"]["denomination"] == 1000


def test_a_wrong_key_can_be_mended_later(twin):
    cards = cards_of(twin, key="wrong")
    for ask in (lambda: cards.find(SPEC.key), lambda: cards.issue(SPEC)):
        with pytest.raises(Unreachable, match="Unauthorized"):
            ask()
    assert "wrong" not in repr(cards._account)


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_something_to_try_again(twin, fault):
    cards = cards_of(twin)
    twin.faults.extend([None, fault])
    with pytest.raises(Unreachable) as caught:
        cards.issue(SPEC)
    assert caught.value.retry_after == (RETRY_SECONDS if fault == "429" else None)
    assert bool(twin.paid) == (fault in AFTER)
    assert cards.issue(SPEC).state == "active"
    twin.settle()
    assert twin.paid == {SPEC.key: 1}


@settings(max_examples=50, deadline=None)
@given(
    faults=st.lists(st.sampled_from([None, *FAULTS]), max_size=20),
    verbs=st.lists(st.sampled_from(["find", "issue", "cancel", "poor", "rich"]), max_size=12),
    method=st.sampled_from(["EMAIL", "LINK"]),
)
def test_whatever_fails_one_key_is_one_card(faults, verbs, method):
    with running(TremendousTwin()) as service:
        cards = cards_of(service, method=method)
        service.faults.extend(faults)
        known: list[GiftCardState | None] = []
        for verb in [*verbs, "rich"]:
            if verb in ("poor", "rich"):
                service.balance = Decimal(0 if verb == "poor" else 100_000)
                continue
            with suppress(Unreachable):
                given_ = SPEC if verb == "issue" else SPEC.key
                known.append(getattr(cards, verb)(given_))
        service.settle()
        made = cards.issue(SPEC)
    assert made.state in ("active", "cancelled")
    assert service.paid == {SPEC.key: 1}
    assert {card.reference for card in known if card} <= {made.reference}
    assert sum(order["status"] != "FAILED" for order in service.orders.values()) == 1


def test_the_account_is_tried_out_without_moving_anything(twin):
    tremendous = Tremendous(HTTP)
    options = {"campaign": "CAMPAIGN1", "api": twin.url + BASE}
    words = tremendous.examine(connection("tremendous", "TEST_key", options))
    assert words == "Tremendous knows the key; cards are paid from balance."
    with pytest.raises(Invalid, match="Unauthorized"):
        tremendous.examine(connection("tremendous", "wrong", options))
    other = {**options, "funding_source": "CARD"}
    with pytest.raises(Invalid, match=r"there are FUNDS1234567 \(balance\)"):
        tremendous.examine(connection("tremendous", "TEST_key", other))
    assert [request.path for request in twin.seen] == [f"{BASE}/funding_sources"] * 3


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "a campaign or at least one product"),
        ({"campaign": "c", "delivery": "pigeon"}, "delivery"),
        ({"campaign": "c", "client_id": "x"}, "no option client-id"),
    ],
)
def test_options_that_cannot_be_used_are_named(options, words):
    with pytest.raises(Invalid, match=words):
        Tremendous(HTTP).gift_cards(connection("tremendous", "key", options))


def test_products_come_back_from_where_they_are_kept_as_a_list():
    options = {"product": ["A1", "B2"], "delivery": "link", "sandbox": True}
    account = Tremendous(Http())._account(connection("tremendous", "key", options))
    assert (account.products, account.method) == (("A1", "B2"), "LINK")
    assert account.api == "https://testflight.tremendous.com/api/v2"
