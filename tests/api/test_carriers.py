"""Rewards of every kind by the API: what is shown of them, and who has early access."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.world import Api
from wordmouth.fulfilment.tests.test_access import CATEGORY, PRODUCT, early, token_of
from wordmouth.fulfilment.tests.test_carriers import carrying_out, issuing, run, shop
from wordmouth.fulfilment.tests.world import START
from wordmouth.rewards.models import Reward
from wordmouth.stores.transactions import store_write

pytestmark = pytest.mark.django_db

CLOSED: dict[str, Any] = {
    "granted": False,
    "until": None,
    "name": None,
    "products": [],
    "category": None,
    "reward": None,
}


def api(tea):
    return Api(tea.made.api_key)


def rewards(tea, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = api(tea).get(f"rewards?{asked}")
    assert answer.status == 200, answer.text
    return answer.data["data"]


def ask(tea, **body):
    answer = api(tea).post("access", body)
    assert answer.status == 200, answer.text
    return answer.data


def test_a_free_product_and_what_it_is_worth():
    with shop(friend='{kind = "free_product", product = "p-9"}') as tea:
        tea.claim()
        run(tea)
        (shown,) = rewards(tea)
        assert (shown["kind"], shown["product"], shown["unit"]) == ("free_product", "p-9", "CPN")
        assert shown["code"] == tea.shop.coupons[0]["code"]


def test_a_debt_leaves_the_worth():
    with shop(friend='{kind = "amount_off", value = 1000}') as tea:
        reward = tea.claim()
        with store_write(tea.store_id):
            Reward.objects.filter(id=reward.id).update(offset=400)
        (shown,) = rewards(tea)
        assert (shown["value"], shown["worth"]) == (1000, 600)


@pytest.mark.parametrize("kind", ["points", "store_credit", "cash"])
def test_what_is_in_a_wallet_is_issued(kind):
    with shop(friend=f'{{kind = "{kind}", value = 500}}') as tea:
        waiting, credited = tea.claim(), tea.claim()
        tea.tell(credited, "due")
        run(tea)
        assert [one["id"] for one in rewards(tea, status="issued")] == [credited.id]
        assert [one["id"] for one in rewards(tea, status="pending")] == [waiting.id]
        assert rewards(tea, status="failed") == []


def test_of_a_gift_card_the_api_tells_no_secret():
    with issuing() as tea:
        mine = tea.earned()
        friends = tea.claim()
        tea.tell(friends, "due")
        run(tea)
        shown = {one["id"]: one for one in rewards(tea, status="issued")}
        assert shown[mine.id]["text"] == "Enter the code at the till."
        assert shown[mine.id]["url"] == f"http://127.0.0.1:8000/s/{tea.made.store.slug}/me"
        assert shown[friends.id]["url"] is None, "a friend gets it by mail"
        assert {one["code"] for one in shown.values()} == {None}
        answer = api(tea).get("rewards").text + api(tea).get("effects").text
        assert "SECRET" not in answer
        assert "cards.example" not in answer


def test_what_the_shops_own_program_gave_is_shown_to_the_shop():
    with carrying_out() as tea:
        tea.program.answers = {"code": "OAK-7", "text": "Row 7", "url": "https://forest.example/7"}
        tea.earned(details={"name": "tree"})
        run(tea)
        (shown,) = rewards(tea)
        told = {name: shown[name] for name in ("name", "code", "text", "url", "status")}
        assert told == {
            "name": "tree",
            "code": "OAK-7",
            "text": "Row 7",
            "url": "https://forest.example/7",
            "status": "issued",
        }


def test_a_stopped_programme_is_told_in_words():
    with shop() as tea:
        tea.claim()
        tea.stop()
        run(tea)
        (shown,) = rewards(tea, status="failed")
        assert shown["why"]["code"] == "coupon_failed"
        assert "stopped by the shop" in shown["why"]["text"]
        assert shown["code"] is None


def test_a_claim_of_what_is_no_code_has_no_coupon():
    with shop(friend='{kind = "points", value = 100}') as tea:
        answer = Api().post("claims", {"code": tea.code, "email": "fe@example.com"})
        assert answer.data["coupon"] is None
        assert answer.data["offer"]["friend"]["kind"] == "points"


def test_early_access_is_granted_by_token_and_by_address():
    with early(PRODUCT, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        granted = {
            "granted": True,
            "until": "2026-12-24T00:00:00Z",
            "name": "Winter teas",
            "products": ["p-9"],
            "category": None,
            "reward": reward.id,
        }
        token = token_of(tea, reward)
        assert ask(tea, token=token) == granted
        assert ask(tea, token=token, product="p-9") == granted
        assert ask(tea, email="FRIEND1@example.com", product="p-9") == granted
        assert ask(tea, token=token, product="p-1") == CLOSED
        assert ask(tea, email="friend1@example.com", category="Drinks") == CLOSED
        assert ask(tea, email="stranger@example.com") == CLOSED
        assert ask(tea, token="nonsense") == CLOSED
        (shown,) = rewards(tea)
        assert shown["access"]["until"] == "2026-12-24"
        assert shown["url"].endswith(token)
        assert shown["code"] is None


def test_a_category_opens_the_products_that_are_in_it():
    with early(CATEGORY, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        token = token_of(tea, reward)
        assert ask(tea, token=token, product="p-9")["granted"]
        assert not ask(tea, token=token, product="p-1")["granted"]


def test_what_was_taken_back_is_not_granted():
    with early(PRODUCT, helps=False) as tea:
        reward = tea.claim()
        run(tea)
        token = token_of(tea, reward)
        tea.tell(reward, "withdrawn")
        assert ask(tea, token=token) == CLOSED
        assert ask(tea, email="friend1@example.com") == CLOSED


def test_of_several_the_one_that_lasts_longest_answers():
    with early(PRODUCT, helps=False) as tea:
        short, long = tea.earned(), tea.earned()
        with store_write(tea.store_id):
            Reward.objects.filter(id=short.id).update(expires_at=START + timedelta(days=2))
        run(tea)
        assert ask(tea, email="ana@tea.test")["reward"] == long.id


def test_who_asks_for_nobody_is_told_what_to_send():
    with shop() as tea:
        answer = api(tea).post("access", {"product": "p-9"})
        assert (answer.status, answer.data["errors"][0]["path"]) == (422, "token")
        answer = api(tea).post("access", {"email": "no address"})
        assert (answer.status, answer.data["errors"][0]["path"]) == (422, "email")
        assert Api().post("access", {"email": "fe@example.com"}).status == 401
