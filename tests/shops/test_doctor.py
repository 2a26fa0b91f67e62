"""The doctor says what is wrong with a shop that is read, and how far it was read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.shops.bench_generic import GenericBench
from tests.shops.bench_woocommerce import WooBench
from tests.shops.conftest import Tried
from wordmouth.cli.project import Check
from wordmouth.integrations import following
from wordmouth.kit import clock
from wordmouth.project import doctor, shop_health
from wordmouth.project.worker import run_until_idle
from wordmouth.stores import queries


@pytest.fixture
def woo(watch: clock.SetClock) -> Iterator[WooBench]:
    """A shop that is read by its API."""
    bench = WooBench()
    with bench.running():
        yield bench


@pytest.fixture
def tried(woo: WooBench, watch: clock.SetClock) -> Tried:
    """A store with that shop."""
    return Tried(woo, watch)


def said(tried: Tried) -> list[Check]:
    return list(shop_health.checks(queries.store(tried.store_id)))


def test_a_shop_that_tells_by_itself_is_not_spoken_of(watch: clock.SetClock) -> None:
    bench = GenericBench()
    with bench.running():
        tried = Tried(bench, watch)
        run_until_idle()
        assert said(tried) == []


def test_a_shop_that_is_well_says_how_far_it_was_read(tried: Tried, woo: WooBench) -> None:
    following.begin(tried.store_id, "woocommerce")
    (before,) = said(tried)
    assert before.text == "It was connected, and is read at once."
    woo.twin.order(status="processing")
    woo.twin.customer("ana@example.com")
    run_until_idle()
    (check,) = said(tried)
    assert check.state == "ok"
    read = "1 orders, 1 customers, 2 products were read"
    assert check.text == f"{read}; last at 2026-03-01 12:00 UTC."


def test_what_a_look_found_is_said_with_how_to_mend_it(tried: Tried) -> None:
    run_until_idle()
    tried.bench.change_key()
    tried.watch.move(following.CHECK_EVERY)
    run_until_idle()
    found = said(tried)
    assert {check.state for check in found} == {"broken", "warning"}
    assert all(check.mend for check in found)
    (key,) = [check for check in found if check.state == "broken"]
    assert "does not accept the key" in key.text
    assert "Make a new key" in key.mend
    assert any("orders could not be read" in check.text for check in found)


def test_a_shop_that_nobody_reads_any_more_is_said(tried: Tried) -> None:
    run_until_idle()
    tried.pass_time(hours=3)
    found = said(tried)
    assert {check.state for check in found} == {"broken"}
    assert all("serve" in check.mend for check in found)


def test_a_clock_that_is_apart_is_said(tried: Tried) -> None:
    tried.bench.put_clock(timedelta(minutes=9))
    run_until_idle()
    (check,) = said(tried)
    assert (check.state, check.name.endswith("(woocommerce)")) == ("broken", True)
    assert "9 minutes apart" in check.text


def test_one_shop_that_makes_coupons_is_enough(tried: Tried) -> None:
    found = list(doctor._store(queries.store(tried.store_id)))
    assert len(queries.connections(tried.store_id)) == 2
    assert [check.text for check in found if "address for coupons" in check.text] == []
