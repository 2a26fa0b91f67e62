"""Questions to the ledger. Balances are always sums of postings; nothing is cached."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet, Sum
from django_scopes import scopes_disabled

from wordmouth.ledger.facts import EntryFacts
from wordmouth.ledger.models import Account, Posting

Balances = dict[tuple[str, str], int]


def balances(names: Iterable[str], at: datetime | None = None) -> Balances:
    """What stands in each of these accounts, by (name, unit), now or at a past moment.

    A balance is what came in less what went out.
    """
    accounts = Account.objects.filter(name__in=set(names))
    return _sums({row.id: (row.name, row.unit) for row in accounts}, at)


def all_balances(at: datetime | None = None) -> Balances:
    """What stands in every account of the store; the sum per unit is zero."""
    return _sums({row.id: (row.name, row.unit) for row in Account.objects.all()}, at)


def balances_under(prefix: str) -> Balances:
    """What stands in every account whose name begins with `prefix`."""
    total: Balances = {}
    for side, sign in (("destination", 1), ("source", -1)):
        rows = Posting.objects.filter(**{f"{side}__name__startswith": prefix})
        sums = rows.values_list(f"{side}__name", "unit").annotate(Sum("amount")).order_by()
        for name, unit, amount in sums:
            total[name, unit] = total.get((name, unit), 0) + sign * amount
    return total


def _sums(accounts: dict[str, tuple[str, str]], at: datetime | None) -> Balances:
    total: Balances = dict.fromkeys(accounts.values(), 0)
    until = Q(at__lte=at) if at else Q()
    for side, sign in (("destination_id", 1), ("source_id", -1)):
        rows = Posting.objects.filter(until, **{f"{side}__in": list(accounts)})
        for account, amount in rows.values_list(side).annotate(Sum("amount")).order_by():
            total[accounts[account]] += sign * amount
    return total


def entries(names: Iterable[str], limit: int = 100) -> list[EntryFacts]:
    """The newest postings that touch these accounts."""
    ids = list(Account.objects.filter(name__in=set(names)).values_list("id", flat=True))
    rows = Posting.objects.filter(Q(source_id__in=ids) | Q(destination_id__in=ids))
    return [_facts(row) for row in _with_accounts(rows).order_by("-at", "-id")[:limit]]


def entries_of(references: Iterable[str]) -> list[EntryFacts]:
    """The postings with these references."""
    rows = Posting.objects.filter(reference__in=set(references))
    return [_facts(row) for row in _with_accounts(rows)]


def references(among: Iterable[str]) -> dict[str, bool]:
    """Those references that are posted, and whether their posting still stands (no mirror)."""
    rows = Posting.objects.filter(reference__in=set(among)).values_list("reference", "id")
    ids = dict(rows)
    undone = set(
        Posting.objects.filter(mirrors_id__in=ids.values()).values_list("mirrors_id", flat=True)
    )
    return {reference: posting not in undone for reference, posting in ids.items()}


def standing_entries() -> Iterable[EntryFacts]:
    """Every posting that is neither a mirror nor mirrored, oldest first."""
    undone = Posting.objects.exclude(mirrors=None).values("mirrors_id")
    rows = Posting.objects.filter(mirrors=None).exclude(id__in=undone).order_by("id")
    for row in _with_accounts(rows).iterator(2000):
        yield _facts(row)


def _with_accounts(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    return rows.select_related("source", "destination")


def _facts(row: Posting) -> EntryFacts:
    return EntryFacts(
        id=row.id,
        reference=row.reference,
        source=row.source.name,
        destination=row.destination.name,
        amount=row.amount,
        unit=row.unit,
        at=row.at,
        mirrors=row.mirrors_id,
    )


def count_of_all() -> int:
    """How many postings the whole installation has. Needs no scope; for the operator."""
    with scopes_disabled():
        return Posting.objects.count()


def count() -> int:
    """How many postings the store has."""
    return Posting.objects.count()
