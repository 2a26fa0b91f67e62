"""A budget closes a programme's intake and breaks no promise; a stop holds everything back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from django.db.models import F

from tests.flow.test_schedules import Shop, open_store
from tests.world import START, World, at, paid
from wordmouth.kit import clock
from wordmouth.programs import queries as programs
from wordmouth.programs import services as program_services
from wordmouth.programs.events import BudgetWarned
from wordmouth.programs.parse import parse_data, to_data
from wordmouth.project.reactions import REACTIONS
from wordmouth.rewards import budgets, promises
from wordmouth.rewards.models import PromisedHour
from wordmouth.visits.errors import NotClaimable

pytestmark = [pytest.mark.django_db, pytest.mark.database]

EACH = {"schedule": "each", "kind": "store_credit", "value": 1000}
FRIEND = {"kind": "amount_off", "value": 500, "expires_days": 10}


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def limited(watch: clock.SetClock, amount: int) -> Shop:
    offers = [{"key": "control", "friend": FRIEND, "advocate": [EACH]}]
    budget = {"budget": {"amount": amount, "days": 30}}
    return Shop(open_store(watch, offers=offers, limits=budget))


def program(world: World) -> Any:
    with world.read():
        return programs.program("give-10-get-10")


def test_the_budget_warns_at_four_fifths_then_takes_nobody_new(
    watch: clock.SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BudgetWarned] = []
    monkeypatch.setitem(cast(dict[Any, Any], REACTIONS), BudgetWarned, [told.extend])
    shop = limited(watch, 2000)
    claims = [shop.world.claim(shop.ana.code, f"f{n}@mail.example") for n in range(3)]
    assert (program(shop.world).budget_level, told) == ("", [])
    claims.append(shop.world.claim(shop.ana.code, "f3@mail.example"))
    assert program(shop.world).intake == "full"
    assert [(one.used, one.amount) for one in told] == [(2000, 2000)]
    with pytest.raises(NotClaimable):
        shop.world.claim(shop.ana.code, "f4@mail.example")
    for n, claim in enumerate(claims):
        now = watch.now()
        shop.world.tell(paid(f"o{n}", f"f{n}@mail.example", now, codes=(claim.coupon_code,)))
    assert shop.purse("credit") == (4000, 0), "promises are kept, beyond the budget too"
    assert shop.proven()


def test_room_comes_back_when_promises_fall_or_leave_the_period(watch: clock.SetClock) -> None:
    shop = limited(watch, 2000)
    for n in range(4):
        shop.world.claim(shop.ana.code, f"f{n}@mail.example")
    watch.at = at(11)
    shop.world.run_jobs()
    assert program(shop.world).intake == "open", "the friends' codes ran out unused"
    for n in range(4):
        shop.world.claim(shop.ana.code, f"g{n}@mail.example")
    assert program(shop.world).intake == "full"
    with shop.world.write():
        document = to_data(program(shop.world).version.document)
        document["limits"] = {"budget": {"amount": 9000, "days": 30}}
        program_services.apply_document(parse_data(document), by="test")
    assert program(shop.world).intake == "open", "a larger budget has room at once"


def test_the_clock_opens_what_old_promises_had_closed(watch: clock.SetClock) -> None:
    shop = limited(watch, 6000)
    for n in range(4):
        claim = shop.world.claim(shop.ana.code, f"f{n}@mail.example")
        now = watch.now()
        shop.world.tell(paid(f"o{n}", f"f{n}@mail.example", now, codes=(claim.coupon_code,)))
    assert program(shop.world).intake == "full"
    watch.at = at(29)
    budgets.refresh()
    assert program(shop.world).intake == "full"
    watch.at = at(31)
    budgets.refresh()
    assert (program(shop.world).intake, program(shop.world).budget_level) == ("open", "")


def test_who_comes_while_the_intake_is_closed_counts_for_nobody(watch: clock.SetClock) -> None:
    shop = limited(watch, 2000)
    for n in range(4):
        shop.world.claim(shop.ana.code, f"f{n}@mail.example")
    shop.friend_buys()
    assert shop.purse("credit") == (0, 0)
    assert shop.proven()


@pytest.mark.parametrize("seconds", [0, 1, 1799, 1800, 3599, 3600, 3601, 7200, 20_000])
def test_what_is_promised_is_summed_from_any_moment_on(watch: clock.SetClock, seconds: int) -> None:
    shop, granted = limited(watch, 900_000), []
    for n, minutes in enumerate([0, 30, 29, 1, 59, 61, 0]):
        watch.move(timedelta(minutes=minutes))
        granted.append(watch.now())
        shop.world.claim(shop.ana.code, f"f{n}@mail.example")
    since = START + timedelta(seconds=seconds)
    with shop.world.read():
        used = promises.promised_since(program(shop.world).id, since)
    assert used == 500 * sum(at > since for at in granted)


def test_a_sum_that_somebody_changed_is_found(watch: clock.SetClock) -> None:
    shop = limited(watch, 2000)
    shop.friend_buys()
    assert shop.proven()
    with shop.world.write():
        PromisedHour.objects.update(cost=F("cost") + 1)
    assert not shop.proven()
