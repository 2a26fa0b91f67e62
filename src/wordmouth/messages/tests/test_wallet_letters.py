"""What the holder of a wallet is written, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flow.test_schedules import Shop, open_store
from tests.stage import Stage
from tests.world import START, at, paid
from wordmouth.kit import clock
from wordmouth.messages import jobs
from wordmouth.orders.snapshot import Refund
from wordmouth.rewards import redeeming

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("able")]

POINTS = {"schedule": "each", "kind": "points", "value": 120, "expires_days": 60}
WALLET = {
    "expiry_notice_days": 20,
    "redemptions": [{"key": "five-off", "price": 100, "kind": "amount_off", "value": 500}],
}


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def told(stage: Stage) -> list[tuple[str, str]]:
    """Subject and text of every mail so far, the oldest first."""
    stage.work()
    return [
        (mail["Subject"], " ".join(mail.get_body(("plain",)).get_content().split()))
        for mail in stage.mailbox.mails
    ]


def subjects(stage: Stage) -> list[str]:
    return [subject for subject, _ in told(stage)]


def opened(watch: clock.SetClock, *rewards: Any, **tables: Any) -> tuple[Shop, Stage]:
    shop = Shop(open_store(watch, *rewards, **tables))
    return shop, Stage(shop.world)


def test_what_comes_into_a_wallet_is_told_with_what_it_holds(watch: clock.SetClock) -> None:
    shop, stage = opened(watch, POINTS)
    shop.friend_buys()
    shop.friend_buys()
    assert subjects(stage).count("120 points for you") == 2
    texts = [text for subject, text in told(stage) if subject == "120 points for you"]
    assert "Your wallet holds 240 points now." in texts[-1]
    assert "Valid until" in texts[-1]


def test_the_end_of_points_is_told_once_in_time_with_what_they_buy(watch: clock.SetClock) -> None:
    shop, stage = opened(watch, POINTS, wallet=WALLET)
    shop.friend_buys()
    for day in (30, 42, 43, 70):
        watch.at = at(day)
        jobs.tell_what_ends_soon()
    ending = [text for subject, text in told(stage) if "end on" in subject]
    assert ending == [], "it was over before anybody had a look"
    watch.at = at(71)
    shop.number += 70
    shop.friend_buys()
    watch.at = at(120)
    for _ in range(2):
        jobs.tell_what_ends_soon()
        ending = [text for subject, text in told(stage) if "end on" in subject]
    assert len(ending) == 1
    assert "120 points in your wallet can be used until" in ending[0]
    assert "What you have buys for instance: €5.00 off." in ending[0]


def test_nothing_is_said_of_points_that_are_spent(watch: clock.SetClock) -> None:
    shop, stage = opened(watch, {**POINTS, "value": 100}, wallet=WALLET)
    shop.friend_buys()
    with shop.world.write():
        redeeming.redeem(shop.world.store.id, shop.ana.id, option="five-off")
    watch.at = at(50)
    jobs.tell_what_ends_soon()
    assert not [subject for subject in subjects(stage) if "end on" in subject]
    ready = [text for subject, text in told(stage) if subject == "Your reward is ready: €5.00 off"]
    assert len(ready) == 1
    assert "You have redeemed it from your wallet." in ready[0]


def test_a_coupon_that_shrank_says_which_code_it_replaces(watch: clock.SetClock) -> None:
    shop, stage = opened(watch, {"schedule": "each", "kind": "amount_off", "value": 1000})
    key = shop.friend_buys(items=5000)
    stage.work()
    (first,) = shop.rewards("due")
    shop.changes(key, items=5000, refunds=(Refund(id="r1", amount=2500, at=at(2)),))
    last = told(stage)[-1]
    assert last[0] == "Your reward is ready: €5.00 off"
    assert f"takes the place of the code {first.code}, which no longer works" in last[1]


def test_a_friends_points_are_told_to_the_friend(watch: clock.SetClock) -> None:
    offers = [{"key": "control", "friend": {"kind": "points", "value": 70}}]
    shop, stage = opened(watch, offers=offers)
    claim = shop.world.claim(shop.ana.code, "fe@mail.example")
    assert subjects(stage) == [], "there is no code to send"
    shop.world.tell(paid("1", "fe@mail.example", watch.now(), codes=(claim.coupon_code,)))
    mine = [text for subject, text in told(stage) if subject == "70 points for you"]
    assert len(mine) == 1
    assert "Your order is complete" in mine[0]
