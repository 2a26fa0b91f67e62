"""Orders out of a file: each row becomes a snapshot, or a problem with its line. Pure.

A row without an id gets one that follows from its content and from how often the same content
stood in the file before: the same file gives the same ids every time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from wordmouth.kit.errors import WordmouthError
from wordmouth.orders.importing import rows, values
from wordmouth.orders.importing.columns import Layout, layout
from wordmouth.orders.importing.values import BadValue, Standing
from wordmouth.orders.reading import IMPORTED_REFUND
from wordmouth.orders.snapshot import OrderSnapshot, Refund, Totals
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email
from wordmouth.people.snapshot import CustomerSnapshot

LONGEST_ID = 120
Decode = Callable[[bytes], OrderSnapshot]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is to be read. `form` is csv or jsonl; `columns` names them where the file has
    no header; `unpaid` leaves orders unpaid whose payment the file does not tell."""

    form: str
    currency: str
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    header: bool = True
    mapping: dict[str, str] = {}
    date_format: str | None = None
    minor: bool = False
    unpaid: bool = False
    encoding: str = "utf-8"


class Read(NamedTuple):
    """One record: an order, a problem, or neither (another line of the order before).

    `number` counts records from 1, `read` bytes of the file up to its end.
    """

    number: int
    line: int
    read: int
    order: OrderSnapshot | None
    problem: str = ""


def columns_of(path: Path, options: Options) -> Layout:
    """Which column is which. Raises BadColumns, BadFile."""
    if options.columns:
        return layout(options.columns, options.mapping)
    first = next(rows.table_rows(path, options.delimiter, options.encoding), None)
    if first is None:
        raise rows.BadFile("The file is empty.")
    if not options.header:
        names = ", ".join(f"column {n}" for n in range(1, len(first.cells) + 1))
        raise rows.BadFile(
            f"Without a header the columns are named with --columns; it has {names}."
        )
    return layout(first.cells, options.mapping)


def read(path: Path, options: Options, decode: Decode) -> Iterator[Read]:
    """Everything in the file, in order. `decode` reads a JSON snapshot and raises WordmouthError.

    Raises BadColumns, BadFile.
    """
    if options.form == "jsonl":
        return _read_json(path, options, decode)
    return _read_table(path, options, columns_of(path, options))


def _read_json(path: Path, options: Options, decode: Decode) -> Iterator[Read]:
    for number, (line, content, done) in enumerate(rows.json_lines(path), 1):
        try:
            order = decode(content)
        except WordmouthError as error:
            yield Read(number, line, done, None, error.detail)
            continue
        if order.paid_at is UNSET and not options.unpaid:
            paid_at = order.placed_at if order.placed_at else order.updated_at
            order = msgspec.structs.replace(order, paid_at=paid_at)
        yield Read(number, line, done, order)


def _read_table(path: Path, options: Options, columns: Layout) -> Iterator[Read]:
    maker = _Maker(options, columns)
    found = rows.table_rows(path, options.delimiter, options.encoding)
    if options.header:
        next(found, None)
    for number, row in enumerate(found, 1):
        try:
            order = maker.order(row.cells)
        except BadValue as problem:
            yield Read(number, row.line, row.read, None, str(problem))
        else:
            yield Read(number, row.line, row.read, order)


class _Maker:
    """Makes orders of rows, remembering what stood before."""

    def __init__(self, options: Options, columns: Layout) -> None:
        self._options = options
        self._places = list(columns.places.items())
        self._width = len(columns.names)
        self._has = frozenset(columns.places)
        self._seen: dict[bytes, int] = {}
        self._last = ""

    def order(self, cells: list[str]) -> OrderSnapshot | None:
        """The order of a row; None where the row is another line of the order before."""
        if len(cells) != self._width:
            raise BadValue(f"it has {len(cells)} cells where the file has {self._width} columns")
        cell = {field: cells[place] for field, place in self._places if cells[place]}
        name = cell.get("id") or cell.get("number") or ""
        if "grand" not in cell and name and name == self._last:
            return None
        self._last = cell.get("number", name) if "id" in cell else name
        order_id = self._id(cell)
        for field in ("placed_at", "grand"):
            if field not in cell:
                raise BadValue(f"{field} is empty")
        return self._snapshot(order_id, cell)

    def _id(self, cell: Mapping[str, str]) -> str:
        given = cell.get("id")
        if given is not None:
            if len(given) > LONGEST_ID:
                raise BadValue(f"the id is longer than {LONGEST_ID} characters")
            return given
        if "id" in self._has:
            raise BadValue("id is empty")
        content = "\0".join(f"{field}={value}" for field, value in cell.items())
        digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=10).digest()
        times = self._seen[digest] = self._seen.get(digest, 0) + 1
        return f"row-{digest.hex()}" + (f"-{times}" if times > 1 else "")

    def _snapshot(self, order_id: str, cell: Mapping[str, str]) -> OrderSnapshot:
        currency = values.currency_code(cell.get("currency", self._options.currency))
        totals = self._totals(cell, currency)
        standing = values.standing(cell["status"]) if "status" in cell else None
        placed_at = values.moment(cell["placed_at"], self._options.date_format)
        fulfilled_at = self._moment(cell, "fulfilled_at")
        delivered_at = self._moment(cell, "delivered_at")
        cancelled_at = self._moment(cell, "cancelled_at")
        if standing and standing.cancelled and cancelled_at is UNSET:
            cancelled_at = placed_at
        charged_back_at = self._moment(cell, "charged_back_at")
        if standing and standing.charged_back and charged_back_at is UNSET:
            charged_back_at = placed_at
        paid_at = self._paid_at(cell, standing, placed_at)
        times = (placed_at, paid_at, fulfilled_at, delivered_at, cancelled_at, charged_back_at)
        known = [at for at in times if isinstance(at, datetime)]
        updated = self._moment(cell, "updated_at")
        return OrderSnapshot(
            id=order_id,
            number=cell.get("number", UNSET),
            updated_at=updated if isinstance(updated, datetime) else max(known),
            placed_at=placed_at,
            paid_at=paid_at,
            fulfilled_at=fulfilled_at,
            delivered_at=delivered_at,
            cancelled_at=cancelled_at,
            charged_back_at=charged_back_at,
            currency=currency,
            totals=totals,
            customer=_customer(cell),
            discount_codes=_codes(cell["code"]) if "code" in cell else UNSET,
            refunds=self._refunds(cell, currency, totals, standing),
            country=_country(cell.get("country", "")),
        )

    def _moment(self, cell: Mapping[str, str], field: str) -> datetime | UnsetType:
        text = cell.get(field)
        return values.moment(text, self._options.date_format) if text else UNSET

    def _paid_at(
        self, cell: Mapping[str, str], standing: Standing | None, placed_at: datetime
    ) -> datetime | UnsetType | None:
        told = self._moment(cell, "paid_at")
        if told is not UNSET:
            return told
        if standing is not None:
            return placed_at if standing.paid else None
        if "paid_at" in self._has:
            return None
        return UNSET if self._options.unpaid else placed_at

    def _totals(self, cell: Mapping[str, str], currency: str) -> Totals:
        minor = self._options.minor
        sums = {
            name: values.amount(cell[name], currency, minor=minor)
            for name in ("grand", "items", "subtotal", "shipping", "tax")
            if name in cell
        }
        if "discount" in cell:
            sums["discount"] = values.unsigned(cell["discount"], currency, minor=minor)
        subtotal = sums.pop("subtotal", None)
        if subtotal is not None and "items" not in sums:
            sums["items"] = subtotal + sums.get("discount", 0)
        return Totals(**sums)

    def _refunds(
        self, cell: Mapping[str, str], currency: str, totals: Totals, standing: Standing | None
    ) -> tuple[Refund, ...]:
        given = 0
        if "refunded" in cell:
            given = values.unsigned(cell["refunded"], currency, minor=self._options.minor)
        elif standing and standing.refunded:
            given = totals.grand
        return (Refund(id=IMPORTED_REFUND, amount=given),) if given else ()


def _customer(cell: Mapping[str, str]) -> CustomerSnapshot | None:
    email = cell.get("email")
    if email is not None:
        try:
            canonical_email(email)
        except BadEmail as error:
            raise BadValue(error.detail) from error
    customer_id = cell.get("customer_id")
    if email is None and customer_id is None:
        return None
    return CustomerSnapshot(
        id=customer_id,
        email=email,
        first_name=cell.get("first_name", ""),
        last_name=cell.get("last_name", ""),
    )


def _codes(text: str) -> tuple[str, ...]:
    parts = text.replace("|", ",").replace(";", ",").split(",")
    return tuple(dict.fromkeys(code.strip().upper() for code in parts if code.strip()))


def _country(text: str) -> str | UnsetType:
    return text.upper() if len(text) == 2 and text.isalpha() and text.isascii() else UNSET
