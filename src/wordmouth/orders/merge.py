"""Merging snapshots of one order: a last-writer-wins map, field by field. Pure.

Webhooks are hints, state is truth: snapshots come late, twice, coalesced and in any order. Each
field is a register that keeps the value with the greatest stamp; refunds are such registers by
refund id, and are never removed. Taking the maximum is commutative, associative and idempotent,
so every order of arrival ends in the same state (Shapiro et al., "Conflict-free Replicated Data
Types", 2011: state-based LWW-element map).

A stamp is (updated_at, progress, digest). Shops count in whole seconds, so two snapshots often
share `updated_at`; then the one in which more has happened is the later one. The digest only makes
the choice the same everywhere.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from wordmouth.orders.snapshot import OrderSnapshot, Refund

MILESTONES = (
    "placed_at",
    "paid_at",
    "fulfilled_at",
    "delivered_at",
    "cancelled_at",
    "charged_back_at",
)
FIELDS = (
    "number",
    *MILESTONES,
    "currency",
    "totals",
    "discount_codes",
    "lines",
    "country",
    "attribution",
    "is_test",
)


class Stamp(NamedTuple):
    """When a value was true, and how to choose between two of the same moment."""

    at: str
    progress: int
    digest: str


class Register(NamedTuple):
    """A value with the stamp of the snapshot that told it."""

    stamp: Stamp
    value: Any


class Merged(msgspec.Struct, frozen=True):
    """What all snapshots together say. `earliest` is the smallest `updated_at` ever told."""

    earliest: str
    fields: dict[str, Register]
    refunds: dict[str, Register]


@lru_cache(maxsize=4096)
def iso(at: datetime) -> str:
    """A moment as text that sorts like the moment."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    return msgspec.to_builtins(value)


def _refund(refund: Refund) -> list[Any]:
    """Amount, moment and, only where there are any, lines."""
    value = [refund.amount, _plain(refund.at) if refund.at else None]
    return [*value, _plain(refund.lines)] if refund.lines else value


def told_by(snapshot: OrderSnapshot) -> Merged:
    """What one snapshot alone says."""
    said = msgspec.to_builtins(snapshot, builtin_types=(datetime,))
    values = {name: said[name] for name in FIELDS if name in said}
    for name in MILESTONES:
        if value := values.get(name):
            values[name] = iso(value)
    refunds = {refund.id: _refund(refund) for refund in snapshot.refunds}
    content = msgspec.json.encode([values, refunds], order="sorted")
    progress = sum(1 for name in MILESTONES if values.get(name)) + len(refunds)
    at = iso(snapshot.updated_at)
    stamp = Stamp(at, progress, hashlib.blake2b(content, digest_size=8).hexdigest())
    return Merged(
        earliest=at,
        fields={name: Register(stamp, value) for name, value in values.items()},
        refunds={key: Register(stamp, value) for key, value in refunds.items()},
    )


def merge(known: Merged | None, told: Merged) -> Merged:
    """The state that both together say."""
    if known is None:
        return told
    return Merged(
        earliest=min(known.earliest, told.earliest),
        fields=_newest(known.fields, told.fields),
        refunds=_newest(known.refunds, told.refunds),
    )


def _newest(one: dict[str, Register], other: dict[str, Register]) -> dict[str, Register]:
    result = dict(one)
    for name, register in other.items():
        mine = result.get(name)
        if mine is None or mine.stamp < register.stamp:
            result[name] = register
    return result


def pack(merged: Merged) -> str:
    """The state as text; equal states give equal texts. Stamps are written once each."""
    registers = [*merged.fields.values(), *merged.refunds.values()]
    stamps = sorted({register.stamp for register in registers})
    index = {stamp: i for i, stamp in enumerate(stamps)}
    content = {
        "earliest": merged.earliest,
        "stamps": stamps,
        "fields": {name: [index[r.stamp], r.value] for name, r in merged.fields.items()},
        "refunds": {name: [index[r.stamp], r.value] for name, r in merged.refunds.items()},
    }
    return msgspec.json.encode(content, order="sorted").decode()


def unpack(text: str) -> Merged:
    """The state of `pack`."""
    content = msgspec.json.decode(text)
    stamps = [Stamp(*stamp) for stamp in content["stamps"]]

    def registers(packed: dict[str, list[Any]]) -> dict[str, Register]:
        return {name: Register(stamps[i], value) for name, (i, value) in packed.items()}

    return Merged(
        earliest=content["earliest"],
        fields=registers(content["fields"]),
        refunds=registers(content["refunds"]),
    )
