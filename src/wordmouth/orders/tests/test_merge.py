"""Merging snapshots: any order, any repetition, any grouping ends in the same order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from wordmouth.orders.contents import contents_of
from wordmouth.orders.merge import Merged, merge, pack, told_by, unpack
from wordmouth.orders.reading import columns
from wordmouth.orders.snapshot import (
    Attribution,
    Line,
    OrderSnapshot,
    Refund,
    RefundLine,
    Totals,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 5).map(lambda s: START + timedelta(seconds=s))
told = st.one_of(st.none(), moments, st.just(UNSET))
refunds = st.lists(
    st.builds(
        Refund,
        id=st.sampled_from("abc"),
        amount=st.integers(1, 900),
        at=moments,
        lines=st.lists(
            st.builds(RefundLine, id=st.sampled_from("12"), quantity=st.none() | st.integers(1, 3)),
            max_size=2,
        ).map(tuple),
    ),
    max_size=2,
    unique_by=lambda refund: refund.id,
).map(tuple)
snapshots = st.builds(
    OrderSnapshot,
    id=st.just("1"),
    updated_at=moments,
    currency=st.sampled_from(["EUR", "JPY"]),
    totals=st.builds(Totals, grand=st.integers(0, 9000), items=st.none() | st.integers(0, 9000)),
    placed_at=told,
    paid_at=told,
    delivered_at=told,
    cancelled_at=told,
    charged_back_at=told,
    lines=st.just(UNSET)
    | st.lists(
        st.builds(
            Line, id=st.sampled_from("12"), total=st.integers(0, 900), gift_card=st.booleans()
        ),
        max_size=2,
    ).map(tuple),
    discount_codes=st.just(UNSET) | st.lists(st.sampled_from("XYZ")).map(tuple),
    refunds=refunds,
    attribution=st.just(UNSET) | st.none() | st.builds(Attribution, token=st.just("t")),
)


def merged(*snapshots: OrderSnapshot) -> Merged:
    known: Merged | None = None
    for snapshot in snapshots:
        known = merge(known, told_by(snapshot))
    assert known is not None
    return known


@given(st.lists(snapshots, min_size=1, max_size=4))
def test_every_order_of_arrival_ends_the_same(news: list[OrderSnapshot]) -> None:
    expected = pack(merged(*news))
    for shuffled in permutations(news):
        assert pack(merged(*shuffled)) == expected


@given(st.lists(snapshots, min_size=1, max_size=4), st.data())
def test_telling_again_changes_nothing(news: list[OrderSnapshot], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(news)))
    assert pack(merged(*news, *again)) == pack(merged(*news))


@given(st.lists(snapshots, min_size=3, max_size=3))
def test_grouping_does_not_matter(news: list[OrderSnapshot]) -> None:
    one, two, three = map(told_by, news)
    assert pack(merge(merge(one, two), three)) == pack(merge(one, merge(two, three)))


@given(st.lists(snapshots, min_size=1, max_size=3))
def test_what_is_packed_is_read_back(news: list[OrderSnapshot]) -> None:
    known = merged(*news)
    assert columns(unpack(pack(known))) == columns(known)
    assert contents_of(unpack(pack(known))) == contents_of(known)
    assert pack(unpack(pack(known))) == pack(known)


def snapshot(second: int, **told: object) -> OrderSnapshot:
    return OrderSnapshot(
        id="1",
        updated_at=START + timedelta(seconds=second),
        currency="EUR",
        totals=Totals(grand=1000),
        **told,  # type: ignore[arg-type]
    )


def test_an_older_snapshot_changes_nothing_but_what_it_alone_knows() -> None:
    newer = snapshot(2, paid_at=None, number="#1")
    older = snapshot(
        1, paid_at=START, delivered_at=START, refunds=(Refund(id="r1", amount=100),), number="#0"
    )
    read = columns(merged(newer, older))
    assert read["paid_at"] is None
    assert read["number"] == "#1"
    assert read["delivered_at"] == START
    assert read["refunded"] == 100


def test_of_two_snapshots_of_one_moment_the_one_with_more_done_is_the_later() -> None:
    placed, paid = snapshot(1, paid_at=None), snapshot(1, paid_at=START)
    assert columns(merged(paid, placed))["paid_at"] == START
    assert columns(merged(placed, paid))["paid_at"] == START


def test_a_cancellation_can_be_taken_back() -> None:
    read = columns(merged(snapshot(1, cancelled_at=START), snapshot(2, cancelled_at=None)))
    assert read["cancelled_at"] is None


def test_a_refund_is_read_with_the_lines_that_the_newest_news_of_it_told() -> None:
    plain = snapshot(1, refunds=(Refund(id="r1", amount=300),))
    named = snapshot(2, refunds=(Refund(id="r1", amount=300, lines=(RefundLine(id="1"),)),))
    for news in permutations([plain, named]):
        (refund,) = contents_of(merged(*news)).refunds
        assert [part.id for part in refund.lines] == ["1"]


def test_a_refund_counts_once_and_is_never_forgotten() -> None:
    first = snapshot(1, refunds=(Refund(id="r1", amount=300),))
    second = snapshot(2, refunds=(Refund(id="r2", amount=200),))
    assert columns(merged(first, second, first))["refunded"] == 500


def test_codes_are_read_in_capitals_and_the_goods_sum_follows_from_the_others() -> None:
    read = columns(merged(snapshot(1, discount_codes=(" ana-1 ", "ANA-1"))))
    assert read["codes"] == ("ANA-1",)
    assert read["items"] == 1000
