"""Many at once: 64 makers of batches, and tellers of one answer. No cash is paid twice."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from wordmouth.kit.errors import WordmouthError
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.tests.world import Service, World, install

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
AT_ONCE = 64
ROUNDS = int(os.environ.get("WORDMOUTH_RACES", "2"))
"""The suite runs a few; set WORDMOUTH_RACES for more."""


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What 64 threads get that begin together; None for one that was refused in words."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        start.wait()
        try:
            return act(number)
        except WordmouthError:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def _one_of(acts: Sequence[Callable[[Any], Any]], thing: Any) -> Callable[[int], Any]:
    """Each thread does the next of these acts with the thing."""
    return lambda number: acts[number % len(acts)](thing)


@pytest.fixture
def tea(standing):
    install(Service())
    return World("threshold = 500")


def test_64_makers_pay_the_same_cash_once(tea):
    payees = [tea.advocate(method="paypal", email=f"a{number}@example.com") for number in range(3)]
    reserved = 0
    for _ in range(ROUNDS):
        for advocate in payees:
            tea.earn(advocate, 3000)
        made = at_once(lambda number: tea.make("csv" if number % 2 else "paypal"))
        batches = [batch for batch in made if batch is not None]
        assert sum(batch.total for batch in batches) == 9000
        reserved += 9000
        assert tea.transit() == reserved
        assert [tea.cash(advocate) for advocate in payees] == [0, 0, 0]
    assert tea.findings() == []


def test_approving_cancelling_and_sending_at_once_end_in_one_state(tea):
    for _ in range(ROUNDS):
        mari = tea.advocate(method="paypal", email="a@example.com")
        tea.earn(mari, 3000)
        batch = tea.make("csv")
        at_once(_one_of((tea.approve, tea.export, tea.cancel, tea.export), batch))
        state = tea.batch(batch.id).state
        assert state in ("approved", "cancelled", "sent")
        assert tea.cash(mari) == (3000 if state == "cancelled" else 0)
    assert tea.findings() == []


def test_one_answer_told_64_times_at_once_counts_once(tea):
    for _ in range(ROUNDS):
        mari = tea.advocate(3000)
        (payout,) = tea.payouts(tea.sent("csv"))
        heard = at_once(_one_of((tea.hear,), Answer(payout_id=payout.id, state="returned")))
        assert sum(one.news for (one,) in heard) == 1
        assert tea.cash(mari) == 3000
        tea.earn(mari, -3000)
        assert tea.findings() == []


def test_64_exporters_get_the_same_file(tea):
    for _ in range(ROUNDS):
        tea.advocate(3000)
        batch = tea.make("csv")
        tea.approve(batch)
        sheets = at_once(_one_of((tea.export,), batch))
        assert len({sheet.content for sheet in sheets}) == 1
    assert tea.findings() == []
