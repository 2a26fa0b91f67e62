"""Gathers what the rules need to say who is paid now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.db.models import Count, Q, Sum

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.money import is_currency
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.queries import Balances
from wordmouth.payouts import holding, registry, rules
from wordmouth.payouts.facts import Preview, YearTotal
from wordmouth.payouts.models import Payee, PayingAccount, Payout, TaxPapers
from wordmouth.payouts.ports import RailRefused, RailUnreachable
from wordmouth.payouts.rules import Candidate
from wordmouth.payouts.sepa import CURRENCY
from wordmouth.payouts.states import FILE_RAILS, METHODS_OF, UNDER_WAY
from wordmouth.people import queries as people
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Payouts
from wordmouth.rewards import accounts
from wordmouth.stores import queries as stores

AT_ONCE = 2000
CASH = accounts.available("cash", "")
"""What the names of all accounts of advocates' cash begin with."""


def preview(store_id: str, rail: str, currency: str | None = None) -> Preview:
    """What a batch by `rail` made now would pay, in the store's currency where none is named.

    Raises Invalid for a rail that does not exist.
    """
    if rail not in METHODS_OF:
        raise Invalid(f"rail: {rail[:20]!r} is none of {', '.join(METHODS_OF)}")
    cash = {key: amount for key, amount in ledger.balances_under(CASH).items() if amount > 0}
    unit = currency or _likely_currency(store_id, cash)
    candidates = _candidates(cash, unit)
    lines = rules.collect(candidates, rail)
    paid = tuple(line for line in lines if not line.reason)
    total = sum(line.amount for line in paid)
    going = {line.advocate_id for line in paid}
    policies = [one.policy for one in candidates if one.advocate_id in going]
    return Preview(
        rail=rail,
        currency=unit,
        total=total,
        needs_second=rules.needs_second(total, policies),
        problem=problem_of(store_id, rail, unit),
        paid=paid,
        held=tuple(line for line in lines if line.reason),
    )


def problem_of(store_id: str, rail: str, currency: str) -> str:
    """Why nothing can be paid by this rail in this currency now; "" where it can."""
    if not is_currency(currency):
        return f"{currency[:10]!r} is not a currency code of ISO 4217, such as EUR."
    if rail == "sepa" and currency != CURRENCY:
        others = ", ".join(name for name in METHODS_OF if name != "sepa")
        return f"SEPA moves {CURRENCY} only, and this is {currency}; use {others}."
    if rail == "sepa" and not PayingAccount.objects.exists():
        return "No account to pay from is set: wordmouth payout account STORE --name --iban"
    if rail in FILE_RAILS:
        return ""
    try:
        registry.rail(store_id, rail)
    except (RailRefused, RailUnreachable) as error:
        return str(error)
    return ""


def _likely_currency(store_id: str, cash: Balances) -> str:
    """The store's own, unless all its advocates' cash is in one other."""
    units = {unit for _, unit in cash}
    return units.pop() if len(units) == 1 else stores.store(store_id).currency


def _candidates(cash: Balances, currency: str) -> list[Candidate]:
    """Every advocate who has cash in this currency."""
    available = {
        name.removeprefix(CASH): amount for (name, unit), amount in cash.items() if unit == currency
    }
    found: list[Candidate] = []
    year = clock.now().year
    paid, papers = paid_by_human(year, currency), humans_with_papers(year)
    policies: dict[str, Payouts] = {}
    stopped: set[str] = set()
    for ids in chunks(available):
        owners = advocates.advocates(ids)
        policies |= _policies(owners.values(), policies, currency)
        stopped |= holding.stopped(owner.program_id for owner in owners.values()).keys()
        roots = people.roots(one.person_id for one in owners.values())
        payees = {row.advocate_id: row for row in Payee.objects.filter(advocate_id__in=ids)}
        found += [
            _candidate(
                owner, available[owner.id], policies[owner.program_id], payees.get(owner.id),
                human=roots[owner.person_id], paid=paid, papers=papers, stopped=stopped,
            )
            for owner in owners.values()
        ]  # fmt: skip
    return found


def _candidate(
    owner: AdvocateFacts,
    amount: int,
    policy: Payouts,
    payee: Payee | None,
    *,
    human: str,
    paid: dict[str, int],
    papers: set[str],
    stopped: set[str],
) -> Candidate:
    return Candidate(
        advocate_id=owner.id,
        person_id=owner.person_id,
        human=human,
        program_id=owner.program_id,
        available=amount,
        policy=policy,
        method=payee.method if payee else "",
        hint=payee.hint if payee else "",
        in_sepa=payee.in_sepa if payee else False,
        paid=paid.get(human, 0),
        papers=human in papers,
        stopped=owner.program_id in stopped,
    )


def _policies(
    owners: Iterable[AdvocateFacts], known: dict[str, Payouts], currency: str
) -> dict[str, Payouts]:
    """How each programme pays out; amounts of another currency say nothing about this one."""
    wanted = {owner.program_id for owner in owners} - known.keys()
    return {
        key: facts.version.document.payouts
        if facts.version.document.currency in (currency, None)
        else Payouts()
        for key, facts in programs.programs(wanted).items()
    }


def paid_by_human(year: int, currency: str) -> dict[str, int]:
    """What each human was paid in a year, or is being paid now, by the root of the person."""
    under_way = Q(state__in=UNDER_WAY)
    rows = Payout.objects.filter(under_way | _settled_in(year), currency=currency)
    sums = dict(rows.values_list("person_id").annotate(Sum("amount")).order_by())
    total: dict[str, int] = defaultdict(int)
    for person, root in _roots(sums).items():
        total[root] += sums[person]
    return dict(total)


def humans_with_papers(year: int) -> set[str]:
    """The humans whose tax papers for a year are there, by root."""
    noted = TaxPapers.objects.filter(year=year).values_list("person_id", flat=True)
    return set(_roots(noted).values())


def year_totals(year: int) -> list[YearTotal]:
    """What every human was paid in a calendar year; what is under way now counts to the current
    year. The largest sums first."""
    settled, waiting = Q(state="settled"), Q(state__in=UNDER_WAY)
    now = waiting if year == clock.now().year else Q(pk__in=[])
    rows = Payout.objects.filter(_settled_in(year) | now).values_list("person_id", "currency")
    sums = rows.annotate(
        done=Sum("amount", filter=settled, default=0),
        count=Count("id", filter=settled),
        going=Sum("amount", filter=waiting, default=0),
    ).order_by()
    roots = _roots({person for person, *_ in sums})
    papers = humans_with_papers(year)
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for person, currency, *figures in sums:
        sofar = found[roots[person], currency]
        found[roots[person], currency] = [a + b for a, b in zip(sofar, figures, strict=True)]
    totals = [
        YearTotal(
            person_id=human,
            year=year,
            currency=currency,
            settled=done,
            count=count,
            under_way=going,
            papers=human in papers,
        )
        for (human, currency), (done, count, going) in found.items()
    ]
    return sorted(totals, key=lambda one: (-one.settled - one.under_way, one.person_id))


def _settled_in(year: int) -> Q:
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    return Q(state="settled", settled_at__gte=start, settled_at__lt=end)


def _roots(persons: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for ids in chunks(persons):
        found |= people.roots(ids)
    return found


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids in lists short enough for one query."""
    listed = list(ids)
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
