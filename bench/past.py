"""A big past, made in minutes: `python -m bench.past` with a size on standard input.

A small sample is really settled; all else is copied from it. Rewards and postings are copied here,
not in the database: each posting is sealed and chained to the one before it.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from bench import inbox, inside
from bench.books import Books, promise
from bench.building import finish, hurry
from bench.copies import MEMBERS, MOST_COPIES, ORDERS, STORES, Copier, tag
from bench.databases import Connection, connected
from bench.orders import code
from bench.traffic import OTHER_PREFIX, Shop

_AGO = timedelta(days=29)
"""When the orders of the past were placed: their holds are not over yet."""
_SAMPLE = 100
_UP_TO_THE_LIMIT = 20
"""So many friends bring an advocate to the programme's limit."""
_TOGETHER = 1000
_CLICKS = "INSERT INTO visits_visit (store_id, advocate_id, click, channel, at) "


class Size(msgspec.Struct, frozen=True, kw_only=True):
    """How big a past is. `share` of the orders, codes and visits belong to one store, the others
    to all others alike. With `friends` all orders that name a code, so many, name the same one."""

    orders: int = 0
    visits: int = 0
    stores: int = 2
    codes: int = _SAMPLE
    share: float = 0.9
    friends: int = 0
    limited: bool = True


def make(size: Size) -> Shop:
    """Make the stores and their past in an empty database; the shop is the one with most of it."""
    if max(size.orders, size.friends) > MOST_COPIES * _SAMPLE:
        raise SystemExit(f"at most {MOST_COPIES * _SAMPLE:,} orders")
    document = inside.PROGRAM if size.limited else _without_limits(inside.PROGRAM)
    growing = size.orders > 0
    known = max(size.codes * _SAMPLE // size.orders, 1) if growing else size.codes
    made = inside.set_up(known, document)
    wide = known * (1 + round(size.share * (size.orders // _SAMPLE - 1))) if growing else known
    shop = Shop(
        store=made.back,
        secret=made.back_secret,
        back=made.back,
        back_secret=made.back_secret,
        codes=1 if size.friends else wide,
        prefix=OTHER_PREFIX,
    )
    if growing or size.friends:
        with connected(os.environ["DATABASE_URL"]) as connection:
            _Past(connection, size, shop, known).make()
    return shop


def _without_limits(document: str) -> str:
    return document.replace("[limits]\nper_advocate = {count = 20, days = 365}\n", "")


class _Past:
    """The past of one database while it is made."""

    def __init__(self, connection: Connection, size: Size, shop: Shop, known: int) -> None:
        self._connection, self._size = connection, size
        self._store, self._known = shop.back, known

    def make(self) -> None:
        """The sample, then its copies, then what was clicked."""
        copier = Copier(self._connection, self._store)
        if self._size.friends:
            self._befriend(copier)
        else:
            self._grow(copier)
        self._visit()
        finish(self._connection)

    def _settle(
        self, orders: int, codes: int, step: int = 1, earlier: timedelta = timedelta()
    ) -> None:
        """Settle so many orders; with a `step` of 2 every one of them names a code."""
        placed = datetime.now(UTC) - _AGO - earlier
        told, _ = inbox.counts(self._connection, self._store)
        vendor = self._connection.vendor
        source = inbox.rows(vendor, self._store, codes, told * step, placed=placed)
        self._connection.begin()
        some = islice(source, step - 1, orders * step, step)
        self._connection.insert("inbox_delivery", inbox.COLUMNS, some)
        self._connection.commit()
        done = inside.settle(self._store, inside.Go(seconds=3600))
        assert sum(count for count, _ in done.batches) == orders, "the whole sample is settled"

    def _hurry(self) -> None:
        """All that the product has to do is done: from now on nobody else uses the database."""
        from django.db import connections

        connections.close_all()
        hurry(self._connection)

    def _grow(self, copier: Copier) -> None:
        """Copies with advocates of their own, most of them in one store."""
        self._settle(_SAMPLE, self._known)
        self._hurry()
        size, number = self._size, self._size.orders // _SAMPLE - 1
        here = round(size.share * number)
        others = max(size.stores - 2, 1)
        stores = [(k, tag(k)) for k in range(1, others + 1)]
        numbers = [
            (k, "" if k <= here else tag((k - here - 1) % others + 1)) for k in range(1, number + 1)
        ]
        self._tell_codes(number)
        copier.keep(STORES)
        copier.copy(STORES, [(k, store) for k, store in stores], 2)
        tables = (*MEMBERS, *ORDERS)
        copier.keep(tables)
        copier.copy(tables, numbers, _SAMPLE)
        self._rewards(numbers)

    def _tell_codes(self, copies_: int) -> None:
        """Each copy has the next codes."""
        known = [OTHER_PREFIX + code(number) for number in range(self._known)]
        for first in range(0, copies_ + 1, _TOGETHER):
            self._connection.begin()
            self._connection.insert(
                "copy_code",
                ("k", "old", "new"),
                (
                    (str(k), old, OTHER_PREFIX + code(k * self._known + number))
                    for k in range(first, min(first + _TOGETHER, copies_ + 1))
                    for number, old in enumerate(known)
                ),
            )
            self._connection.commit()

    def _befriend(self, copier: Copier) -> None:
        """Copies of friends of one advocate; where there is a limit, of those beyond it."""
        if self._size.limited:
            self._settle(_UP_TO_THE_LIMIT, 1, step=2, earlier=timedelta(hours=1))
            copier.leave_out(ORDERS)
        self._settle(_SAMPLE, 1, step=2)
        self._hurry()
        numbers = [(k, "") for k in range(1, self._size.friends // _SAMPLE)]
        copier.keep(ORDERS)
        copier.copy(ORDERS, numbers, _SAMPLE)
        if not self._size.limited:
            self._rewards(numbers)

    def _rewards(self, numbers: list[tuple[int, str]]) -> None:
        ids = {key for (key,) in self._connection.read("SELECT id FROM copy_id")}
        Books(self._connection, self._store, ids).copy(numbers)
        promise(self._connection)

    def _visit(self) -> None:
        """So many visits: of every advocate as many, as there are."""
        ((members,),) = self._connection.read("SELECT count(*) FROM advocates_advocate")
        full, rest = divmod(self._size.visits, members)
        for limit in [members] * full + [rest]:
            self._connection.begin()
            self._connection.change(
                f"{_CLICKS}SELECT a.store_id, a.id, 'clk_before', '', a.joined_at "
                "FROM advocates_advocate a LIMIT ?",
                [(limit,)],
            )
            self._connection.commit()


def main() -> None:
    """Make what standard input asks for, and tell its shop."""
    from wordmouth.project.serve import prepare

    prepare()
    size = msgspec.json.decode(sys.stdin.buffer.read(), type=Size)
    sys.stdout.buffer.write(msgspec.json.encode(make(size)))


if __name__ == "__main__":
    main()
