"""What Shopify's GraphQL answers mean: its no has status 200, its questions cost points, its tokens
last a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from wordmouth.fulfilment.ports import CouponSpec, Refused, Unreachable
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations import twins
from wordmouth.integrations.ports import BROKEN, CREDENTIALS, ORDER, PRODUCT, WARNING, Ref
from wordmouth.integrations.shopify import questions
from wordmouth.integrations.shopify import twin_forms as forms
from wordmouth.integrations.shopify import twin_graph as graph
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.integrations.shopify.api import ShopifyApi
from wordmouth.integrations.shopify.calls import ShopifyCalls, Tokens
from wordmouth.integrations.shopify.coupons import ShopifyCoupons
from wordmouth.integrations.shopify.parse import parse
from wordmouth.integrations.shopify.twin import MOST_COST, ShopifyTwin
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
SPEC = CouponSpec(
    code="WM-7K3Q-9XM2P-48RT",
    kind="percent_off",
    value=15,
    currency="EUR",
    min_order=None,
    expires_at=None,
    usage_limit=1,
    customer_email=None,
    description="Referral reward rwd_1",
)
HTTP = Http(allow_private=True, max_answer_bytes=1 << 20)


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    """The only clock."""
    with clock.using(clock.SetClock(AT)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def twin(watch: clock.SetClock) -> Iterator[ShopifyTwin]:
    """A shop."""
    with twins.running(ShopifyTwin()) as twin:
        yield twin


@pytest.fixture
def shop(twin: ShopifyTwin) -> ShopifyCalls:
    """Calls to it."""
    return ShopifyCalls(HTTP, Tokens(HTTP), twin.url, twin.client_id, twin.secrets)


def asked_for_tokens(twin: ShopifyTwin) -> int:
    return sum(each.path == questions.TOKEN_PATH for each in twin.seen)


def test_a_token_is_asked_for_once_a_day_and_when_it_ends_before_its_time(
    twin: ShopifyTwin, shop: ShopifyCalls, watch: clock.SetClock
) -> None:
    coupons = ShopifyCoupons(shop)
    for _ in range(3):
        assert coupons.find("NONE") is None
    assert asked_for_tokens(twin) == 1
    watch.move(timedelta(hours=25))
    assert coupons.find("NONE") is None
    assert asked_for_tokens(twin) == 2
    twin.tokens.clear()
    assert coupons.find("NONE") is None
    assert asked_for_tokens(twin) == 3


def test_a_throttled_question_is_asked_again_when_there_are_points_enough(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    twin.order()
    twin.throttled = 1
    cost = graph.read(questions.ORDERS).cost()
    with pytest.raises(Unreachable, match="Throttled") as caught:
        ShopifyApi(shop).changes(ORDER, "")
    assert caught.value.retry_after == max(cost / 100, 1.0)
    assert len(ShopifyApi(shop).changes(ORDER, "").items) == 1


def test_no_question_costs_more_than_shopify_allows() -> None:
    texts = [text for text in vars(questions).values() if str(text)[:6] in ("query ", "mutati")]
    costs = {graph.read(text).name: graph.read(text).cost() for text in texts}
    assert len(costs) == 13
    assert max(costs.values()) <= MOST_COST


def test_a_right_that_is_missing_is_told_in_shopifys_words(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    twin.scopes.remove("write_discounts")
    with pytest.raises(Unreachable, match="write_discounts"):
        ShopifyCoupons(shop).issue(SPEC, "k")
    found = {each.name: each for each in ShopifyApi(shop).health("")}
    assert found[CREDENTIALS].state == BROKEN
    assert "write_discounts" in found[CREDENTIALS].text
    twin.scopes.add("write_discounts")
    assert ShopifyCoupons(shop).issue(SPEC, "k").state == "active"


def test_without_the_right_to_all_orders_the_short_history_is_told(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    twin.scopes.remove("read_all_orders")
    found = {each.name: each for each in ShopifyApi(shop).health("")}
    assert found["history"].state == WARNING
    assert "60 days" in found["history"].text


def test_a_shop_that_has_not_paid_shopify_is_asked_later(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    twin.frozen = True
    with pytest.raises(Unreachable, match="paused or locked"):
        ShopifyCoupons(shop).find("A")


def test_an_app_that_is_not_installed_is_told_by_shopifys_word(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    twin.installed = False
    with pytest.raises(Unreachable, match=r"400 when a token .*\(app_not_installed\)"):
        ShopifyCoupons(shop).find("A")
    found = {each.name: each for each in ShopifyApi(shop).health("")}
    assert found[CREDENTIALS].state == BROKEN


def test_a_question_that_shopify_does_not_understand_is_refused(shop: ShopifyCalls) -> None:
    for question in ("query WordmouthShop { shop { moon } }", "nonsense {}"):
        with pytest.raises(Refused, match="Shopify said"):
            shop.ask(question, msgspec.Raw)
    with pytest.raises(Refused, match="lists no product"):
        ShopifyApi(shop).changes(PRODUCT, "")


def test_lines_behind_the_first_page_are_read_too(twin: ShopifyTwin, shop: ShopifyCalls) -> None:
    lines = [forms.line(number, "EUR", "1.00") for number in range(1, 61)]
    number = twin.order(line_items=lines, total_price="60.00")
    found = ShopifyApi(shop).fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    (order,) = parse({FETCHED: ORDER}, found.body).orders
    assert [line.id for line in order.lines] == [str(number) for number in range(1, 61)]  # type: ignore[union-attr]
    assert order.totals.items == 6000


def test_the_coupon_is_what_was_asked_for(twin: ShopifyTwin, shop: ShopifyCalls) -> None:
    number = twin.customer("ana@example.com")
    ends = AT + timedelta(days=30)
    told = {"min_order": 3000, "expires_at": ends, "customer_email": "ana@example.com"}
    ShopifyCoupons(shop).issue(msgspec.structs.replace(SPEC, **told), "k")
    (made,) = twin.discounts.values()
    assert made["customerGets"] == {"value": {"percentage": 0.15}, "items": {"all": True}}
    assert made["minimumRequirement"] == {"subtotal": {"greaterThanOrEqualToSubtotal": "30.00"}}
    assert made["context"] == {"customers": {"add": [f"gid://shopify/Customer/{number}"]}}
    assert (made["usageLimit"], made["endsAt"]) == (1, "2026-12-22T09:00:00Z")
    assert made["title"].startswith("Referral reward rwd_1 (wordmouth ")
    other = msgspec.structs.replace(SPEC, code="B", customer_email="nobody@example.com")
    with pytest.raises(Refused, match="customer"):
        ShopifyCoupons(shop).issue(other, "k")
    foreign = msgspec.structs.replace(SPEC, code="C", kind="amount_off", currency="SEK")
    with pytest.raises(Refused, match="SEK"):
        ShopifyCoupons(shop).issue(foreign, "k")
    assert len(twin.discounts) == 1


def test_a_long_description_leaves_room_for_what_makes_the_coupon_ours(
    twin: ShopifyTwin, shop: ShopifyCalls
) -> None:
    long = msgspec.structs.replace(SPEC, description="tea " * 100)
    assert ShopifyCoupons(shop).issue(long, "k") == ShopifyCoupons(shop).find(SPEC.code)
    (made,) = twin.discounts.values()
    assert len(made["title"]) == 255


def test_a_coupon_that_ran_out_and_one_that_was_taken_back_are_told_apart(
    shop: ShopifyCalls, watch: clock.SetClock
) -> None:
    coupons = ShopifyCoupons(shop)
    ends = AT + timedelta(days=30)
    for code in ("RUNS-OUT", "TAKEN-BACK"):
        coupons.issue(msgspec.structs.replace(SPEC, code=code, expires_at=ends), "k")
    watch.move(timedelta(days=1))
    coupons.revoke("TAKEN-BACK", "r")
    watch.move(timedelta(days=60))
    states = [coupons.find(code) for code in ("RUNS-OUT", "TAKEN-BACK")]
    assert [each.state for each in states if each] == ["expired", "revoked"]
    kept = coupons.revoke("RUNS-OUT", "r")
    assert kept is not None
    assert kept.state == "expired"


def test_connecting_says_what_is_wrong(twin: ShopifyTwin) -> None:
    shopify = Shopify(HTTP)
    good = {"url": twin.url, "client_id": twin.client_id}
    assert "lets the app in" in shopify.examine(good, {"client_secret": "shpss_1"})
    assert shopify.coupon_address({**good, "url": "https://tea.myshopify.com/"}) == (
        f"https://tea.myshopify.com{questions.PATH}"
    )
    for options, secret, words in (
        (good, "shpss_9", "401"),
        ({**good, "client_id": "c9"}, "shpss_1", "401"),
        (good, " ", "empty"),
        ({**good, "url": "https://tea.example"}, "shpss_1", "tea.myshopify.com"),
        ({"url": twin.url}, "shpss_1", "client_id"),
        ({**good, "moon": "1"}, "shpss_1", "moon"),
    ):
        with pytest.raises(Invalid, match=words):
            shopify.examine(options, {"client_secret": secret})
    with pytest.raises(Invalid, match="https"):
        Shopify(Http()).examine(good, {"client_secret": "shpss_1"})
