"""Every adapter: deliveries are proven, read, and end the same however they arrive."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from tests.shops.bench import Sale, Told
from tests.shops.bench_generic import GenericBench
from tests.shops.conftest import BENCHES, Tried
from wordmouth.inbox.ports import FETCHED, Ping
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.generic.adapter import GenericAdapter
from wordmouth.integrations.ports import ORDER, Parsed, Ref
from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature, new_secret
from wordmouth.people import queries as people
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read


def sold(tried: Tried, **facts: object) -> tuple[Sale, Told]:
    """An order in the shop, and its delivery."""
    sale = Sale(**facts)  # type: ignore[arg-type]
    tried.bench.save(sale)
    return sale, tried.bench.deliveries()[0]


def test_every_adapter_of_the_product_is_on_the_bench_or_speaks_the_generic_format() -> None:
    others = {name for name, it in ADAPTERS.items() if not isinstance(it, GenericAdapter)}
    assert others <= set(BENCHES)


PLUGINS = sorted(
    name
    for name, adapter in ADAPTERS.items()
    if isinstance(adapter, GenericAdapter) and name not in BENCHES
)
"""Speak the generic format by a plug-in of ours. Their own tests walk the plug-in itself through a
running engine."""


@pytest.mark.parametrize("name", PLUGINS)
def test_a_plugin_is_heard_under_its_own_name_and_makes_what_oscars_does(
    name: str, watch: clock.SetClock
) -> None:
    oscars, its = ADAPTERS["oscar"], ADAPTERS[name]
    assert (its.capabilities, its.kinds(None)) == (oscars.capabilities, oscars.kinds(None))
    made = GenericBench(name, its.kinds(None))
    with made.running():
        tried = Tried(made, watch)
        sale, told = sold(tried, paid=True)
        assert tried.take(told)
        tried.settle()
        assert tried.order(sale.id).grand == 8000


def test_a_good_signature_opens_the_door(tried: Tried) -> None:
    sale, told = sold(tried, paid=True)
    assert tried.take(told)
    tried.settle()
    order = tried.order(sale.id)
    assert (order.grand, order.currency) == (8000, "EUR")
    assert order.paid_at is not None
    assert set(tried.states()) == {"settled"}


def test_a_bad_signature_does_not(tried: Tried) -> None:
    _, told = sold(tried)
    now = clock.now()
    wrong = [
        tried.bench.unsigned(told),
        tried.bench.signed(told.body, told, new_secret(), now),
        Told(headers=dict.fromkeys(told.headers, "\ufffd\xa7"), body=told.body),
    ]
    if tried.bench.adapter().capabilities.signed_body:
        wrong += [
            Told(headers=told.headers, body=told.body + b" "),
            Told(headers=told.headers, body=told.body.replace(b"80", b"08", 1)),
        ]
    else:
        assert tried.bench.adapter().capabilities.thin, "what is not proven is never taken over"
    for each in wrong:
        with pytest.raises(BadSignature):
            tried.take(each)
    tried.settle()
    assert tried.states() == {}


def test_an_old_signature_is_refused_where_the_platform_signs_the_time(tried: Tried) -> None:
    _, told = sold(tried)
    tried.pass_time(seconds=301)
    if tried.bench.adapter().capabilities.signed_time:
        with pytest.raises(BadSignature, match="off"):
            tried.take(told)
    else:
        assert tried.take(told) == tried.take(told), "told again it is the same delivery"


def test_both_secrets_open_the_door_while_they_are_changed(tried: Tried) -> None:
    _, told = sold(tried)
    old = tried.connection.secrets[0]
    new = new_secret()
    stores.update_connection(tried.store_id, tried.bench.name, add_secret=new)
    now = clock.now()
    for secret in (old, new):
        assert tried.take(tried.bench.signed(told.body, told, secret, now))
    stores.update_connection(tried.store_id, tried.bench.name, add_secret=new_secret())
    assert tried.take(tried.bench.signed(told.body, told, new, now))
    with pytest.raises(BadSignature):
        tried.take(tried.bench.signed(told.body, told, old, now))


def test_a_delivery_told_again_is_one(tried: Tried) -> None:
    sale, told = sold(tried, paid=True)
    assert len({tried.take(told) for _ in range(3)}) == 1
    tried.settle()
    before = tried.order(sale.id)
    tried.take(told)
    tried.settle()
    assert tried.order(sale.id) == before
    assert tried.count() == 1


def test_what_tells_deliveries_apart_is_what_the_platform_can_be_trusted_with(
    tried: Tried,
) -> None:
    """Either its own ids, or topic and content: some platforms give two deliveries one id, and one
    delivery two."""
    sale, told = sold(tried, paid=True)
    renamed = {
        name: f"{text}9" if name.endswith("-id") else text for name, text in told.headers.items()
    }
    secret, now = tried.connection.secrets[0], clock.now()
    first = tried.take(tried.bench.signed(told.body, told, secret, now))
    other = Told(headers=renamed, body=told.body)
    second = tried.take(tried.bench.signed(told.body, other, secret, now))
    assert (first != second) == tried.bench.adapter().capabilities.event_ids
    tried.settle()
    assert tried.count() == 1
    assert tried.order(sale.id).grand == 8000


def history(tried: Tried) -> tuple[Sale, list[Told]]:
    """An order that is placed, paid, given back in part and given back whole, with what the shop
    sent after each."""
    sale = Sale()
    sent: list[Told] = []
    for refunds, paid in (([], False), ([], True), ([30], True), ([30, 50], True)):
        sale.refunds, sale.paid = [Decimal(amount) for amount in refunds], paid
        tried.bench.save(sale)
        sent += tried.bench.deliveries()
        tried.pass_time(seconds=1)
    return sale, sent


@pytest.mark.parametrize("turn", range(6))
def test_every_order_of_arrival_ends_the_same(tried: Tried, turn: int) -> None:
    sale, sent = history(tried)
    moved = list(permutations(sent))
    for told in moved[turn * (len(moved) - 1) // 5]:
        tried.take(told)
        tried.settle()
    order = tried.order(sale.id)
    assert (order.refunded, order.undone) == (8000, "refunded")
    assert order.paid_at is not None
    assert order.placed_at <= order.paid_at


def test_two_changes_told_together_end_the_same(tried: Tried) -> None:
    apart, sent = history(tried)
    for told in sent:
        tried.take(told)
    tried.settle()
    joined = Sale(paid=True, refunds=[Decimal(30), Decimal(50)])
    tried.bench.save(joined)
    tried.tell()
    assert tried.order(joined.id).refunded == tried.order(apart.id).refunded == 8000


def test_errors_in_the_place_of_a_thing_tell_nothing_and_hold_nobody_up(tried: Tried) -> None:
    sale, good = sold(tried)
    now, secret = clock.now(), tried.connection.secrets[0]
    for number, body in enumerate(tried.bench.errors()):
        headers = {
            name: f"{text}-{number}" if name == "webhook-id" else text
            for name, text in good.headers.items()
        }
        like = Told(headers=headers, body=body)
        assert tried.take(tried.bench.signed(body, like, secret, now))
    tried.take(good)
    tried.settle()
    assert tried.count() == 1
    assert tried.order(sale.id).grand == 8000
    assert tried.states().keys() <= {"settled", "refused"}, "nothing waits, and nothing is dead"


def test_a_ping_is_known_where_the_platform_sends_one(tried: Tried) -> None:
    adapter = tried.bench.adapter()
    ping = tried.bench.ping()
    assert adapter.capabilities.ping == (ping is not None)
    keys = adapter.keys(tried.connection)
    if ping is not None:
        found = adapter.verifier.verify(keys, ping.headers, ping.body, clock.now())
        assert isinstance(found, Ping)
    for body in (b"webhook_id=", b"webhook_id=1&x=2", b"hello", b"{}"):
        with pytest.raises(BadSignature):
            adapter.verifier.verify(keys, {}, body, clock.now())


def test_a_body_tells_the_order_or_what_to_read(tried: Tried) -> None:
    adapter = tried.bench.adapter()
    sale, told = sold(tried, paid=True)
    parsed = adapter.parse(told.headers, told.body)
    if adapter.capabilities.thin:
        assert [ref.id for ref in parsed.refetch] == [sale.id]
    else:
        assert [order.id for order in parsed.orders] == [sale.id]
        assert not parsed.refetch
    api = adapter.api(tried.connection)
    if api is not None:
        found = api.fetch(Ref(kind=ORDER, id=sale.id))
        assert found is not None
        read = adapter.parse({FETCHED: found.kind}, found.body)
        assert [order.id for order in read.orders] == [sale.id]
        assert not read.refetch, "what was read at the shop is never to be read again"


def test_a_refund_of_a_part_and_of_all(tried: Tried) -> None:
    sale = Sale(paid=True)
    tried.bench.save(sale)
    tried.tell()
    for refunds, refunded, undone in (([30], 3000, ""), ([30, 50], 8000, "refunded")):
        tried.pass_time(minutes=1)
        sale.refunds = [Decimal(amount) for amount in refunds]
        tried.bench.save(sale)
        tried.tell()
        tried.settle()
        order = tried.order(sale.id)
        assert (order.refunded, order.undone) == (refunded, undone)


def test_a_cancelled_order_is_undone(tried: Tried) -> None:
    sale = Sale()
    tried.bench.save(sale)
    tried.tell()
    tried.pass_time(minutes=1)
    sale.cancelled = True
    tried.bench.save(sale)
    tried.tell()
    assert tried.order(sale.id).undone == "cancelled"


def test_a_guest_is_known_by_the_address_and_a_customer_by_the_account_too(tried: Tried) -> None:
    guest = Sale(email="guest@example.com")
    member = Sale(email="member@example.com", customer="42")
    again = Sale(email="other@example.com", customer="42")
    for sale in (guest, member, again):
        tried.bench.save(sale)
        tried.tell()
    bought = [tried.order(sale.id).person_id for sale in (guest, member, again)]
    assert None not in bought
    assert bought[0] != bought[1] == bought[2]
    with store_read(tried.store_id):
        known = people.persons([name for name in bought if name])
    assert known[str(bought[0])].email == "guest@example.com"


@pytest.mark.parametrize(
    ("currency", "total", "minor"),
    [("EUR", "0", 0), ("JPY", "4980", 4980), ("KWD", "12.345", 12345), ("EUR", "19.99", 1999)],
)
def test_amounts_are_minor_units_of_their_currency(
    tried: Tried, currency: str, total: str, minor: int
) -> None:
    sale = Sale(currency=currency, total=Decimal(total), paid=True)
    tried.bench.save(sale)
    tried.tell()
    order = tried.order(sale.id)
    assert (order.grand, order.items, order.currency) == (minor, minor, currency)


def test_codes_of_an_order_are_told_in_capitals(tried: Tried) -> None:
    sale = Sale(code="ANA-7K3Q9X")
    tried.bench.save(sale)
    tried.tell()
    assert tried.order(sale.id).codes == ("ANA-7K3Q9X",)


def test_nothing_but_a_bad_delivery_is_raised_for_any_body(tried: Tried) -> None:
    adapter = tried.bench.adapter()
    _, told = sold(tried, paid=True, code="ANA-7K3Q9X")
    problems = []
    for end in range(0, len(told.body), 7):
        for body in (told.body[:end], told.body[:end] + b"\x00" + told.body[end:]):
            try:
                told_by = adapter.parse(told.headers, body)
            except BadDelivery as error:
                problems.append(str(error))
            else:
                assert isinstance(told_by, Parsed)
    assert problems
    assert all(problems)


def test_time_stands_in_every_order(tried: Tried) -> None:
    sale = Sale()
    tried.bench.save(sale)
    tried.tell()
    tried.pass_time(hours=2)
    sale.paid = True
    tried.bench.save(sale)
    tried.tell()
    order = tried.order(sale.id)
    assert order.paid_at is not None
    assert abs(order.paid_at - clock.now()) < timedelta(minutes=1)
    assert order.updated_at <= clock.now() + timedelta(seconds=1)
