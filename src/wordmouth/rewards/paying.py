"""What was paid for redemptions. It is paid back when one is cancelled, and paid after all when
what it bought turns out to be used: both follow from the facts, whatever is told first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.orders import queries as orders
from wordmouth.rewards import accounts
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.rules import usage_of
from wordmouth.stores.rows import read_records

MADE, CANCELLED = "made", "cancelled"


def reference_of(row: Redemption) -> str:
    """The reference of what was paid, the last time it was."""
    return f"{row.id}:spend:{row.turn}" if row.turn else f"{row.id}:spend"


def accounts_of(row: Redemption) -> tuple[str, str]:
    """From which account to which a redemption is paid."""
    purse = accounts.purse_of(row.pay_with)
    spent = accounts.spent_points if row.pay_with == "points" else accounts.converted
    return accounts.available(purse, row.advocate_id), spent(row.program_id)


def pay(store_id: str, rows: Iterable[Redemption]) -> None:
    """Post the prices of these."""
    ledger.post(store_id, [_price(row) for row in rows])


def follow_use(store_id: str, rows: Iterable[Redemption]) -> None:
    """Let these stand or be cancelled as the facts want it, each with its payment."""
    changed = list(misplaced(rows))
    again = [row for row in changed if row.state == CANCELLED]
    for row in changed:
        row.turn += row in again
        row.state = MADE if row in again else CANCELLED
    ledger.mirror(store_id, [reference_of(row) for row in changed if row not in again])
    pay(store_id, again)
    Redemption.objects.bulk_update(changed, ["state", "turn"])


def misplaced(rows: Iterable[Redemption]) -> Iterator[Redemption]:
    """Those that the facts want otherwise than they stand: one that somebody cancelled stays
    cancelled unless what it bought was used nonetheless."""
    asked = {row.id: row for row in rows if row.cancelled_at is not None}
    things = read_records(Reward, redemption_id__in=asked)
    named = orders.orders_with_codes([thing.code for thing in things]) if things else {}
    for thing in things:
        usage = usage_of(named.get(thing.code, ()), thing.spent_told_at)
        row = asked[str(thing.redemption_id)]
        if row.state != (CANCELLED if usage.state == "unused" else MADE):
            yield row


def _price(row: Redemption) -> Movement:
    source, destination = accounts_of(row)
    return Movement(
        reference=reference_of(row),
        source=source,
        destination=destination,
        amount=row.price,
        unit=row.unit,
    )
