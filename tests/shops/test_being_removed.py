"""Every adapter with an API: what becomes of a shop whose merchant takes us off it."""

from __future__ import annotations

import pytest

from tests.shops.conftest import Tried
from tests.shops.test_reading import api, bench, cycle, feed, lives, truth
from wordmouth.fulfilment.ports import Unreachable
from wordmouth.integrations import following
from wordmouth.integrations.ports import BROKEN, CREDENTIALS, ShopApi
from wordmouth.project.worker import run_until_idle

__all__ = ["api", "bench"]


def test_a_shop_that_has_taken_us_off_is_found_and_asked_nothing_where_it_tells_so(
    tried: Tried, api: ShopApi
) -> None:
    run_until_idle()
    tried.bench.deliveries()
    tried.bench.remove()
    told = tried.tell()
    adapter = tried.bench.adapter()
    assert bool(told) == adapter.capabilities.tells_its_end
    why = following.why_closed(tried.store_id, tried.bench.name)
    assert bool(why) == bool(told)
    if why:
        (found,) = feed(tried, following.CONNECTION).report["findings"]
        assert (found["name"], found["state"], found["text"]) == (CREDENTIALS, BROKEN, why)
        with pytest.raises(Unreachable, match=why):
            adapter.coupons(tried.connection)
        cycle(tried)
        assert feed(tried).problem == why, "its lists are left alone, and that says why"
    tried.watch.move(following.CHECK_EVERY)
    run_until_idle()
    report = feed(tried, following.CONNECTION).report
    broken = [each for each in report["findings"] if each["state"] == BROKEN]
    assert broken, "a look at the shop finds the same"
    assert not why or [each["text"] for each in broken] == [why]


def test_a_shop_that_lets_us_in_again_is_open_again(tried: Tried, api: ShopApi) -> None:
    run_until_idle()
    tried.bench.remove()
    tried.tell()
    sales = lives(tried, 3, 1)
    tried.bench.deliveries()
    cycle(tried)
    tried.bench.change_key(back=True)
    tried.watch.move(following.CHECK_EVERY)
    run_until_idle()
    tried.watch.move(following.HOLD)
    run_until_idle()
    assert not following.why_closed(tried.store_id, tried.bench.name)
    assert tried.bench.adapter().coupons(tried.connection).find("WM-NONE") is None
    truth(tried, sales)
