"""What became of an order: paid, fulfilled, delivered, cancelled, charged back, refunded, and when.

Oscar leaves this to each shop: some record payment and shipping events, some only move a status.
All of them are read, and the earliest proof of a fact counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from wordmouth_oscar.clock import utc
from wordmouth_oscar.conf import Config


@dataclass(frozen=True)
class Refund:
    """Money that went back; the id never changes and is never given twice."""

    id: str
    amount: Decimal
    at: datetime
    quantities: tuple[tuple[str, int], ...]
    """Which lines went back, by key, and how many of each; empty where the shop did not say."""


@dataclass(frozen=True)
class OrderFacts:
    """The moments of an order's life; None for what is not proven."""

    paid_at: datetime | None
    fulfilled_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    charged_back_at: datetime | None
    refunds: tuple[Refund, ...]


@dataclass(frozen=True)
class _Movement:
    """Money in or out, wherever the shop records it."""

    id: str
    name: str
    amount: Decimal
    at: datetime
    quantities: tuple[tuple[str, int], ...] = ()


def order_facts(order: Any, config: Config) -> OrderFacts:
    """Read the facts of an oscar order as they stand now."""
    statuses = _status_times(order)
    movements = _movements(order, config)
    delivered = _earliest(
        _proven(statuses, "delivered", config), _shipped_at(order, config.delivered_events)
    )
    fulfilled = _earliest(
        _proven(statuses, "fulfilled", config),
        _shipped_at(order, config.fulfilled_events),
        delivered,
    )
    present = config.statuses.get(order.status, ())
    return OrderFacts(
        paid_at=_paid_at(order, statuses, movements, config),
        fulfilled_at=fulfilled,
        delivered_at=delivered,
        # A status is left again when an order is reopened, so only the present one counts here.
        cancelled_at=_proven(statuses, "cancelled", config) if "cancelled" in present else None,
        charged_back_at=(
            _proven(statuses, "charged_back", config) if "charged_back" in present else None
        ),
        refunds=tuple(
            Refund(one.id, abs(one.amount), one.at, one.quantities)
            for one in movements
            if one.amount and _named(one.name, _refund_names(config))
        ),
    )


def _status_times(order: Any) -> dict[str, datetime]:
    """When the order first had each status."""
    times: dict[str, datetime] = {}

    def seen(status: str, at: datetime) -> None:
        times[status] = min(at, times.get(status, at))

    for change in order.status_changes.all():
        seen(change.new_status, utc(change.date_created))
    try:
        record = order.wordmouth_record
    except ObjectDoesNotExist:
        record = None
    for status, at in (record.status_times if record else {}).items():
        seen(status, datetime.fromisoformat(at))
    if order.status and order.status not in times:
        times[order.status] = utc(order.date_placed)
    return times


def _proven(statuses: dict[str, datetime], fact: str, config: Config) -> datetime | None:
    return _earliest(*(at for one, at in statuses.items() if fact in config.statuses.get(one, ())))


def _paid_at(
    order: Any, statuses: dict[str, datetime], movements: list[_Movement], config: Config
) -> datetime | None:
    placed = utc(order.date_placed)
    if config.paid_at_placement or order.total_incl_tax <= 0:
        return placed
    paid_names = config.paid_events if config.money_from == "payment_events" else ("Debit",)
    received = Decimal(0)
    for one in movements:
        if _named(one.name, paid_names):
            received += one.amount
            if received >= order.total_incl_tax:
                return _earliest(one.at, _proven(statuses, "paid", config))
    return _proven(statuses, "paid", config)


def _refund_names(config: Config) -> tuple[str, ...]:
    return config.refund_events if config.money_from == "payment_events" else ("Refund",)


def _movements(order: Any, config: Config) -> list[_Movement]:
    """Payments and refunds, oldest first, from the one place the shop chose.

    Only one place: shops that record a refund in both would otherwise pay it back twice.
    """
    if config.money_from == "payment_events":
        found = [
            _Movement(
                f"pe-{one.pk}",
                one.event_type.name,
                one.amount,
                utc(one.date_created),
                tuple((str(part.line_id), part.quantity) for part in one.line_quantities.all()),
            )
            for one in order.payment_events.all()
        ]
    else:
        found = [
            _Movement(f"tx-{one.pk}", one.txn_type, one.amount, utc(one.date_created))
            for source in order.sources.all()
            for one in source.transactions.all()
        ]
    return sorted(found, key=lambda one: (one.at, one.id))


def _shipped_at(order: Any, names: tuple[str, ...]) -> datetime | None:
    """When the last item of the order passed a shipping event of these names."""
    missing = {line.pk: line.quantity for line in order.lines.all()}
    events = [one for one in order.shipping_events.all() if _named(one.event_type.name, names)]
    for event in sorted(events, key=lambda one: (one.date_created, one.pk)):
        for part in event.line_quantities.all():
            missing[part.line_id] = missing.get(part.line_id, 0) - part.quantity
        if all(left <= 0 for left in missing.values()):
            return utc(event.date_created)
    return None


def _named(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {one.casefold() for one in names}


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((one for one in moments if one is not None), default=None)
