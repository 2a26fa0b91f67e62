"""Taking snapshots: what is stored, what is told, and what leaves no trace."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from wordmouth.kit import events
from wordmouth.orders import queries, services
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.snapshot import OrderSnapshot, Refund, Totals
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

pytestmark = pytest.mark.django_db

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
ORDER = OrderSnapshot(
    id="1001",
    number="#1001",
    updated_at=AT,
    placed_at=AT - timedelta(minutes=2),
    paid_at=AT.replace(microsecond=0),
    cancelled_at=None,
    currency="EUR",
    totals=Totals(grand=4900, items=5000, discount=500, shipping=400, tax=0),
    customer=CustomerSnapshot(id="c-17", email="ana@example.com"),
    discount_codes=("TEA", "ANA-7K3Q9X"),
    refunds=(Refund(id="r1", amount=1000, at=AT),),
    country="EE",
)


@pytest.fixture
def store() -> str:
    return stores.create_store("Tea House").store.id


@pytest.fixture
def told(monkeypatch) -> list[OrderChanged]:
    """The events of orders, instead of what would follow from them."""
    heard: list[OrderChanged] = []
    monkeypatch.setattr(events, "_table", {OrderChanged: [heard.extend]})
    return heard


def take(store: str, *snapshots: OrderSnapshot, **named):
    with store_write(store):
        return services.take(store, snapshots, **named)


def order(store: str):
    with store_read(store):
        return queries.order("1001")


def test_what_is_taken_is_what_is_read(store, told) -> None:
    (answer,) = take(store, ORDER, imported=True)
    stored = order(store)
    assert stored == answer
    assert (stored.codes, stored.refunded, stored.merchandise) == (
        ("ANA-7K3Q9X", "TEA"),
        1000,
        4500,
    )
    assert (stored.placed_at, stored.paid_at) == (ORDER.placed_at, ORDER.paid_at)
    assert stored.person_id is not None
    (event,) = told
    assert (event.order, event.before, event.imported) == (stored, None, True)


def test_the_same_again_leaves_no_trace(store, told) -> None:
    take(store, ORDER)
    assert take(store, ORDER, ORDER) == []
    assert len(told) == 1


def test_an_older_snapshot_that_says_nothing_new_is_kept_but_not_told(store, told) -> None:
    take(store, ORDER)
    before = order(store)
    take(store, msgspec.structs.replace(ORDER, updated_at=AT - timedelta(days=1)))
    assert order(store) == before
    assert len(told) == 1


def test_a_change_tells_what_was_before(store, told) -> None:
    take(store, ORDER)
    before = order(store)
    later = msgspec.structs.replace(
        ORDER, updated_at=AT + timedelta(hours=1), fulfilled_at=AT, discount_codes=("TEA",)
    )
    (changed,) = take(store, later)
    assert changed == order(store)
    assert (changed.id, changed.fulfilled_at) == (before.id, AT)
    assert told[1].before == before
    with store_read(store):
        assert list(queries.orders_with_codes(["TEA", "ANA-7K3Q9X"])) == ["TEA"]


def test_codes_lead_to_the_order(store, told) -> None:
    take(store, ORDER)
    with store_read(store):
        found = queries.orders_with_codes(["ANA-7K3Q9X", "TEA", "NONE"])
    assert {code: [each.external_id for each in some] for code, some in found.items()} == {
        "ANA-7K3Q9X": ["1001"],
        "TEA": ["1001"],
    }


def test_several_snapshots_of_one_order_end_as_one(store, told) -> None:
    later = msgspec.structs.replace(ORDER, updated_at=AT + timedelta(hours=1), delivered_at=AT)
    assert len(take(store, later, ORDER)) == 1
    assert order(store).delivered_at == AT
    assert [event.before for event in told] == [None]


def test_the_buyer_may_become_known_later(store, told) -> None:
    take(store, msgspec.structs.replace(ORDER, customer=None))
    assert order(store).person_id is None
    take(store, ORDER)
    assert order(store).person_id is not None
    assert len(told) == 2


def test_the_first_moment_stays(store, told) -> None:
    from wordmouth.orders.models import Order

    def first_seen():
        with store_read(store):
            return Order.objects.values_list("id", "first_seen_at").get()

    take(store, ORDER)
    before = first_seen()
    take(store, msgspec.structs.replace(ORDER, updated_at=AT + timedelta(hours=1), number="#2"))
    assert first_seen() == before
    assert order(store).number == "#2"
