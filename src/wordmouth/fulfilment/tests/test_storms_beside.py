"""Bad weather for gift cards and for the shop's own program: in the end there is exactly one
usable thing for each reward that is due, and none for one that was taken back."""

import itertools
from datetime import timedelta

import pytest
from django_scopes import scopes_disabled
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wordmouth.fulfilment.tests import issuer
from wordmouth.fulfilment.tests.issuer import Issuer
from wordmouth.fulfilment.tests.test_carriers import carrying_out, issuing
from wordmouth.fulfilment.tests.world import until_quiet
from wordmouth.integrations import twins
from wordmouth.outbox import services as effects
from wordmouth.outbox.models import Effect

pytestmark = pytest.mark.django_db

NUMBERS = itertools.count(1)
STEP = st.one_of(
    st.just(("due", 0)),
    st.tuples(st.just("withdraw"), st.integers(0, 9)),
    st.tuples(st.just("again"), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(0, 40_000)),
    st.tuples(st.just("crash"), st.integers(1, 2)),
    st.just(("stop", 0)),
    st.just(("resume", 0)),
)
STEPS = st.lists(STEP, min_size=1, max_size=12)


def live_through(tea, steps):
    """Live through a plan; gives the rewards that are due in the end and those that are not."""
    due, gone = [], []
    for act, number in steps:
        if act == "due" and not tea.stopped:
            due.append(tea.earned())
        elif act == "withdraw" and due:
            gone.append(tea.tell(due.pop(number % len(due)), "withdrawn"))
        elif act == "again" and gone:
            due.append(tea.tell(gone.pop(number % len(gone)), "due"))
        elif act == "wait":
            until_quiet(tea.lane, tea.standing, timedelta(seconds=number))
            tea.standing.move(timedelta(seconds=number))
        elif act == "crash":
            # A worker takes effects and is never heard of again.
            effects.lease(tea.store_id, number)
        elif act in ("stop", "resume"):
            getattr(tea, act)()
            tea.stopped = act == "stop"
    tea.resume()
    return due, gone


def wrong(tea, due, gone, usable):
    """What is not as it must be, by the names under which those outside know the things."""
    found = []
    turns = {reward.id: tea.coupon(reward).turn for reward in due}
    names = {key if turn == 1 else f"{key}:{turn}": 1 for key, turn in turns.items()}
    if usable != names:
        found.append(f"outside: {dict(usable)}, due: {names}")
    found += [f"not issued: {r.id}" for r in due if tea.coupon(r).state != "issued"]
    found += [f"not revoked: {r.id}" for r in gone if tea.coupon(r).state != "revoked"]
    if set(tea.effects()) - {"done"}:
        found.append(f"effects: {tea.effects()}")
    return found


def fresh(tea):
    with scopes_disabled():
        Effect.objects.exclude(store_id=tea.store_id).delete()
    tea.stopped = False
    return tea


def storm_of_cards(steps, faults, *, careless=True):
    with issuing(name=f"Cards-{next(NUMBERS)}", careless=careless) as tea:
        fresh(tea).issuer.faults.extend(faults)
        due, gone = live_through(tea, steps)
        tea.issuer.faults.clear()
        until_quiet(tea.lane, tea.standing, timedelta(days=9))
        return wrong(tea, due, gone, tea.issuer.usable())


def storm_of_things(steps, faults, *, careless=False):
    with carrying_out(name=f"Things-{next(NUMBERS)}", careless=careless) as tea:
        fresh(tea).program.faults.extend(faults)
        due, gone = live_through(tea, steps)
        tea.program.settle()
        until_quiet(tea.lane, tea.standing, timedelta(days=9))
        return wrong(tea, due, gone, tea.program.standing())


weather = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@weather
@given(STEPS, st.lists(st.sampled_from([None, *issuer.FAULTS]), max_size=25))
@example([("due", 0), ("wait", 1), ("withdraw", 0), ("again", 0)], ["lost_reply"])
def test_any_weather_ends_with_one_card_for_each_due_reward(db, steps, faults):
    """Even with an issuer that makes a second card where the same is ordered twice."""
    assert storm_of_cards(steps, faults) == []


@weather
@given(STEPS, st.lists(st.sampled_from([None, *twins.FAULTS]), max_size=25))
@example([("due", 0), ("wait", 1), ("withdraw", 0), ("again", 0)], ["late", None, "late"])
def test_any_weather_ends_with_one_thing_for_each_due_reward(db, steps, faults):
    assert storm_of_things(steps, faults) == []


def test_without_the_look_up_the_storm_finds_a_second_card(monkeypatch):
    """The planted bug: a retry orders again without looking what is there."""
    monkeypatch.setattr(Issuer, "find", lambda self, key: None)
    found = storm_of_cards([("due", 0), ("wait", 1)], ["lost_reply"])
    assert len(found) == 1
    assert "2" in found[0]


def test_a_program_that_forgets_ids_is_found_by_the_storm():
    """The contract has a reason: an id must be carried out once."""
    found = storm_of_things([("due", 0), ("wait", 1)], ["lost_reply"], careless=True)
    assert len(found) == 1
    assert "2" in found[0]


def test_two_days_without_an_issuer_lose_nothing_and_double_nothing():
    with issuing(careless=True) as tea:
        tea.issuer.down = True
        rewards = [tea.earned() for _ in range(5)]
        until_quiet(tea.lane, tea.standing, timedelta(hours=47))
        assert tea.effects() == {"waiting": 5}
        tea.issuer.down = False
        until_quiet(tea.lane, tea.standing)
        assert tea.issuer.usable() == {reward.id: 1 for reward in rewards}
