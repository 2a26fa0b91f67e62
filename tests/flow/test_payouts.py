"""Cash from the friend's order to the advocate's bank, and back where the order falls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flow.test_schedules import Shop, open_store
from tests.world import START
from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.payouts import queries, services
from wordmouth.payouts.errors import NothingToPay
from wordmouth.payouts.facts import Answer, BatchFacts, PayoutFacts
from wordmouth.project import audit
from wordmouth.rewards import accounts

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("able")]

CASH = {"schedule": "each", "kind": "cash", "value": 1500}


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


class Till:
    """The merchant pays out what a shop's advocate has earned."""

    def __init__(self, watch: clock.SetClock, **document: Any) -> None:
        self.shop = Shop(open_store(watch, CASH, payouts={"threshold": 2500}, **document))
        self.store = self.shop.world.store.id
        with self.shop.world.write():
            services.set_payee(
                self.store,
                self.shop.ana.id,
                "iban",
                name="Ana Tamm",
                iban="EE382200221020145685",
                by="portal",
            )

    def make(self) -> BatchFacts:
        with self.shop.world.write():
            return services.make(self.store, "csv", by="user mari")

    def pay(self) -> PayoutFacts:
        """A batch of what is there, at the bank."""
        batch = self.make()
        with self.shop.world.write():
            services.approve(self.store, batch.id, by="user mari")
        services.export(self.store, batch.id, by="user mari")
        with self.shop.world.read():
            return queries.page(batch_id=batch.id)[0]

    def tell(self, payout: PayoutFacts, state: str) -> None:
        with self.shop.world.write():
            services.hear(self.store, [Answer(payout_id=payout.id, state=state)], by="bank")

    def cash(self) -> tuple[int, int]:
        """What is available to the advocate, and what has left the bank."""
        mine = accounts.available("cash", self.shop.ana.id)
        with self.shop.world.read():
            found = ledger.balances([mine, accounts.BANK])
        return found.get((mine, "EUR"), 0), found.get((accounts.BANK, "EUR"), 0)

    def findings(self) -> list[str]:
        return [found.what for found in audit.verify(self.store).findings]


def test_cash_is_paid_from_the_threshold_on(watch: clock.SetClock) -> None:
    till = Till(watch)
    till.shop.friend_buys()
    with pytest.raises(NothingToPay, match="Less than the programme pays out at once: 1"):
        till.make()
    till.shop.friend_buys()
    payout = till.pay()
    assert (payout.amount, till.cash()) == (3000, (0, 0))
    assert till.shop.proven()
    till.tell(payout, "settled")
    assert till.cash() == (0, 3000)
    assert till.shop.proven()


def test_what_comes_back_is_paid_again(watch: clock.SetClock) -> None:
    till = Till(watch)
    for _ in range(2):
        till.shop.friend_buys()
    till.tell(till.pay(), "returned")
    assert till.cash() == (3000, 0)
    again = till.pay()
    till.tell(again, "settled")
    assert till.cash() == (0, 3000)
    assert till.shop.proven()


def test_an_order_that_falls_after_it_was_paid_for_is_a_debt(watch: clock.SetClock) -> None:
    till = Till(watch)
    keys = [till.shop.friend_buys() for _ in range(2)]
    payout = till.pay()
    till.shop.cancels(keys[0])
    assert till.cash() == (-1500, 0)
    till.tell(payout, "settled")
    assert till.cash() == (-1500, 3000)
    assert till.shop.proven()
    for _ in range(2):
        till.shop.friend_buys()
    assert till.cash() == (1500, 3000)
    assert till.shop.proven()


def test_an_order_that_falls_before_the_file_is_made_stops_the_payment(
    watch: clock.SetClock,
) -> None:
    till = Till(watch)
    keys = [till.shop.friend_buys() for _ in range(2)]
    batch = till.make()
    with till.shop.world.write():
        services.approve(till.store, batch.id, by="user mari")
    till.shop.cancels(keys[0])
    with pytest.raises(NothingToPay):
        services.export(till.store, batch.id, by="user mari")
    assert till.cash() == (1500, 0)
    assert till.shop.proven()


def test_a_contradiction_is_a_finding_until_somebody_rules(watch: clock.SetClock) -> None:
    till = Till(watch)
    for _ in range(2):
        till.shop.friend_buys()
    payout = till.pay()
    for state in ("returned", "settled"):
        till.tell(payout, state)
    assert till.cash() == (0, 3000)
    (found,) = till.findings()
    assert "contradict each other" in found
    with till.shop.world.write():
        services.rule(till.store, payout.id, "returned", "asked the bank", by="user mari")
    assert till.cash() == (3000, 0)
    assert till.shop.proven()
