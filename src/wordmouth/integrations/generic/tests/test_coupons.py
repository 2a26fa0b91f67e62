"""Coupons over a real HTTP connection to a shop that does everything wrong."""

import threading
from datetime import UTC, datetime

import pytest
import standardwebhooks

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CouponRefused, CouponSpec, CouponState, CouponUnreachable
from wordmouth.integrations.generic import twin
from wordmouth.integrations.generic.adapter import GenericAdapter
from wordmouth.integrations.generic.coupons import KINDS, GenericCoupons
from wordmouth.kit import clock, signing
from wordmouth.kit.http import Http
from wordmouth.stores.facts import ConnectionFacts

SECRET = signing.new_secret()
SPEC = CouponSpec(
    code="WM-7K3Q-9XM2P-48RT",
    kind="percent_off",
    value=10,
    currency="EUR",
    min_order=3000,
    expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    usage_limit=1,
    customer_email=None,
    description="Referral reward rwd_1",
)
ACTIVE = CouponState(code=SPEC.code, state="active", reference="cpn-1")


@pytest.fixture
def shop():
    with twin.running(twin.TwinShop(SECRET)) as shop:
        yield shop


def port_to(shop, secret=SECRET, seconds=PATIENCE):
    return GenericCoupons(Http(allow_private=True, total_seconds=seconds), shop.url, secret)


def test_a_coupon_is_made_found_and_revoked(shop):
    port = port_to(shop)
    assert port.find(SPEC.code) is None
    assert port.issue(SPEC, "coupon.issue:rwd_1") == ACTIVE
    assert port.issue(SPEC, "coupon.issue:rwd_1") == ACTIVE, "the same again: the same coupon"
    assert port.find(SPEC.code) == ACTIVE
    assert len(shop.coupons) == 1
    revoked = port.revoke(SPEC.code, "coupon.revoke:rwd_1")
    assert revoked is not None
    assert revoked.state == "revoked"
    assert port.revoke("WM-UNKNOWN", "coupon.revoke:rwd_2") is None


def test_the_request_is_as_the_format_says(shop):
    at = datetime(2026, 11, 21, 10, tzinfo=UTC)
    with clock.using(clock.SetClock(at)):
        port_to(shop).issue(SPEC, "coupon.issue:rwd_1")
    assert shop.coupons[0]["terms"] == {
        "code": SPEC.code,
        "kind": "percent_off",
        "value": 10,
        "currency": "EUR",
        "min_order": 3000,
        "expires_at": "2027-01-01T00:00:00Z",
        "usage_limit": 1,
        "customer": None,
        "description": "Referral reward rwd_1",
    }


def test_the_customer_is_named_only_where_asked_for(shop):
    import msgspec

    locked = msgspec.structs.replace(SPEC, customer_email="mari@example.com")
    port_to(shop).issue(locked, "key")
    assert shop.coupons[0]["terms"]["customer"] == {"id": None, "email": "mari@example.com"}


def test_a_free_product_names_the_product(shop):
    import msgspec

    tea = msgspec.structs.replace(SPEC, kind="free_product", value=0, product="p-9")
    assert port_to(shop).issue(tea, "key") == ACTIVE
    assert shop.coupons[0]["terms"]["product"] == "p-9"
    assert "access" not in shop.coupons[0]["terms"]


def test_early_access_names_what_it_opens_and_for_whom(shop):
    import msgspec

    access = {"name": "New teas", "until": "2026-12-24", "products": ["p-9"], "category": None}
    early = msgspec.structs.replace(
        SPEC, kind="early_access", value=0, access=access, customer_email="mari@example.com"
    )
    port_to(shop).issue(early, "key")
    terms = shop.coupons[0]["terms"]
    assert (terms["access"], terms["customer"]["email"]) == (access, "mari@example.com")
    assert "product" not in terms


def test_a_product_that_the_shop_does_not_have_is_refused(shop):
    import msgspec

    shop.products = {"p-9"}
    gone = msgspec.structs.replace(SPEC, kind="free_product", value=0, product="p-10")
    with pytest.raises(CouponRefused, match="422: There is no product p-10 here"):
        port_to(shop).issue(gone, "key")


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ({}, KINDS),
        ({"kinds": ["percent_off", "amount_off"]}, {"percent_off", "amount_off"}),
        ({"kinds": ["percent_off", "cash"]}, {"percent_off"}),
        ({"kinds": []}, set()),
    ],
)
def test_a_connection_can_say_that_its_shop_makes_fewer_kinds(options, kinds):
    made = ConnectionFacts(
        id="con_1",
        store_id="str_1",
        adapter="generic",
        secrets=(SECRET,),
        coupon_url="https://shop.example/coupons",
        options=options,
    )
    adapter = GenericAdapter("generic", Http())
    assert adapter.kinds(made) == kinds
    assert adapter.coupons(made).kinds == kinds
    assert adapter.kinds(None) == KINDS


def test_an_independent_library_accepts_our_signature():
    body = b'{"type":"coupon.lookup"}'
    headers = signing.webhook_headers(SECRET, "coupon.issue:rwd_1", clock.now(), body)
    standardwebhooks.Webhook(SECRET).verify(body, headers)


def test_a_used_coupon_stays_used(shop):
    port = port_to(shop)
    port.issue(SPEC, "key")
    shop.use(SPEC.code)
    state = port.revoke(SPEC.code, "key2")
    assert state is not None
    assert (state.state, state.times_used) == ("used", 1)


def test_other_terms_under_a_known_code_are_refused_with_the_shops_words(shop):
    import msgspec

    port = port_to(shop)
    port.issue(SPEC, "key")
    with pytest.raises(CouponRefused, match="409: This code exists with other terms"):
        port.issue(msgspec.structs.replace(SPEC, value=20), "key")


def test_a_kind_the_shop_cannot_make_is_refused(shop):
    import msgspec

    with pytest.raises(CouponRefused, match="422"):
        port_to(shop).issue(msgspec.structs.replace(SPEC, kind="gift_card"), "key")


def test_a_wrong_secret_can_be_mended_later(shop):
    with pytest.raises(CouponUnreachable, match="401"):
        port_to(shop, signing.new_secret()).find(SPEC.code)


@pytest.mark.parametrize("fault", twin.FAULTS)
def test_every_fault_is_something_to_try_again(shop, fault):
    port = port_to(shop)
    shop.faults.append(fault)
    with pytest.raises(CouponUnreachable) as caught:
        port.issue(SPEC, "key")
    assert str(caught.value)
    assert len(shop.coupons) == (1 if fault in twin.AFTER else 0)
    assert port.issue(SPEC, "key") == ACTIVE, "the next try finds or makes the one coupon"


def test_retry_after_is_told_in_seconds(shop):
    port = port_to(shop)
    shop.faults.extend(["429", "429_date", "503"])
    at = datetime(2027, 12, 31, 23, 59, 29, tzinfo=UTC)
    found = []
    with clock.using(clock.SetClock(at)):
        for _ in range(3):
            with pytest.raises(CouponUnreachable) as caught:
                port.find(SPEC.code)
            found.append(caught.value.retry_after)
    assert found == [twin.RETRY_SECONDS, 30.0, None]


def test_a_slow_shop_is_not_waited_for(shop):
    """It would never answer; that the call ends at all is the proof."""
    shop.hold = threading.Event()
    with pytest.raises(CouponUnreachable, match="in time"):
        port_to(shop, seconds=2.0).find(SPEC.code)
    assert not shop.hold.is_set()


def test_no_shop_at_all():
    with twin.running(twin.TwinShop(SECRET)) as shop:
        port = port_to(shop)
    with pytest.raises(CouponUnreachable, match="No connection"):
        port.find(SPEC.code)


def test_a_page_with_status_404_is_not_an_unknown_coupon(shop, monkeypatch):
    reply: twin.Reply = (404, "text/html", b"<h1>Not found</h1>", {})
    monkeypatch.setattr(shop, "answer", lambda headers, body: reply)
    with pytest.raises(CouponUnreachable, match="404"):
        port_to(shop).find(SPEC.code)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b'{"code": "WM-7K3Q-9XM2P-48RT"}',
        b'{"code": "WM-7K3Q-9XM2P-48RT", "state": "sold"}',
        b'{"code": "WM-7K3Q-9XM2P-48RT", "state": null}',
        b'{"code": "ANOTHER", "state": "active"}',
        b"[" * 30_000,
        b'{"code": "\xff"}',
    ],
)
def test_an_answer_that_is_not_as_agreed_changes_nothing(shop, monkeypatch, answer):
    reply: twin.Reply = (200, "application/json", answer, {})
    monkeypatch.setattr(shop, "answer", lambda headers, body: reply)
    with pytest.raises(CouponUnreachable):
        port_to(shop).issue(SPEC, "key")


def test_the_shops_words_cannot_break_out_of_their_line(shop, monkeypatch):
    words = b'{"detail": "first\\u0000\\nsecond' + b" long" * 200 + b'"}'
    reply: twin.Reply = (422, "application/problem+json", words, {})
    monkeypatch.setattr(shop, "answer", lambda headers, body: reply)
    with pytest.raises(CouponRefused) as caught:
        port_to(shop).issue(SPEC, "key")
    assert "first second long" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400
