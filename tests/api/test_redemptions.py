"""Spending a wallet by the API: once, in the caller's terms, and as the documents show it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from tests.api.docs_page import PAGE, shape_of
from tests.api.world import Api
from tests.flow.test_schedules import Shop, open_store
from tests.flow.test_wallets import OPTIONS, POINTS
from tests.world import START, at
from wordmouth.kit import clock

pytestmark = pytest.mark.django_db
CREDIT = {"schedule": "each", "kind": "store_credit", "value": 1000}


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


@pytest.fixture
def shop(watch: clock.SetClock) -> Shop:
    """An advocate with 200 points and 20 euros of store credit."""
    shop = Shop(open_store(watch, POINTS, CREDIT, wallet=OPTIONS))
    for _ in range(2):
        shop.friend_buys()
    return shop


@pytest.fixture
def api(shop: Shop) -> Api:
    return Api(shop.world.api_key)


def test_an_option_is_bought_and_answered_as_documented(shop: Shop, api: Api) -> None:
    body = {"advocate": shop.ana.id, "option": "five-off"}
    made = api.call("POST", "redemptions", body, idempotency_key="basket-1")
    assert made.status == 201
    again = api.call("POST", "redemptions", body, idempotency_key="basket-1")
    assert (again.status, again.data) == (201, made.data), "sent again, it buys nothing twice"
    assert shop.purse("points") == (50, 0)
    shown = re.search(r"POST /api/v1/redemptions`.*?```json\n(.*?)```", PAGE.read_text(), re.S)
    assert shown is not None
    documented, reward = json.loads(shown[1]), made.data["reward"]
    assert set(made.data) == set(documented)
    assert set(documented["reward"]) <= set(reward)
    assert shape_of(documented["reward"]).keys() <= shape_of(reward).keys()
    assert (reward["kind"], reward["value"], reward["unit"]) == ("amount_off", 500, "EUR")
    assert api.call("GET", f"redemptions/{made.data['id']}").data == made.data
    assert [one["id"] for one in api.call("GET", "redemptions").data["data"]] == [made.data["id"]]
    mine = api.call("GET", f"redemptions?advocate={shop.ana.id}&limit=1").data
    assert (len(mine["data"]), mine["has_more"]) == (1, False)


def test_what_cannot_be_bought_is_refused_in_words(shop: Shop, api: Api) -> None:
    me = {"advocate": shop.ana.id}
    api.call("POST", "redemptions", me | {"option": "five-off"})
    short = api.call("POST", "redemptions", me | {"option": "five-off"})
    assert (short.status, short.data["code"], short.data["available"]) == (409, "not_enough", 50)
    wrong = api.call("POST", "redemptions", me | {"option": "fife-off"})
    assert (wrong.status, wrong.data["code"]) == (422, "bad_redemption")
    assert "it has five-off, ship" in wrong.data["detail"]
    for body in (me, me | {"option": "ship", "amount": 5}, me | {"amount": 0}, {"option": "ship"}):
        assert api.call("POST", "redemptions", body).status == 422
    stranger = {"advocate": "adv_01kap3x0e8fwm8p1k3zq4v5y6t", "option": "ship"}
    assert api.call("POST", "redemptions", stranger).status == 404
    assert api.call("POST", "redemptions", {"advocate": "ana", "option": "ship"}).status == 422
    assert shop.purse("points") == (50, 0)


def test_it_is_given_back_while_it_is_unused(shop: Shop, api: Api) -> None:
    made = api.call("POST", "redemptions", {"advocate": shop.ana.id, "amount": 700}).data
    for _ in range(2):
        back = api.call("POST", f"redemptions/{made['id']}/cancel")
        assert (back.status, back.data["status"]) == (200, "cancelled")
        assert back.data["reward"]["status"] == "withdrawn"
    assert shop.purse("credit") == (2000, 0)
    again = api.call("POST", "redemptions", {"advocate": shop.ana.id, "amount": 700}).data
    with shop.world.read():
        from wordmouth.rewards import queries as rewards

        shop.uses(rewards.of_redemptions([again["id"]])[again["id"]])
    used = api.call("POST", f"redemptions/{again['id']}/cancel")
    assert (used.status, used.data["code"]) == (409, "redemption_used")
    missing = api.call("POST", "redemptions/red_01kap3x0e8fwm8p1k3zq4v5y6t/cancel")
    assert (missing.status, missing.data["code"]) == (404, "redemption_not_found")


def test_a_wallet_of_a_past_day(shop: Shop, api: Api) -> None:
    def points(query: str = "") -> int:
        found = api.call("GET", f"advocates/{shop.ana.id}/wallet{query}")
        assert found.status == 200
        return sum(b["available"] for b in found.data["balances"] if b["purse"] == "points")

    assert points() == 200
    assert points(f"?at={at(1.5).strftime('%Y-%m-%dT%H:%M:%SZ')}") == 100
    assert points(f"?at={at(0.5).strftime('%Y-%m-%dT%H:%M:%SZ')}") == 0
    limited = api.call("GET", f"advocates/{shop.ana.id}/wallet?limit=1").data
    assert len(limited["entries"]) == 1
    assert api.call("GET", f"advocates/{shop.ana.id}/wallet?at=yesterday").status == 422
