"""What becomes of a delivery after it was stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from wordmouth.inbox import queries, rules, services, states
from wordmouth.inbox.errors import DeliveryNotFound, NotRepeatable
from wordmouth.inbox.models import Delivery
from wordmouth.inbox.statements import insert, row
from wordmouth.kit import clock
from wordmouth.kit.group_commit import stored_time
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def time():
    with clock.using(clock.SetClock(START)) as set_clock:
        yield set_clock


@pytest.fixture
def store_id(time) -> str:
    return stores.create_store("Teehaus").store.id


def receive(store_id: str, *messages: str) -> list[str]:
    with store_write(store_id):
        return [
            services.receive(store_id, "generic", m, {"webhook-id": m}, m.encode())
            for m in messages
        ]


def claim(store_id: str, limit: int = 100):
    with store_write(store_id):
        return services.claim_batch(store_id, limit)


def act(store_id: str, verb: Any, *arguments: Any) -> None:
    with store_write(store_id):
        verb(*arguments)


def look(store_id: str, key: str):
    with store_read(store_id):
        found = queries.delivery(key)
    assert found is not None
    return found


def test_deliveries_are_claimed_in_the_order_in_which_they_came(store_id):
    keys = receive(store_id, "c", "a", "b")
    assert [d.id for d in claim(store_id)] == keys
    assert [d.body for d in claim(store_id, 2)] == [b"c", b"a"]
    assert claim(store_id)[0].headers == {"webhook-id": "c"}


def test_what_is_settled_is_not_claimed_again(store_id):
    keys = receive(store_id, "a", "b", "c")
    act(store_id, services.settled, [d.seq for d in claim(store_id, 2)])
    assert [d.id for d in claim(store_id)] == keys[2:]
    facts = look(store_id, keys[0])
    assert (facts.state, facts.settled_at) == ("settled", START)


def test_what_is_refused_keeps_the_reason(store_id):
    (key,) = receive(store_id, "a")
    act(store_id, services.refused, claim(store_id)[0].seq, "data.currency: unknown" + "x" * 9000)
    facts = look(store_id, key)
    assert facts.state == "refused"
    assert facts.problem.startswith("data.currency: unknown")
    assert len(facts.problem) == 2000
    assert claim(store_id) == []
    assert queries.stores_with_work() == []


def test_what_fails_is_tried_again_later_and_given_up_at_the_eighth_time(store_id, time):
    (key,) = receive(store_id, "a")
    waits = [5, 30, 120, 600, 1800, 3600, 10800]
    for attempt, wait in enumerate(waits, start=1):
        act(store_id, services.failed, claim(store_id)[0].seq, f"attempt {attempt}")
        facts = look(store_id, key)
        assert (facts.state, facts.attempts) == ("received", attempt)
        assert facts.retry_at == time.at + timedelta(seconds=wait)
        time.move(timedelta(seconds=wait - 1))
        assert claim(store_id) == []
        assert queries.stores_with_work() == []
        time.move(timedelta(seconds=1))
        assert queries.stores_with_work() == [store_id]
    act(store_id, services.failed, claim(store_id)[0].seq, "the last time")
    facts = look(store_id, key)
    assert (facts.state, facts.attempts, facts.problem) == ("dead", 8, "the last time")
    assert rules.MOST_ATTEMPTS == 8
    assert queries.stores_with_work() == []


def test_a_failure_does_not_hold_up_the_others(store_id):
    keys = receive(store_id, "a", "b")
    act(store_id, services.failed, claim(store_id)[0].seq, "not now")
    assert [d.id for d in claim(store_id)] == keys[1:]


def test_refused_and_dead_ones_can_be_repeated_by_hand(store_id):
    (key, other) = receive(store_id, "a", "b")
    act(store_id, services.refused, claim(store_id)[0].seq, "unknown currency")
    act(store_id, services.repeat, key)
    again = claim(store_id)[0]
    assert (again.id, again.attempts) == (key, 0)
    with pytest.raises(NotRepeatable, match="is received"):
        act(store_id, services.repeat, other)
    act(store_id, services.settled, [again.seq])
    with pytest.raises(NotRepeatable, match="is settled"):
        act(store_id, services.repeat, key)
    with pytest.raises(DeliveryNotFound):
        act(store_id, services.repeat, "dlv_none")


def test_only_what_waits_changes_its_state(store_id):
    (key,) = receive(store_id, "a")
    seq = claim(store_id)[0].seq
    act(store_id, services.settled, [seq])
    act(store_id, services.refused, seq, "too late")
    act(store_id, services.failed, seq, "too late")
    assert (look(store_id, key).state, look(store_id, key).problem) == ("settled", "")


def test_every_state_and_move_is_in_the_table():
    assert set(states.MOVES) == {"received", "settled", "refused", "dead"}
    assert states.may_move("received", "settled")
    assert not any(states.may_move("settled", after) for after in states.MOVES)


def test_stores_with_work_are_found_without_counting_deliveries(store_id, time):
    others = [stores.create_store(f"Store {n}").store.id for n in range(5)]
    assert queries.stores_with_work() == []
    for one in (store_id, *others[:3]):
        receive(one, *(f"m{n}" for n in range(20)))
    assert sorted(queries.stores_with_work()) == sorted([store_id, *others[:3]])
    for delivery in claim(others[0]):
        act(others[0], services.failed, delivery.seq, "later")
    assert others[0] not in queries.stores_with_work()


def test_a_delivery_of_another_store_is_not_seen(store_id):
    other = stores.create_store("Kaffeehaus").store.id
    (key,) = receive(store_id, "a")
    with store_read(other):
        assert queries.delivery(key) is None
        assert queries.page() == []
    with store_write(other):
        services.settled([claim_seq(store_id)])
    assert look(store_id, key).state == "received"


def claim_seq(store_id: str) -> int:
    # Sequence numbers are the installation's own; another store may come to know one.
    from django_scopes import scopes_disabled

    with scopes_disabled():
        return Delivery.objects.get(store_id=store_id).seq


def test_pages_go_from_the_newest_to_the_oldest(store_id):
    keys = receive(store_id, *"abcde")
    act(store_id, services.refused, claim(store_id)[1].seq, "no")
    with store_read(store_id):
        first = queries.page(limit=2)
        second = queries.page(limit=2, before=first[-1].seq)
        refused = queries.page(state="refused")
    assert [d.id for d in first + second] == keys[:0:-1]
    assert [(d.id, d.size) for d in refused] == [(keys[1], 1)]


def test_the_backlog_counts_the_whole_installation(store_id, time):
    other = stores.create_store("Kaffeehaus").store.id
    receive(store_id, "a", "b", "c")
    time.move(timedelta(minutes=5))
    receive(other, "a")
    batch = claim(store_id)
    act(store_id, services.settled, [batch[0].seq])
    act(store_id, services.refused, batch[1].seq, "no")
    backlog = queries.backlog()
    assert (backlog.waiting, backlog.refused, backlog.dead) == (2, 1, 0)
    assert backlog.oldest == START


def test_the_doors_statement_writes_what_django_reads(store_id):
    vendor = connection.vendor
    told = row(vendor, store_id, "generic", "dlv_1", {"a": "ä"}, b"\x00\xff", START)
    given = told if vendor == "sqlite" else [[value] for value in told]
    statement = insert(vendor).replace("?", "%s")
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute(statement, given)
    with store_read(store_id):
        (stored,) = Delivery.objects.all()
        assert Delivery.objects.filter(received_at=START).count() == 1
    assert stored.received_at == START
    assert bytes(stored.body or b"") == b"\x00\xff"
    assert (stored.state, stored.attempts, stored.problem) == ("received", 0, "")
    assert (stored.retry_at, stored.settled_at) == (None, None)
    assert claim(store_id)[0].headers == {"a": "ä"}


def test_a_moment_is_stored_in_one_form():
    assert stored_time("sqlite", datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02 00:00:00.000000"
    assert stored_time("postgresql", START) is START


def test_what_waits_is_counted_up_to_a_bound_and_along_its_index(store_id: str) -> None:
    receive(store_id, *(f"m{number}" for number in range(5)))
    with store_write(store_id):
        services.settled([row.seq for row in queries.page(limit=2)])
        assert [queries.waiting(bound) for bound in (2, 3, 10)] == [2, 3, 3]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {queries._WAITING}", [store_id, 10])
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        assert "delivery_waiting" in plan
