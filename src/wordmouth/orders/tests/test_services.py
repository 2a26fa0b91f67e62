"""Taking snapshots: what is stored, what is told, and what leaves no trace."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from wordmouth.kit import events
from wordmouth.orders import queries, services
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.facts import RefundedLine, RefundFacts
from wordmouth.orders.reading import IMPORTED_REFUND
from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, RefundLine, Totals
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


def test_late_news_of_what_was_bought_is_told(store, told) -> None:
    take(store, ORDER)
    older = msgspec.structs.replace(
        ORDER, updated_at=AT - timedelta(hours=1), lines=(Line(id="1", total=5000),)
    )
    (changed,) = take(store, older)
    assert (told[1].before, told[1].order) == (changed, changed)
    assert take(store, older) == []


def test_contents_are_the_lines_and_what_went_back(store, told) -> None:
    card = Line(id="2", product_id="p-7", quantity=2, total=2000, gift_card=True)
    parts = (RefundLine(id="2", quantity=1), RefundLine(id="1", amount=300))
    whole = msgspec.structs.replace(
        ORDER,
        totals=Totals(grand=4900, items=5000, discount=500, shipping=400, gift_card=900),
        lines=(Line(id="1", total=3000), card),
        refunds=(Refund(id="r1", amount=1000, at=AT, lines=parts), Refund(id="r2", amount=50)),
    )
    (taken,) = take(store, whole)
    with store_read(store):
        found = queries.contents([taken.id, "ord_none"])
        shown = queries.snapshot_json("1001")
    contents = found.pop(taken.id)
    assert found == {}
    assert (contents.merchandise, contents.shipping, contents.gift_card) == (4500, 400, 900)
    assert [(one.id, one.total, one.quantity, one.gift_card) for one in contents.lines] == [
        ("1", 3000, 1, False),
        ("2", 2000, 2, True),
    ]
    assert contents.refunds == (
        RefundFacts(
            id="r1",
            amount=1000,
            lines=(
                RefundedLine(id="2", quantity=1, amount=None),
                RefundedLine(id="1", quantity=None, amount=300),
            ),
        ),
        RefundFacts(id="r2", amount=50, lines=()),
    )
    assert shown is not None
    assert shown["totals"]["gift_card"] == 900
    assert shown["refunds"][0]["lines"] == [{"id": "2", "quantity": 1}, {"id": "1", "amount": 300}]


def test_of_an_imported_sum_of_refunds_only_the_rest_is_there_beside_the_shops_own(
    store, told
) -> None:
    def amounts(*refunds: Refund) -> list[tuple[str, int]]:
        (taken,) = take(store, msgspec.structs.replace(ORDER, id=str(len(told)), refunds=refunds))
        with store_read(store):
            return [(one.id, one.amount) for one in queries.contents([taken.id])[taken.id].refunds]

    own, sum_of_all = Refund(id="r1", amount=1000), Refund(id=IMPORTED_REFUND, amount=1500)
    assert amounts(own, sum_of_all) == [("r1", 1000), (IMPORTED_REFUND, 500)]
    assert amounts(own, Refund(id=IMPORTED_REFUND, amount=1000)) == [("r1", 1000)]


def test_a_charge_back_is_a_fact_until_the_shop_has_won(store, told) -> None:
    def later(hours: int, at: datetime | None) -> OrderSnapshot:
        return msgspec.structs.replace(
            ORDER, updated_at=AT + timedelta(hours=hours), charged_back_at=at
        )

    take(store, ORDER)
    assert order(store).undone == ""
    take(store, later(2, None), later(1, AT))
    assert order(store).charged_back_at is None
    take(store, later(3, AT))
    assert (order(store).charged_back_at, order(store).undone) == (AT, "charged_back")


def test_why_nothing_came_of_an_order(store, told) -> None:
    take(store, msgspec.structs.replace(ORDER, cancelled_at=AT))
    assert order(store).undone == "cancelled"
    whole = Refund(id="r2", amount=3900, at=AT)
    take(store, msgspec.structs.replace(ORDER, id="2", refunds=(*ORDER.refunds, whole)))
    with store_read(store):
        second = queries.order("2")
    assert second is not None
    assert second.undone == "refunded"


def test_the_currencies_are_those_of_the_orders(store, told) -> None:
    with store_read(store):
        assert queries.currencies() == set()
    take(store, ORDER, *(msgspec.structs.replace(ORDER, id=f"y{n}", currency="JPY") for n in "12"))
    with store_read(store):
        assert queries.currencies() == {"EUR", "JPY"}


def test_columns_that_somebody_changed_are_seen(store, told) -> None:
    from wordmouth.orders.models import Order

    (taken,) = take(store, ORDER)
    with store_read(store):
        assert queries.misread([taken.id]) == []
        Order.objects.update(refunded=0)
        assert [one.external_id for one in queries.misread([taken.id])] == ["1001"]


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
