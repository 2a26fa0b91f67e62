"""The statement of a wallet: its lines add up to what the wallet holds, and say why."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.flow.test_schedules import Shop, open_store
from tests.flow.test_wallets import OPTIONS, POINTS, buy, give_back
from tests.world import START
from wordmouth.kit import clock
from wordmouth.messages.movements import text_of
from wordmouth.rewards.statement import Line, statement

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def lines(shop: Shop, limit: int = 1000) -> list[Line]:
    with shop.world.read():
        return statement(shop.ana.id, limit)


def test_every_line_adds_up(watch: clock.SetClock) -> None:
    coupon = {"schedule": "every_nth", "n": 2, "kind": "amount_off", "value": 700}
    shop = Shop(open_store(watch, {**POINTS, "expires_days": 9}, coupon, wallet=OPTIONS))
    for _ in range(4):
        shop.friend_buys()
    give_back(shop, buy(shop, option="five-off"))
    buy(shop, option="five-off")
    shop.uses(next(one for one in shop.rewards("due") if one.value == 700))
    shop.cancels("1")
    shop.world.move(20)
    told = lines(shop)
    for purse in ("points", "coupon"):
        mine = [line for line in told if line.purse == purse]
        assert mine, f"nothing moved in {purse}"
        assert (mine[0].held, sum(line.debt for line in mine)) == (
            shop.purse(purse)[0],
            shop.purse(purse)[1] if purse == "coupon" else 0,
        )
        for newer, older in pairwise(mine):
            assert newer.held - newer.available == older.held
        assert mine[-1].held == mine[-1].available
    assert all(text_of(line) for line in told)
    assert lines(shop, 3) == told[:3]


def test_the_lines_say_what_happened(watch: clock.SetClock) -> None:
    shop = Shop(open_store(watch, POINTS, wallet=OPTIONS))
    key = shop.friend_buys()
    shop.friend_buys()
    buy(shop, option="five-off")
    shop.cancels(key)
    told = [text_of(line) for line in reversed(lines(shop)) if line.purse == "points"]
    assert told == [
        "Promised for a friend's order.",
        "Released: it is yours now.",
        "Promised for a friend's order.",
        "Released: it is yours now.",
        "Redeemed.",
        "Taken back. The friend's order was cancelled.",
        "Taken back. The friend's order was cancelled.",
    ]
