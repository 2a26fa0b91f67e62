"""Journals to keep books of: one with rewards of every kind, and any that Hypothesis thinks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from wordmouth.kit import clock
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.services import mirror, post
from wordmouth.rewards import accounts
from wordmouth.rewards.chart import Chart

PROGRAMS = {"prg_1": "give-10-get-10", "prg_2": "points"}
PURSE_UNITS = [("points", "PTS"), ("credit", "EUR"), ("cash", "JPY"), ("coupon", "KWD")]
Books = dict[tuple[str, str], int]


class Step(NamedTuple):
    """So long after the step before: a set of movements, and an undoing of what stands."""

    seconds: int
    moves: tuple[tuple[str, str, int, str], ...]
    undo: int


def steps(*purses: tuple[str, str]) -> list[tuple[str, str, int, str]]:
    """What happens to a reward, and to what was bought with it, kind by kind."""
    made: list[tuple[str, str, int, str]] = []
    for number, (purse, unit) in enumerate(purses, 1):
        program, holder = f"prg_{1 + number % 2}", f"adv_{number}"
        waits, has = accounts.pending(purse, holder), accounts.available(purse, holder)
        worth = 1000 * number + number
        made += [
            (accounts.expense(program), waits, 3 * worth, unit),
            (waits, has, 2 * worth, unit),
            (has, accounts.expired(program), number, unit),
        ]
    return made


def every_kind() -> list[tuple[str, str, int, str]]:
    """Promises, releases, uses, debts, set-offs, expiries, redemptions and payouts."""
    ana, program = "adv_1", "prg_1"
    coupon, owes = accounts.available("coupon", ana), accounts.debt(ana, "amount_off", "EUR")
    cash, credit = accounts.available("cash", ana), accounts.available("credit", ana)
    points, transit = accounts.available("points", ana), accounts.transit("pay_1")
    return [
        *steps(("points", "PTS"), ("credit", "EUR"), ("cash", "EUR"), ("coupon", "EUR")),
        *steps(("coupon", "CPN"), ("cash", "KWD"), ("credit", "JPY")),
        (coupon, accounts.redeemed(program), 1500, "EUR"),
        (owes, accounts.redeemed(program), 700, "EUR"),
        (coupon, owes, 300, "EUR"),
        (points, accounts.spent_points(program), 400, "PTS"),
        (credit, accounts.converted(program), 250, "EUR"),
        (accounts.converted(program), accounts.pending("coupon", ana), 250, "EUR"),
        (accounts.expense(program), cash, 99, "EUR"),
        (cash, transit, 1999, "EUR"),
        (transit, accounts.BANK, 1999, "EUR"),
    ]


def any_move() -> st.SearchStrategy[tuple[str, str, int, str]]:
    """Any of the movements there are, with any amount, in any currency."""
    units = st.sampled_from(["EUR", "JPY", "KWD", "PTS", "CPN"])
    amounts = st.integers(1, 10**12)
    sides = st.sampled_from([(source, destination) for source, destination, *_ in every_kind()])
    return st.builds(lambda side, amount, unit: (*side, amount, unit), sides, amounts, units)


def any_steps() -> st.SearchStrategy[list[Step]]:
    """Any journal over some weeks; the clock may go back."""
    moves = st.lists(any_move(), min_size=0, max_size=4).map(tuple)
    return st.lists(
        st.builds(Step, st.integers(-90_000, 400_000), moves, st.integers(0, 2)), max_size=12
    )


class Told(NamedTuple):
    """A posting as the test knows it."""

    at: datetime
    source: str
    destination: str
    amount: int
    unit: str


def keep(store_id: str, watch: clock.SetClock, steps: Sequence[Step]) -> list[Told]:
    """Post it all; returns what was posted."""
    told: dict[str, Told] = {}
    undone: list[Told] = []
    for number, step in enumerate(steps):
        watch.move(timedelta(seconds=step.seconds))
        moves = {f"{number}-{n}": move for n, move in enumerate(step.moves)}
        told |= {key: Told(watch.at, *move) for key, move in moves.items()}
        post(store_id, [_movement(key, *move) for key, move in moves.items()])
        taken_back = list(moves)[: step.undo]
        mirror(store_id, taken_back)
        for key in taken_back:
            _, source, destination, amount, unit = told[key]
            undone.append(Told(watch.at, destination, source, amount, unit))
    return [*told.values(), *undone]


def _movement(reference: str, source: str, destination: str, amount: int, unit: str) -> Movement:
    return Movement(
        reference=reference, source=source, destination=destination, amount=amount, unit=unit
    )


def naive(told: Sequence[Told], chart: Chart, first: date | None, last: date | None) -> Books:
    """What the accountant's accounts come to from one day to another, added up one by one."""
    total: defaultdict[tuple[str, str], int] = defaultdict(int)
    for at, source, destination, amount, unit in told:
        if (first is None or at.date() >= first) and (last is None or at.date() <= last):
            total[chart.account(source), unit] += amount
            total[chart.account(destination), unit] -= amount
    return {key: balance for key, balance in total.items() if balance}
