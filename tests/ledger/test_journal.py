"""The journal for accountants: beancount accepts it, and comes to the same balances as we do."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core.data import Balance, Commodity, Directive, Open, Transaction
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.walks import PROGRAMS, Books, Step, any_steps, every_kind, keep, naive
from tests.world import START, World
from wordmouth.kit.clock import SetClock, using
from wordmouth.ledger import beancount, journal, table
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.journal import OPENING, Journal
from wordmouth.ledger.services import post
from wordmouth.rewards.chart import Chart

CHART = Chart(PROGRAMS)
ALL_KINDS = [Step(3600 * 7, (move,), 0) for move in every_kind()]
DAYS = st.none() | st.integers(-5, 40).map(lambda days: START.date() + timedelta(days=days))
WITH_DATABASE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def loaded(text: str) -> list[Directive]:
    """What beancount reads; it must not complain about anything."""
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    return entries


def written(books: Journal) -> str:
    return "".join(beancount.write(books, 'Tea "House" & Söhne', "EUR"))


def sums(entries: list[Directive], chart: Chart) -> Books:
    total: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        for leg in entry.postings if isinstance(entry, Transaction) else ():
            assert leg.units is not None
            assert leg.units.number is not None
            total[leg.account, leg.units.currency] += leg.units.number
    return minor(total, chart)


def minor(total: dict[tuple[str, str], Decimal], chart: Chart) -> Books:
    scaled = {key: value.scaleb(chart.decimals(key[1])) for key, value in total.items() if value}
    assert all(value == int(value) for value in scaled.values())
    return {key: int(value) for key, value in scaled.items()}


def standing(balances: Books) -> Books:
    return {key: balance for key, balance in balances.items() if balance}


def test_beancount_accepts_rewards_of_every_kind(world: World) -> None:
    with world.write():
        keep(world.store.id, world.clock, ALL_KINDS)
        books = Journal(CHART)
        entries = loaded(written(books))
        assert sums(entries, CHART) == standing(journal.balances(CHART)[0])
        assert sum(isinstance(entry, Transaction) for entry in entries) == books.total == 30
    opened = {entry.account for entry in entries if isinstance(entry, Open)}
    assert opened == {CHART.account(name) for move in every_kind() for name in move[:2]}
    named = {entry.currency for entry in entries if isinstance(entry, Commodity)}
    assert named == {"CPN", "EUR", "JPY", "KWD", "PTS"}


def test_an_account_for_each_holder_balances_too(world: World) -> None:
    chart = Chart(PROGRAMS, by_holder=True)
    with world.write():
        keep(world.store.id, world.clock, ALL_KINDS)
        found = sums(loaded(written(Journal(chart))), chart)
        assert found == standing(journal.balances(chart)[0])
    assert found["Liabilities:Referral:Earned:Cash:Adv-1", "EUR"] == 1900


@WITH_DATABASE
@given(steps=any_steps(), since=DAYS, until=DAYS)
def test_any_journal_of_any_span_of_days_balances(
    world: World, steps: list[Step], since: date | None, until: date | None
) -> None:
    if since and until and since > until:
        since, until = until, since
    with using(SetClock(START)) as watch, world.write(), transaction.atomic():
        assert isinstance(watch, SetClock)
        told = keep(world.store.id, watch, steps)
        books = Journal(CHART, since, until)
        found = sums(loaded(written(books)), CHART)
        before = naive(told, CHART, None, since - timedelta(days=1)) if since else {}
        whole = naive(told, CHART, None, until)
        at = journal.end_of(until) if until else None
        assert standing(journal.balances(CHART, at)[0]) == whole
        assert found == expected(whole, before)
        assert from_table(books) == found
        transaction.set_rollback(True)


def expected(whole: Books, before: Books) -> Books:
    """What a file must come to: income and expenses begin anew, the rest is carried over."""
    found = dict(whole)
    for (account, unit), balance in before.items():
        if account.startswith(("Income", "Expenses")):
            found[account, unit] = found.get((account, unit), 0) - balance
            found[OPENING, unit] = found.get((OPENING, unit), 0) + balance
    return standing(found)


def from_table(books: Journal) -> Books:
    total: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in csv.DictReader(io.StringIO("".join(table.write(books)))):
        total[row["debit"], row["unit"]] += Decimal(row["amount"])
        total[row["credit"], row["unit"]] -= Decimal(row["amount"])
    return minor(total, CHART)


@pytest.mark.parametrize("wrong", ["-0.01 EUR", "0.01 EUR"])
def test_beancount_notices_one_cent(world: World, wrong: str) -> None:
    """The assertions at the end would find a posting that we wrote otherwise than it is."""
    with world.write():
        keep(world.store.id, world.clock, ALL_KINDS)
        text = written(Journal(CHART))
    leg = "  Assets:Bank  -19.99 EUR\n"
    assert leg in text
    other = "  Liabilities:Referral:PayoutsUnderWay"
    text = text.replace(leg, f"{leg}  Assets:Bank  {wrong}\n{other}  {-Decimal(wrong[:-4])} EUR\n")
    _, errors, _ = loader.load_string(text)
    assert len(errors) == 2
    assert all("Balance failed" in error.message for error in errors)


def test_a_transaction_names_the_posting(world: World) -> None:
    reference = 'a "quoted" \\ reference\nof two lines; and = signs'
    with world.write():
        post(world.store.id, [movement(reference)])
        entries = loaded(written(Journal(CHART)))
        [posting] = [entry for entry in entries if isinstance(entry, Transaction)]
        assert posting.narration == reference
        assert posting.date == START.date()
        said = {key: posting.meta[key] for key in ("seq", "at", "source", "destination")}
    assert said == {
        "seq": "1",
        "at": "2026-03-01T12:00:00Z",
        "source": "expense:prg_1",
        "destination": "pending:cash:adv_1",
    }
    assert posting.meta["id"].startswith("ent_")
    assert [entry.amount.number for entry in entries if isinstance(entry, Balance)] == [
        Decimal("1.23"),
        Decimal("-1.23"),
    ]


def movement(reference: str) -> Movement:
    return Movement(
        reference=reference,
        source="expense:prg_1",
        destination="pending:cash:adv_1",
        amount=123,
        unit="EUR",
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(world: World, sign: str) -> None:
    with world.write():
        post(world.store.id, [movement(f"{sign}HYPERLINK(0)"), movement('plain, "quoted"')])
        text = "".join(table.write(Journal(CHART)))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(table.COLUMNS)
    assert [row[4] for row in rows[1:]] == [f"'{sign}HYPERLINK(0)", 'plain, "quoted"']
    assert rows[2][:3] == ["2", "2026-03-01", "12:00:00Z"]
    assert rows[2][5:9] == [
        "Expenses:Referral:Give-10-get-10",
        "Liabilities:Referral:Promised:Cash",
        "1.23",
        "EUR",
    ]
    assert text.count("\r\n") >= 3
    assert text.endswith("\r\n")


def test_a_journal_of_nothing_is_empty(world: World) -> None:
    with world.read():
        assert loaded(written(Journal(CHART, date(2026, 1, 1), date(2026, 1, 31)))) == []
        assert "".join(table.write(Journal(CHART))) == ",".join(table.COLUMNS) + "\r\n"


def test_what_is_posted_meanwhile_does_not_belong_to_a_journal(world: World) -> None:
    with world.write():
        post(world.store.id, [movement("a")])
        books = Journal(CHART)
        post(world.store.id, [movement("b")])
        assert [line.entry.reference for line in books.lines()] == ["a"]
        assert sums(loaded(written(books)), CHART)["Expenses:Referral:Give-10-get-10", "EUR"] == 123
