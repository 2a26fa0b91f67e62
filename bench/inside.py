"""What is done with the product's own code, in a process of its own with a database of its own.

`python -m bench.inside migrate` makes the tables, `python -m bench.inside set-up CODES` the stores.
`python -m bench.inside settle STORE` reads from standard input for how many seconds it shall settle
each time, and how many batches at most.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta
from typing import Any

import msgspec

from bench.databases import Connection, connected
from bench.orders import code
from bench.traffic import OTHER_PREFIX, Shop

PROGRAM = """\
slug = "give-10-get-10"
name = "Give 10, get 10"
status = "live"
attribution_days = 90
[eligibility]
friend = "new_customers"
min_order = 3000
currency = "EUR"
[hold]
after = "delivered"
days = 14
fallback_days = 30
[[offers]]
key = "control"
weight = 1
friend = {kind = "percent_off", value = 10, expires_days = 30}
[[offers.advocate]]
schedule = "each"
kind = "amount_off"
value = 1000
[limits]
per_advocate = {count = 20, days = 365}
[fraud]
preset = "moderate"
"""
_FOR = timedelta(days=365)
"""How long the programme has been live: orders are judged by when they were placed."""
_TOGETHER = 10_000
_TABLES = ("people_person", "advocates_advocate", "advocates_referralcode")


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What one go of settling did: deliveries, and how many and how long in each batch."""

    seconds: float
    cpu: float
    batches: list[tuple[int, float]]


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """How long to settle at most, and how many batches."""

    seconds: float
    batches: int = sys.maxsize


def set_up(codes: int, document: str = PROGRAM) -> Shop:
    """A store to drive and a store to settle, with a live programme and so many codes each.

    The second store has the same codes with OTHER_PREFIX in front.
    """
    from wordmouth.stores import services as stores

    made = stores.create_store("Teehaus", shop_url="https://teehaus.example/")
    back = stores.create_store("Kontor", shop_url="https://kontor.example/")
    for store in (made.store, back.store):
        _enrol(store.id, document)
    with connected(os.environ["DATABASE_URL"]) as connection:
        first = {table: _rows(connection, table) for table in _TABLES}
        for store_id, prefix in ((made.store.id, ""), (back.store.id, OTHER_PREFIX)):
            like = {table: rows[store_id] for table, rows in first.items()}
            for start in range(0, codes, _TOGETHER):
                numbers = range(start, min(start + _TOGETHER, codes))
                _clone(connection, like, [prefix + code(number) for number in numbers])
    return Shop(
        store=made.store.id,
        secret=made.webhook_secret,
        back=back.store.id,
        back_secret=back.webhook_secret,
        codes=codes,
    )


def _enrol(store_id: str, document: str) -> None:
    """A live programme with one advocate, by the product's own verbs."""
    from wordmouth.advocates import services as advocates
    from wordmouth.kit import clock
    from wordmouth.people.snapshot import CustomerSnapshot
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_toml
    from wordmouth.stores.transactions import store_write

    then = clock.SetClock(clock.now() - _FOR)
    with clock.using(then), store_write(store_id):
        programs.apply_document(parse_toml(document), by="bench")
        advocates.enrol(store_id, CustomerSnapshot(email="ana@example.com"))


def _rows(connection: Connection, table: str) -> dict[str, dict[str, Any]]:
    """The one row of each store."""
    names, _ = connection.columns()[table]
    rows = [dict(zip(names, row, strict=True)) for row in connection.rows(table, names)]
    return {row["store_id"]: row for row in rows}


def _clone(connection: Connection, like: dict[str, dict[str, Any]], codes: list[str]) -> None:
    """One more advocate for each of these codes, like the one there is, with rows of her own."""
    from wordmouth.kit.ids import new_id

    people = [new_id("per") for _ in codes]
    members = [new_id("adv") for _ in codes]
    mails = [f"{each.lower()}@advocates.example" for each in codes]
    own = {
        "people_person": {"id": people, "root_id": people, "email": mails},
        "advocates_advocate": {"id": members, "person_id": people, "code": codes},
        "advocates_referralcode": {"code": codes, "advocate_id": members},
    }
    connection.begin()
    for table, given in own.items():
        columns = [given.get(name) or [value] * len(codes) for name, value in like[table].items()]
        connection.insert(table, list(like[table]), zip(*columns, strict=True))
    connection.commit()


def settle(store_id: str, go: Go) -> Settled:
    """Settle batches of a store until the time is over or none waits."""
    from wordmouth.project.settle import settle_store

    batches: list[tuple[int, float]] = []
    began, cpu = time.perf_counter(), time.process_time()
    last = began
    while last - began < go.seconds and len(batches) < go.batches:
        count = settle_store(store_id)
        now = time.perf_counter()
        if not count:
            break
        batches.append((count, now - last))
        last = now
    return Settled(seconds=last - began, cpu=time.process_time() - cpu, batches=batches)


def main() -> None:
    """Do what the command line says; results go to standard output, one JSON in a line."""
    from wordmouth.project.serve import prepare

    verb, *arguments = sys.argv[1:]
    prepare()
    if verb == "set-up":
        _tell(set_up(int(arguments[0])))
    if verb != "settle":
        return
    for line in sys.stdin.buffer:
        _tell(settle(arguments[0], msgspec.json.decode(line, type=Go)))


def _tell(result: object) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
