"""Questions to the ledger. Balances are always sums of postings; nothing is cached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django_scopes import scopes_disabled

from wordmouth.ledger import chain
from wordmouth.ledger.facts import EntryFacts, HeadFacts
from wordmouth.ledger.models import Account, Head, Posting
from wordmouth.stores import rows

Balances = dict[tuple[str, str], int]
_ACCOUNT = ("id", "name", "unit")
_AT_ONCE = 2000


def balances(
    names: Iterable[str], at: datetime | None = None, *, before: int | None = None
) -> Balances:
    """What stands in each of these accounts, by (name, unit), now or at a past moment.

    A balance is what came in less what went out. `at` takes in every posting of that very moment;
    `before` leaves out the posting of that number and those after it, so that postings of one
    moment can be told apart.
    """
    return _sums(rows.read(Account, _ACCOUNT, name__in=names), at, before)


def all_balances(at: datetime | None = None) -> Balances:
    """What stands in every account of the store; the sum per unit is zero."""
    return _sums(rows.read(Account, _ACCOUNT), at)


def balances_under(prefix: str) -> Balances:
    """What stands in every account whose name begins with `prefix`, such as `available:cash:`."""
    return _sums(Account.objects.filter(name__startswith=prefix).values_list(*_ACCOUNT))


def _sums(
    accounts: Iterable[tuple[str, ...]], at: datetime | None = None, before: int | None = None
) -> Balances:
    known = {key: (name, unit) for key, name, unit in accounts}
    total: Balances = dict.fromkeys(known.values(), 0)
    bounds = {"at__lte": at, "seq__lt": before}
    until = {name: bound for name, bound in bounds.items() if bound is not None}
    for side, sign in (("source_id", -1), ("destination_id", 1)):
        moved = rows.read_sums(Posting, "amount", side, **{f"{side}__in": known}, **until)
        for account, amount in moved.items():
            total[known[account]] += sign * amount
    return total


def turnover(since: datetime | None, until: datetime | None, before: int) -> Balances:
    """What came in less what went out of each account, from one moment to another, both of them
    included; only of accounts that were touched, and only by postings with a smaller number."""
    between = _between(since, until, before)
    total: defaultdict[tuple[str, str], int] = defaultdict(int)
    for side, sign in (("source", -1), ("destination", 1)):
        found = between.values_list(f"{side}__name", "unit").annotate(Sum("amount")).order_by()
        for name, unit, amount in found:
            total[name, unit] += sign * amount
    return dict(total)


def extent(
    since: datetime | None, until: datetime | None, before: int
) -> tuple[int, datetime | None, datetime | None]:
    """How many postings there are in such a time, and the moments of the earliest and latest."""
    found = _between(since, until, before).aggregate(
        total=Count("id"), first=Min("at"), last=Max("at")
    )
    return found["total"], found["first"], found["last"]


def journal(since: datetime | None, until: datetime | None, before: int) -> Iterator[EntryFacts]:
    """The postings of such a time by their numbers; read as they are asked for."""
    found = _between(since, until, before).order_by("seq")
    return map(_facts, _with_accounts(found).iterator(_AT_ONCE))


def _between(since: datetime | None, until: datetime | None, before: int) -> QuerySet[Posting]:
    found = Posting.objects.filter(seq__lt=before)
    if since is not None:
        found = found.filter(at__gte=since)
    return found if until is None else found.filter(at__lte=until)


def entries(
    names: Iterable[str], limit: int = 100, *, before: int | None = None
) -> list[EntryFacts]:
    """The newest postings that touch these accounts; `before`: those with a smaller number."""
    ids = list(Account.objects.filter(name__in=set(names)).values_list("id", flat=True))
    found = Posting.objects.filter(Q(source_id__in=ids) | Q(destination_id__in=ids))
    if before is not None:
        found = found.filter(seq__lt=before)
    return [_facts(row) for row in _with_accounts(found).order_by("-seq")[:limit]]


def entries_of(references: Iterable[str]) -> list[EntryFacts]:
    """The postings with these references."""
    found = Posting.objects.filter(reference__in=set(references))
    return [_facts(row) for row in _with_accounts(found)]


def references(among: Iterable[str]) -> dict[str, bool]:
    """Those references that are posted, and whether their posting still stands (no mirror)."""
    ids: dict[str, str] = dict(rows.read(Posting, ("reference", "id"), reference__in=among))
    undone = {one for (one,) in rows.read(Posting, ("mirrors_id",), mirrors_id__in=ids.values())}
    return {reference: posting not in undone for reference, posting in ids.items()}


def standing_entries() -> Iterator[EntryFacts]:
    """Every posting that is neither a mirror nor mirrored, oldest first."""
    undone = Posting.objects.exclude(mirrors=None).values("mirrors_id")
    found = Posting.objects.filter(mirrors=None).exclude(id__in=undone).order_by("seq")
    for row in _with_accounts(found).iterator(_AT_ONCE):
        yield _facts(row)


def _with_accounts(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    return rows.select_related("source", "destination")


def _facts(row: Posting) -> EntryFacts:
    return EntryFacts(
        id=row.id,
        seq=row.seq,
        reference=row.reference,
        source=row.source.name,
        destination=row.destination.name,
        amount=row.amount,
        unit=row.unit,
        at=row.at,
        mirrors=row.mirrors_id,
    )


def head() -> HeadFacts:
    """The newest posting of the store, to be kept elsewhere as a proof of all before it."""
    row = Head.objects.first()
    return HeadFacts(seq=row.seq, hash=row.hash) if row else HeadFacts(seq=0, hash=chain.START)


def count_of_all() -> int:
    """How many postings the whole installation has. Needs no scope; for the operator."""
    with scopes_disabled():
        return Posting.objects.count()


def count() -> int:
    """How many postings the store has."""
    return Posting.objects.count()
