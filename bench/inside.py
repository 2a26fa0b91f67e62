"""What is done with the product's own code, in a process of its own with a database of its own.

`python -m bench.inside migrate` makes the tables, `python -m bench.inside set-up CODES` the stores.
`python -m bench.inside settle STORE` reads from standard input for how many seconds it shall settle
each time, and how many batches at most.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import msgspec

from bench.orders import code
from bench.traffic import Shop

_PROGRAM = """\
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
_TOGETHER = 5000


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What one go of settling did: deliveries, and how many and how long in each batch."""

    seconds: float
    cpu: float
    batches: list[tuple[int, float]]


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """How long to settle at most, and how many batches."""

    seconds: float
    batches: int = sys.maxsize


def set_up(codes: int) -> Shop:
    """A store to drive and a store to settle, with a live programme and so many codes each.

    The second store has the same codes with an S in front: a code leads to one store only.
    """
    from wordmouth.stores import services as stores

    made = stores.create_store("Teehaus", shop_url="https://teehaus.example/")
    back = stores.create_store("Kontor", shop_url="https://kontor.example/")
    _advocates(made.store.id, codes, "")
    _advocates(back.store.id, codes, "S")
    return Shop(store=made.store.id, secret=made.webhook_secret, back=back.store.id, codes=codes)


def _advocates(store_id: str, codes: int, prefix: str) -> None:
    """Enrol one advocate, then as many like her, with rows of their own, as there are codes."""
    from wordmouth.advocates import services as advocates
    from wordmouth.people.snapshot import CustomerSnapshot
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_toml
    from wordmouth.stores.transactions import store_write

    with store_write(store_id):
        programs.apply_document(parse_toml(_PROGRAM), by="bench")
        ana = advocates.enrol(store_id, CustomerSnapshot(email="ana@example.com"))
    for first in range(0, codes, _TOGETHER):
        numbers = range(first, min(first + _TOGETHER, codes))
        with store_write(store_id):
            _clone(ana.id, [prefix + code(number) for number in numbers])


def _clone(advocate_id: str, codes: list[str]) -> None:
    from wordmouth.kit.ids import new_id

    people = [new_id("per") for _ in codes]
    members = [new_id("adv") for _ in codes]
    person = _row("people_person", "id = (SELECT person_id FROM advocates_advocate "
                  f"WHERE id = '{advocate_id}')")  # fmt: skip
    member = _row("advocates_advocate", f"id = '{advocate_id}'")
    named = _row("advocates_referralcode", f"advocate_id = '{advocate_id}'")
    mails = [f"{each.lower()}@advocates.example" for each in codes]
    _insert("people_person", person, id=people, root_id=people, email=mails)
    _insert("advocates_advocate", member, id=members, person_id=people, code=codes)
    _insert("advocates_referralcode", named, code=codes, advocate_id=members)


def _row(table: str, where: str) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {where}")
        found = cursor.fetchone()
        return dict(zip([each[0] for each in cursor.description], found, strict=True))


def _insert(table: str, like: dict[str, Any], **own: list[str]) -> None:
    from django.db import connection

    count = len(next(iter(own.values())))
    columns = [own.get(name) or [value] * count for name, value in like.items()]
    marks = ", ".join(["%s"] * len(like))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(like)}) VALUES ({marks})",
            list(zip(*columns, strict=True)),
        )


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
