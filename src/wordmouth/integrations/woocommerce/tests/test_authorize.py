"""A merchant grants a key by one click: the shop hands it over, it opens the shop, and is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from wordmouth.inbox import queries as inbox
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.authorize import one_click_address
from wordmouth.integrations.woocommerce.tests.merchant import Merchant
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.outbox import queries as outbox
from wordmouth.stores import queries, services
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SITE = "https://refer.example"
BACK = f"{SITE}/desk/tea-house"


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        yield watch


@pytest.fixture
def store_id(db: None, settings: Any, watch: clock.SetClock) -> str:
    settings.SITE_URL = SITE
    settings.ALLOW_PRIVATE_SHOPS = True
    return services.create_store("Tea house").store.id


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    with running(WooTwin()) as twin:
        yield Merchant(twin)


def kept(store_id: str) -> ConnectionFacts | None:
    return queries.connection(store_id, "woocommerce")


def test_a_granted_key_is_tried_out_kept_and_the_shop_is_read(
    store_id: str, merchant: Merchant
) -> None:
    url = merchant.twin.url
    assert merchant.grant(one_click_address(store_id, f"{url}/", BACK)) == 200
    assert merchant.answer == {"store": store_id}
    found = kept(store_id)
    assert found is not None
    assert found.credentials == {"consumer_secret": "cs_click1"}
    assert found.options == {"url": url, "key": "ck_click1"}
    assert found.coupon_url == f"{url}/wp-json/wc/v3/coupons"
    assert [request.method for request in merchant.twin.seen] == ["GET"]
    with store_read(store_id):
        assert "connection" in [feed.kind for feed in inbox.feeds()]
        assert "shop.check" in {one.kind for one in outbox.page()}


def test_the_merchant_is_led_back_where_they_came_from(store_id: str, merchant: Merchant) -> None:
    asked = dict(parse_qsl(urlsplit(one_click_address(store_id, merchant.twin.url, BACK)).query))
    assert asked["return_url"] == BACK
    assert asked["callback_url"] == f"{SITE}/connect/woocommerce"
    clean = asked["user_id"].replace("-", "").replace("_", "").replace(".", "")
    assert clean.isalnum(), "WooCommerce takes signs out of it, and does not encode it again"


def test_an_address_is_good_once(store_id: str, merchant: Merchant) -> None:
    first, second = (one_click_address(store_id, merchant.twin.url, BACK) for _ in range(2))
    assert merchant.grant(first) == 200
    before = kept(store_id)
    for address in (first, second):
        assert merchant.grant(address) == 403
        assert merchant.answer["code"] == "bad_authorization"
        assert "was connected since" in merchant.answer["detail"]
    assert merchant.hand_over("/connect/woocommerce", merchant.told) == 403
    assert kept(store_id) == before
    assert merchant.grant(one_click_address(store_id, merchant.twin.url, BACK)) == 200
    after = kept(store_id)
    assert before is not None
    assert after is not None
    assert after.options["key"] == "ck_click4"
    assert after.secrets == before.secrets, "the webhooks keep their secret"


def test_two_that_come_at_once_are_not_both_kept(
    store_id: str, merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = one_click_address(store_id, merchant.twin.url, BACK)
    examine = WooCommerce.examine

    def overtaken(self: Any, *given: Any) -> str:
        """While the shop is asked about one key, another is kept."""
        monkeypatch.setattr(WooCommerce, "examine", examine)
        assert merchant.hand_over("/connect/woocommerce", merchant.told) == 200
        return examine(self, *given)

    monkeypatch.setattr(WooCommerce, "examine", overtaken)
    assert merchant.grant(address) == 403


def test_an_address_runs_out(store_id: str, merchant: Merchant, watch: clock.SetClock) -> None:
    address = one_click_address(store_id, merchant.twin.url, BACK)
    watch.move(timedelta(minutes=61))
    assert merchant.grant(address) == 403
    assert "more than an hour" in merchant.answer["detail"]
    assert kept(store_id) is None


@pytest.mark.parametrize("state", ["", "7", "a.b", "W10.x", "." * 9, "ä", "\u0001"])
def test_a_state_that_is_not_ours_is_refused(store_id: str, merchant: Merchant, state: str) -> None:
    address = one_click_address(store_id, merchant.twin.url, BACK)
    assert merchant.grant(address, user_id=state) == 403
    assert "none that was given out here" in merchant.answer["detail"]
    good = str(dict(parse_qsl(urlsplit(address).query))["user_id"])
    assert merchant.grant(address, user_id="x" + good) == 403
    assert kept(store_id) is None
    assert merchant.twin.seen == [], "a stranger makes nobody ask a shop"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_body"),
        (b"<p>There has been a critical error</p>", 400, "malformed_body"),
        (b"\xff\xfe", 400, "malformed_body"),
        (b"[" * 3000, 400, "malformed_body"),
        (b"[]", 422, "invalid"),
        (b'{"user_id": 7}', 422, "invalid"),
        (b'{"user_id": "a.b", "consumer_key": "", "consumer_secret": "x"}', 422, "invalid"),
        (b'"' + b"x" * 300_000 + b'"', 413, "too_large"),
    ],
)
def test_a_body_that_is_no_key_is_refused(
    store_id: str, merchant: Merchant, body: bytes, status: int, code: str
) -> None:
    assert merchant.hand_over("/connect/woocommerce", body) == status
    assert merchant.answer["code"] == code


def test_only_a_posted_key_is_taken(store_id: str) -> None:
    refused = Client().get("/connect/woocommerce")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "POST, OPTIONS")
    form = Client().post("/connect/woocommerce", {"user_id": "7"})
    assert form.status_code == 415


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"consumer_secret": "cs_other"}, "does not accept the key"),
        ({"key_permissions": "read"}, "The key may 'read'; it has to be 'read_write'."),
    ],
)
def test_a_key_that_does_not_open_the_shop_is_not_kept(
    store_id: str, merchant: Merchant, changes: dict[str, str], says: str
) -> None:
    address = one_click_address(store_id, merchant.twin.url, BACK)
    assert merchant.grant(address, **changes) == 422
    assert says in merchant.answer["detail"]
    assert kept(store_id) is None
    assert merchant.grant(address) == 200, "a click that failed may be tried again"


@pytest.mark.parametrize("fault", ["html", "redirect", "500", "reset"])
def test_whatever_else_the_shop_answers_is_said_and_nothing_is_kept(
    store_id: str, merchant: Merchant, fault: str
) -> None:
    merchant.twin.faults.append(fault)
    assert merchant.grant(one_click_address(store_id, merchant.twin.url, BACK)) == 422
    assert kept(store_id) is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://tea.example", "begins with https://"),
        ("tea.example", "begins with https://"),
        ("https://tea.example:8080", "Port 8080 is not allowed"),
        ("https://ana:hush@tea.example", "user name or password"),
    ],
)
def test_a_shop_that_may_not_be_called_is_refused_at_once(
    store_id: str, settings: Any, url: str, says: str
) -> None:
    settings.ALLOW_PRIVATE_SHOPS = False
    with pytest.raises(Invalid, match=says):
        one_click_address(store_id, url, BACK)


def test_a_private_shop_is_not_asked(store_id: str, merchant: Merchant, settings: Any) -> None:
    address = one_click_address(store_id, merchant.twin.url, BACK)
    settings.ALLOW_PRIVATE_SHOPS = False
    assert merchant.grant(address) == 422
    assert merchant.twin.seen == []
    assert kept(store_id) is None


@pytest.mark.parametrize("back", ["", "/desk", "javascript:alert(1)", "https://"])
def test_the_way_back_is_an_address(store_id: str, back: str) -> None:
    with pytest.raises(Invalid, match="no address to come back to"):
        one_click_address(store_id, "https://tea.example", back)


def test_without_https_here_nothing_is_asked_for(store_id: str, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    with pytest.raises(Invalid, match="https:// addresses alone"):
        one_click_address(store_id, "https://tea.example", BACK)
