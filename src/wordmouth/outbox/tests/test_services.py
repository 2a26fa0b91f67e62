"""Leases, fences, back-off, fairness: on the database."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, connections
from django_scopes import scopes_disabled

from wordmouth.kit import clock, entropy
from wordmouth.kit.errors import NotFound
from wordmouth.outbox import queries, rules, runner, services
from wordmouth.outbox.errors import EffectNotDead, Hopeless, TryLater
from wordmouth.outbox.facts import EffectRequest, LeasedEffect
from wordmouth.outbox.models import Effect
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def standing():
    with clock.using(clock.SetClock(NOW)) as standing:
        yield standing


@pytest.fixture
def store(db, standing):
    return stores.create_store("Tea").store.id


def ask(store_id, *keys, kind="coupon.issue", due_at=None):
    with store_write(store_id):
        services.enqueue(
            [EffectRequest(key=k, kind=kind, payload={"n": k}, due_at=due_at) for k in keys]
        )


def facts(store_id, key):
    with store_read(store_id):
        return queries.by_keys([key])[key]


def unfinished(store_id, *keys):
    with store_read(store_id):
        return queries.unfinished(keys)


def settle(effect, verb, *args):
    with store_write(effect.store_id):
        return verb(effect, *args)


@pytest.mark.parametrize(("verb", "given"), [(services.finish, {}), (services.hopeless, "never")])
def test_an_effect_is_unfinished_until_it_is_done_or_given_up(store, verb, given):
    ask(store, "one", "two")
    asked = ("one", "two", "three")
    assert unfinished(store, *asked) == {"one", "two"}
    (taken,) = services.lease(store, 1)
    assert unfinished(store, *asked) == {"one", "two"}
    settle(taken, verb, given)
    assert unfinished(store, *asked) == {"one", "two"} - {taken.key}


def test_an_effect_is_taken_once(store):
    ask(store, "one")
    (taken,) = services.lease(store, 5)
    assert (taken.key, taken.attempts, taken.payload) == ("one", 1, {"n": "one"})
    assert services.lease(store, 5) == []


def test_the_same_key_is_one_effect(store):
    ask(store, "one", "one")
    ask(store, "one", kind="coupon.other")
    with store_read(store):
        assert [(e.key, e.kind) for e in queries.page()] == [("one", "coupon.issue")]


def test_two_stores_may_have_the_same_key(store):
    other = stores.create_store("Coffee").store.id
    ask(store, "one")
    ask(other, "one")
    assert queries.stores_with_work() == sorted([store, other])
    assert len(services.lease(store, 5)) == len(services.lease(other, 5)) == 1


def test_an_effect_waits_until_it_is_due(store, standing):
    ask(store, "one", due_at=NOW + timedelta(hours=1))
    assert queries.stores_with_work() == []
    assert services.lease(store, 5) == []
    standing.move(timedelta(hours=1))
    assert queries.stores_with_work() == [store]
    assert len(services.lease(store, 5)) == 1


def test_a_store_has_few_effects_in_flight(store):
    ask(store, *map(str, range(9)))
    first = services.lease(store, 9)
    assert len(first) == rules.PER_STORE
    assert services.lease(store, 9) == []
    settle(first[0], services.finish, {})
    assert len(services.lease(store, 9)) == 1


def test_the_oldest_is_taken_first_and_kinds_can_be_left_out(store, standing):
    ask(store, "mail", kind="mail.send")
    standing.move(timedelta(seconds=1))
    ask(store, "coupon")
    assert [e.key for e in services.lease(store, 1, without=["mail.send"])] == ["coupon"]
    assert [e.key for e in services.lease(store, 1)] == ["mail"]


def test_a_lease_that_ran_out_is_taken_again_with_a_higher_fence(store, standing):
    ask(store, "one")
    (first,) = services.lease(store, 1)
    standing.move(rules.LEASE - timedelta(seconds=1))
    assert services.lease(store, 1) == []
    standing.move(timedelta(seconds=1))
    assert queries.stores_with_work() == [store]
    (second,) = services.lease(store, 1)
    assert (second.fence, second.attempts) == (first.fence + 1, 2)


@pytest.mark.parametrize(
    ("verb", "args"),
    [(services.finish, ({},)), (services.fail, ("late",)), (services.hopeless, ("late",))],
)
def test_only_the_newest_fence_writes_the_outcome(store, standing, verb, args):
    ask(store, "one")
    (old,) = services.lease(store, 1)
    standing.move(rules.LEASE)
    (new,) = services.lease(store, 1)
    assert not settle(old, verb, *args)
    assert facts(store, "one").state == "leased"
    assert settle(new, services.finish, {"by": "new"})
    assert not settle(old, verb, *args)
    assert (facts(store, "one").state, facts(store, "one").result) == ("done", {"by": "new"})


def test_what_is_done_is_never_taken_again(store, standing):
    ask(store, "one")
    (effect,) = services.lease(store, 1)
    settle(effect, services.finish, {"reference": "7"})
    standing.move(timedelta(days=400))
    assert services.lease(store, 1) == []
    ask(store, "one")
    assert facts(store, "one").state == "done"


def test_the_tries_follow_the_table_and_end_after_two_days(store, standing):
    ask(store, "one")
    pauses = []
    with entropy.seeded(7):
        while facts(store, "one").state != "dead":
            (effect,) = services.lease(store, 1)
            settle(effect, services.fail, "The shop is closed.")
            found = facts(store, "one")
            if found.state == "waiting":
                pauses.append(found.due_at - standing.at)
                standing.at = found.due_at
    assert len(pauses) == len(rules.BACKOFF)
    for pause, step in zip(pauses, rules.BACKOFF, strict=True):
        assert step <= pause <= step * (1 + rules.JITTER)
    assert standing.at - NOW > timedelta(hours=48)
    dead = facts(store, "one")
    assert (dead.problem, dead.attempts) == ("The shop is closed.", len(rules.BACKOFF) + 1)


def test_the_jitter_spreads_many_effects(store, standing):
    keys = [str(number) for number in range(40)]
    ask(store, *keys)
    for _ in keys:
        (effect,) = services.lease(store, 1)
        settle(effect, services.fail, "no")
    with store_read(store):
        assert len({effect.due_at for effect in queries.page()}) > 35


def test_retry_after_is_kept(store, standing):
    ask(store, "one")
    (effect,) = services.lease(store, 1)
    settle(effect, services.fail, "slow down", 300.0)
    assert facts(store, "one").due_at >= NOW + timedelta(seconds=300)


def test_a_dead_effect_can_be_revived_and_no_other(store, standing):
    ask(store, "one")
    (effect,) = services.lease(store, 1)
    with pytest.raises(EffectNotDead), store_write(store):
        services.revive(effect.id)
    settle(effect, services.hopeless, "never")
    assert facts(store, "one").state == "dead"
    standing.move(timedelta(days=9))
    assert services.lease(store, 1) == []
    with store_write(store):
        services.revive(effect.id)
    (again,) = services.lease(store, 1)
    assert (again.attempts, again.fence) == (1, effect.fence + 1)
    with pytest.raises(NotFound), store_write(store):
        services.revive("eff_unknown")


def test_another_store_cannot_revive_it(store):
    ask(store, "one")
    (effect,) = services.lease(store, 1)
    settle(effect, services.hopeless, "never")
    other = stores.create_store("Coffee").store.id
    with pytest.raises(NotFound), store_write(other):
        services.revive(effect.id)
    with store_read(other):
        assert queries.page() == []


def test_health_and_pages(store, standing):
    ask(store, *"abcd")
    first, second = services.lease(store, 2)
    settle(first, services.finish, {})
    settle(second, services.hopeless, "never")
    services.lease(store, 1)
    standing.move(timedelta(seconds=10))
    with store_read(store):
        health = queries.health()
        assert (health.waiting, health.leased, health.done, health.dead) == (1, 1, 1, 1)
        assert health.oldest_due == NOW
        newest = queries.page(limit=3)
        rest = queries.page(limit=3, starting_after=newest[-1].id)
        assert sorted(e.key for e in [*newest, *rest]) == list("abcd")
        assert [e.key for e in queries.page(state="dead")] == [second.key]
    assert queries.health_of_all() == health


def test_outcomes_of_a_handler(store, standing):
    def handler(effect):
        if effect.key == "later":
            raise TryLater("closed", 60)
        if effect.key == "never":
            raise Hopeless("not that one")
        if effect.key == "bug":
            raise ZeroDivisionError
        return {"said": "yes"}

    gave_up = []
    keys = ["fine", "later", "never", "bug"]
    found = {}
    for key in keys:
        ask(store, key)
        (effect,) = services.lease(store, 1)
        found[key] = runner.carry_out(
            effect, {"coupon.issue": handler}, {"coupon.issue": lambda *told: gave_up.append(told)}
        )
    assert [found[k] for k in keys] == ["done", "later", "refused", "later"]
    assert facts(store, "fine").result == {"said": "yes"}
    assert facts(store, "later").problem == "closed"
    assert facts(store, "bug").problem == "Unexpected ZeroDivisionError."
    assert [(effect.key, why) for effect, why in gave_up] == [("never", "not that one")]


def test_a_kind_without_a_handler_waits_for_a_newer_version(store):
    ask(store, "one", kind="flying.carpet")
    (effect,) = services.lease(store, 1)
    assert runner.carry_out(effect, {}, {}) == "later"
    assert "no handler for 'flying.carpet'" in facts(store, "one").problem


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit(standing):
    store = stores.create_store("Tea").store.id
    rung = []
    services.install_bell(lambda: rung.append(connection.in_atomic_block))
    try:
        ask(store, "one")
        assert rung == [False]
    finally:
        services.install_bell(None)
    ask(store, "two")
    assert rung == [False]


def in_threads(count, work):
    """Run `work(number)` in threads that start together; their connections are closed."""
    start = threading.Barrier(count)

    def run(number):
        try:
            start.wait()
            work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_many_workers_take_each_effect_once(seed, standing):
    """The race: every effect is carried out by exactly one worker, on both databases."""
    made = [stores.create_store(name).store.id for name in ("Tea", "Coffee", "Cake")]
    for store_id in made:
        ask(store_id, *map(str, range(12)))
    taken: Counter[tuple[str, str]] = Counter()
    lock = threading.Lock()

    def work(number):
        order = random.Random(seed * 100 + number)
        while store_ids := queries.stores_with_work():
            for effect in services.lease(order.choice(store_ids), 2):
                with lock:
                    taken[effect.store_id, effect.key] += 1
                settle(effect, services.finish, {})

    in_threads(6, work)
    assert len(taken) == 36
    assert set(taken.values()) == {1}
    assert queries.health_of_all().done == 36


@pytest.mark.django_db(transaction=True)
def test_one_effect_and_many_workers_at_the_same_moment(standing):
    store = stores.create_store("Tea").store.id
    for number in range(10):
        ask(store, str(number))
        won: list[LeasedEffect] = []
        in_threads(4, lambda _, won=won: won.extend(services.lease(store, 1)))
        assert len(won) == 1
        settle(won[0], services.finish, {})


def test_without_the_fence_two_would_believe_that_it_is_theirs(store, monkeypatch):
    """Two workers read the row before either of them wrote. Then the same with a planted bug:
    the write does not look at the fence."""
    ask(store, "real", "planted")
    with scopes_disabled():
        real, planted = Effect.objects.order_by("-key")
        assert services._take(real, NOW)
        assert services._take(real, NOW) is None
        careless = SimpleNamespace(filter=lambda **by: Effect.objects.filter(id=by["id"]))
        monkeypatch.setattr(services, "Effect", SimpleNamespace(objects=careless))
        assert services._take(planted, NOW)
        assert services._take(planted, NOW), "the bug would carry it out twice"
