"""What is Shift4Shop's own: a secret in the address, statuses by what they are for, Eastern Time,
lists that go by days. What all shops have in common is tested in `tests/shops/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CouponSpec, Refused
from wordmouth.inbox.ports import FETCHED, QUERY, Verified
from wordmouth.integrations import twins
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import BROKEN, CUSTOMER, OK, ORDER, SUBSCRIPTIONS, Ref
from wordmouth.integrations.shift4shop import api as module
from wordmouth.integrations.shift4shop import twin_forms as forms
from wordmouth.integrations.shift4shop.adapter import Shift4Shop
from wordmouth.integrations.shift4shop.api import EVENTS, S4SApi
from wordmouth.integrations.shift4shop.calls import PATH, S4SCalls
from wordmouth.integrations.shift4shop.coupons import S4SCoupons
from wordmouth.integrations.shift4shop.parse import parse, read_time
from wordmouth.integrations.shift4shop.twin import SHOP, S4STwin
from wordmouth.integrations.shift4shop.verify import SecretAddress, address_key
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.kit.signing import BadSignature, new_secret
from wordmouth.orders.snapshot import OrderSnapshot

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ADDRESS = "https://engine.example/in/str_1/shift4shop"
NUMBERS = {name: number for number, name in forms.STATUSES.items()}


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[S4STwin]:
    with twins.running(S4STwin()) as twin:
        yield twin


def calls(twin: S4STwin) -> S4SCalls:
    return S4SCalls(HTTP, twin.url + PATH, f"{SHOP}/", twin.key, twin.token)


def api(twin: S4STwin, *keys: str) -> S4SApi:
    return S4SApi(calls(twin), keys or ("k1",))


def read(twin: S4STwin, number: int) -> OrderSnapshot:
    """The order as the engine understands it."""
    found = api(twin).fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    (order,) = parse({FETCHED: ORDER}, found.body).orders
    return order


def state(order: OrderSnapshot) -> str:
    names = ("paid", "fulfilled", "cancelled")
    return " ".join(name for name in names if getattr(order, f"{name}_at"))


def test_the_address_proves_who_sends_and_a_secret_is_not_read_from_it() -> None:
    secret, other = new_secret(), new_secret()
    key = address_key(secret)
    assert key not in secret
    assert secret.removeprefix("whsec_") not in key
    keys = [address_key(other).encode(), key.encode()]
    verify = SecretAddress().verify
    known = verify(keys, {QUERY: f"x=1&key={key}"}, b"{}", START)
    assert isinstance(known, Verified)
    assert verify(keys, {QUERY: f"key={key}"}, b"{}", START) == known
    assert verify(keys, {QUERY: f"key={key}"}, b"[]", START) != known
    for query in ("", "key=", f"key={address_key(new_secret())}", f"other={key}"):
        with pytest.raises(BadSignature, match="key"):
            verify(keys, {QUERY: query}, b"{}", START)


@pytest.mark.parametrize(
    ("status", "online", "moved", "expected"),
    [
        ("New", True, "", "paid"),
        ("New", False, "", ""),
        ("New", True, "Auth", ""),
        ("New", False, "Sale", "paid"),
        ("Processing", True, "", "paid"),
        ("Shipped", False, "", "paid fulfilled"),
        ("Cancel", True, "", "cancelled"),
        ("Cancel", True, "Sale", "paid cancelled"),
        ("Hold", True, "", ""),
        ("Unpaid", False, "", ""),
        ("Custom 1", False, "Capture", "paid"),
    ],
)
def test_status_and_money_make_the_milestones(
    twin: S4STwin, status: str, online: bool, moved: str, expected: str
) -> None:
    number = twin.order(OrderStatusID=NUMBERS[status], BillingOnLinePayment=online)
    if moved:
        twin.money(number, moved, 80.0)
    assert state(read(twin, number)) == expected


def test_what_the_checkout_was_left_with_is_no_order(twin: S4STwin) -> None:
    number = twin.order()
    found = api(twin).fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    assert parse({FETCHED: ORDER}, found.body).orders == ()


def test_when_money_came_stays_whatever_is_changed_later(
    twin: S4STwin, watch: clock.SetClock
) -> None:
    number = twin.order(OrderStatusID=NUMBERS["New"])
    twin.money(number, "Sale", 80.0)
    watch.move(timedelta(days=3))
    twin.money(number, "Credit", -30.1)
    order = read(twin, number)
    assert (order.paid_at, order.updated_at) == (START, START + timedelta(days=3))
    (refund,) = order.refunds
    assert (refund.amount, refund.at) == (3010, START + timedelta(days=3))


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-01-15T12:00:00", 17),
        ("2026-07-15T12:00:00", 16),
        ("2026-07-15T12:00:00.123", 16),
        ("2026-07-15T12:00:00Z", 12),
    ],
)
def test_times_are_eastern_in_winter_and_in_summer(text: str, hour: int) -> None:
    found = read_time(text)
    assert (found.hour, found.utcoffset()) == (hour, timedelta(0))
    assert read_time(forms.eastern(found)) == found.replace(microsecond=0)


def test_sums_and_codes_are_read(twin: S4STwin) -> None:
    bought = {**forms.item(71, 40.0), "ItemQuantity": 2.0, "ItemOptionPrice": 2.5}
    number = twin.order(
        OrderStatusID=NUMBERS["New"],
        OrderItemList=[bought],
        OrderDiscount=8.5,
        ShipmentList=[{"ShipmentCost": 4.0}, {"ShipmentCost": None}],
        SalesTax=1.5,
        SalesTax2=0.25,
        SalesTax3=None,
        OrderAmount=82.25,
        PromotionList=[{"Coupon": "ana-7k3q9x"}, {"Coupon": ""}, {"Coupon": "ANA-7K3Q9X"}],
    )
    order = read(twin, number)
    totals = order.totals
    assert (totals.items, totals.discount, totals.shipping, totals.tax) == (8500, 850, 400, 175)
    assert (totals.grand, order.currency, order.country) == (8225, "EUR", "US")
    assert order.discount_codes == ("ANA-7K3Q9X",)
    assert order.number == f"AB-{number + 1000}"


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"LastUpdate": "soon"}, "order.LastUpdate"),
        ({"OrderDate": "1999-01-01T00:00:00"}, "order.OrderDate"),
        ({"OrderAmount": "much"}, "order.OrderAmount"),
        ({"OrderID": 0}, "order.OrderID"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_by_its_place(
    changes: dict[str, Any], path: str
) -> None:
    order = {**forms.order(7, START), **changes}
    whole = {"order": order, "status": "New", "currency": "EUR"}
    with pytest.raises(BadDelivery) as caught:
        parse({FETCHED: ORDER}, msgspec.json.encode(whole))
    assert caught.value.problems[0][0] == path


def test_a_list_that_goes_by_days_is_read_by_moments(
    twin: S4STwin, watch: clock.SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PER_PAGE", 10)
    for _ in range(25):
        twin.order(OrderStatusID=NUMBERS["New"])
    known, cursor = changed_orders(twin, "")
    assert len(known) == 25
    for _ in range(2):
        watch.move(timedelta(hours=1))
        changed = twin.order(OrderStatusID=NUMBERS["New"])
        known, cursor = changed_orders(twin, cursor)
        assert str(changed) in known
    assert len(known) == 2, "of the same day only what is new, and a little twice"


def changed_orders(twin: S4STwin, cursor: str) -> tuple[set[str], str]:
    """The orders that the list has after the cursor, and where it ends."""
    found: set[str] = set()
    while True:
        page = api(twin).changes(ORDER, cursor)
        for item in page.items:
            found |= {order.id for order in parse({FETCHED: ORDER}, item.body).orders}
        cursor = page.cursor
        if page.done:
            return found, cursor


def test_customers_are_read_and_told(twin: S4STwin) -> None:
    api(twin).install(ADDRESS)
    number = twin.customer("ana@example.com")
    (sent,) = twin.deliveries()
    assert parse({}, sent.body).refetch == (Ref(kind=CUSTOMER, id=str(number)),)
    (item,) = api(twin).changes(CUSTOMER, "").items
    (ana,) = parse({FETCHED: CUSTOMER}, item.body).customers
    assert (ana.id, ana.email) == (str(number), "ana@example.com")


def test_webhooks_are_mended_when_they_are_off_or_have_an_old_key(
    twin: S4STwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(api(twin).install(ADDRESS)) == len(EVENTS)
    assert api(twin).install(ADDRESS) == ()
    newer = api(twin, "k2", "k1")
    told = {each.name: each for each in newer.health(ADDRESS)}
    assert told[SUBSCRIPTIONS].state == BROKEN
    assert all("mended" in words for words in newer.install(ADDRESS))
    assert {each.state for each in newer.health(ADDRESS)} == {OK}
    assert len(twin.hooks) == len(EVENTS)
    assert {hook["Url"] for hook in twin.hooks.values()} == {f"{ADDRESS}?key=k2"}
    monkeypatch.setattr(forms, "EVENTS", {7: "Something Else"})
    with pytest.raises(Refused, match="no event 'customer new' any more"):
        newer.install(ADDRESS)
    assert newer.health(ADDRESS)[0].state == BROKEN


def coupon(**more: Any) -> CouponSpec:
    told: dict[str, Any] = {
        "code": "WM-7K3Q-9XM2P-48RT",
        "kind": "amount_off",
        "value": 1050,
        "currency": "EUR",
        "min_order": 3000,
        "expires_at": datetime(2026, 7, 31, 12, tzinfo=UTC),
        "usage_limit": 1,
        "customer_email": None,
        "description": "Referral reward rwd_1",
    }
    return CouponSpec(**told | more)


def test_terms_are_written_as_shift4shop_takes_them(twin: S4STwin) -> None:
    S4SCoupons(calls(twin)).issue(coupon(), "k")
    (made,) = twin.promotions.values()
    assert (made["PromotionAmount"], made["PromotionByAmount"]) == (10.5, 30.0)
    assert (made["PromotionCheckByAmount"], made["PromotionMaxUses"]) == (1, 1)
    assert made["PromotionEnd"] == "2026-07-31T08:00:00", "Eastern Time"
    twin.promotions.clear()
    S4SCoupons(calls(twin)).issue(coupon(kind="percent_off", value=15, min_order=None), "k")
    (made,) = twin.promotions.values()
    assert made["PromotionPercentage"] == 15


def test_an_amount_in_another_currency_is_refused(twin: S4STwin) -> None:
    twin.currency = "USD"
    with pytest.raises(Refused, match="counts in USD; a coupon in EUR"):
        S4SCoupons(calls(twin)).issue(coupon(), "k")
    assert twin.promotions == {}


def test_an_account_is_tried_out_before_it_is_kept(twin: S4STwin) -> None:
    adapter = Shift4Shop(HTTP)
    options = {"url": SHOP, "api": twin.url}
    assert adapter.examine(options, {"private_key": "priv_1", "token": "tok_1"}) == (
        "Shift4Shop accepts the token. The shop counts in EUR."
    )
    with pytest.raises(Invalid, match="the token that the shop gave it; it is empty"):
        adapter.examine(options, {"private_key": "priv_1"})
    with pytest.raises(Invalid, match="401"):
        adapter.examine(options, {"private_key": "priv_1", "token": "tok_2"})
    with pytest.raises(Invalid, match="cannot be called"):
        Shift4Shop(Http()).examine(options, {"private_key": "priv_1", "token": "tok_1"})
