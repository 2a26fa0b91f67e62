"""Random lives of a store, told to the product and to the naive rules: both end in the same
referrals, rewards and balances, whatever is told in which order, how often and in which batches."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.model.comparing import assert_agrees, assert_proven
from tests.model.naive import Naive
from tests.world import DAY, START, World, order
from wordmouth.kit import clock
from wordmouth.ledger import services as ledger
from wordmouth.orders import merge
from wordmouth.orders.snapshot import OrderSnapshot, Refund
from wordmouth.people import services as people

Registers = dict[str, merge.Register]

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=False),
    pytest.mark.timeout(1200),
]

EMAILS = ["mari@shop.example", "fe@mail.example", "f.e+x@gmail.com", "fe@gmail.com"]
CUSTOMERS = [None, "c-1", "c-1", "c-2"]


class Shop(RuleBasedStateMachine):
    """A shop with a few customers, who buy, recommend, claim, return and change their minds."""

    snapshots: Bundle[OrderSnapshot] = Bundle("snapshots")

    @initialize()
    def open(self) -> None:
        self.watch = clock.SetClock(START)
        self.before = clock._clock
        clock.install(self.watch)
        self.world = World(self.watch)
        self.naive = Naive()
        self.count = 0
        self.late: list[OrderSnapshot] = []
        for email in EMAILS[:2]:
            self.recommend(email)

    def teardown(self) -> None:
        if hasattr(self, "naive"):
            try:
                assert_proven(self.world)
            finally:
                clock.install(self.before)

    def _now(self) -> datetime:
        self.watch.move(timedelta(seconds=1))
        return clock.now()

    def recommend(self, email: str) -> None:
        advocate = self.world.advocate(email, first_name="Ana")
        self.naive.advocates[advocate.code] = email

    @rule(email=st.sampled_from(EMAILS), pick=st.integers(0, 3))
    def claim(self, email: str, pick: int) -> None:
        self._now()
        codes = sorted(self.naive.advocates, key=self.naive.advocates.__getitem__)
        claim = self.world.claim(codes[pick % len(codes)], email)
        known = {coupon for *_, coupon in self.naive.claims}
        if claim.coupon_code not in known:
            told = (claim.claimed_at, canonical(email), codes[pick % len(codes)])
            self.naive.claims.append((*told, claim.coupon_code))

    @rule(
        target=snapshots,
        email=st.sampled_from(EMAILS),
        customer=st.sampled_from(CUSTOMERS),
        items=st.sampled_from([1500, 2000, 5000, 9000]),
        with_code=st.sampled_from([True, True, False]),
        pays=st.sampled_from([True, True, False]),
    )
    def buy(
        self, email: str, customer: str | None, items: int, with_code: bool, pays: bool
    ) -> OrderSnapshot:
        now = self._now()
        self.count += 1
        codes: tuple[str, ...] = ()
        if with_code and self.naive.claims and self.count % 2:
            codes = (self.naive.claims[-1][3],)
        elif with_code:
            codes = (sorted(self.naive.advocates, key=self.naive.advocates.__getitem__)[0],)
        return self._tell(
            order(
                str(self.count),
                updated=now,
                email=email,
                customer=customer,
                items=items,
                codes=codes,
                placed_at=now,
                paid_at=now if pays else None,
            )
        )

    @rule(target=snapshots, known=snapshots, what=st.sampled_from(["pay", "deliver", "cancel"]))
    def go_on(self, known: OrderSnapshot, what: str) -> OrderSnapshot:
        now = self._now()
        possible: dict[str, dict[str, Any]] = {
            "pay": {"paid_at": known.paid_at or now},
            "deliver": {"delivered_at": known.delivered_at or now, "fulfilled_at": now},
            "cancel": {"cancelled_at": None if known.cancelled_at else now},
        }
        return self._tell(replaced(known, updated_at=now, **possible[what]))

    @rule(known=snapshots)
    def pay_in_the_same_second(self, known: OrderSnapshot) -> None:
        """Shops count in seconds: two states of one moment, told in the wrong order."""
        now = self._now()
        unpaid = replaced(known, updated_at=now, paid_at=None)
        both = [replaced(unpaid, paid_at=now), unpaid]
        self._deliver(both)

    @rule(target=snapshots, known=snapshots, whole=st.booleans())
    def refund(self, known: OrderSnapshot, whole: bool) -> OrderSnapshot:
        now = self._now()
        amount = known.totals.grand if whole else 500
        refunds = (*known.refunds, Refund(id=f"r{len(known.refunds)}", amount=amount, at=now))
        return self._tell(replaced(known, updated_at=now, refunds=refunds))

    @rule(known=snapshots, times=st.integers(1, 3))
    def tell_again(self, known: OrderSnapshot, times: int) -> None:
        self._deliver([known] * times)

    @rule(known=snapshots)
    def hold_back(self, known: OrderSnapshot) -> None:
        """News that comes later: told to the naive rules when it comes."""
        now = self._now()
        self.late.append(replaced(known, updated_at=now, paid_at=known.paid_at or now))

    @rule(seed=st.integers(0, 1000))
    def late_news(self, seed: int) -> None:
        random.Random(seed).shuffle(self.late)
        self._deliver(self.late)
        self.late = []

    @rule(days=st.sampled_from([1, 13, 15, 31]))
    def time_passes(self, days: int) -> None:
        self.watch.move(days * DAY)
        self.world.run_jobs()

    def _tell(self, snapshot: OrderSnapshot) -> OrderSnapshot:
        self._deliver([snapshot])
        return snapshot

    def _deliver(self, batch: list[OrderSnapshot]) -> None:
        for snapshot in batch:
            self.naive.tell(with_canonical_email(snapshot))
        self.world.tell(*batch)

    @invariant()
    def both_agree(self) -> None:
        if hasattr(self, "naive"):
            assert_agrees(self.world, self.naive)


def canonical(email: str) -> str:
    """Gmail's dots and tags mean nothing; told again here, plainly."""
    local, _, host = email.partition("@")
    if host == "gmail.com":
        local = local.split("+")[0].replace(".", "")
    return f"{local}@{host}"


def replaced(snapshot: OrderSnapshot, **changes: Any) -> OrderSnapshot:
    """The snapshot with some fields told otherwise."""
    return msgspec.structs.replace(snapshot, **changes)


def with_canonical_email(snapshot: OrderSnapshot) -> OrderSnapshot:
    """As the naive rules need it told: they know nothing of mailboxes."""
    customer = snapshot.customer
    assert customer is not None
    email = canonical(customer.email) if customer.email else None
    return replaced(snapshot, customer=msgspec.structs.replace(customer, email=email))


def live(examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Run that many random lives of 20 steps each."""
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=examples,
            stateful_step_count=20,
            deadline=None,
            phases=phases,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_any_life_of_a_store_ends_as_the_naive_rules_say() -> None:
    live(int(os.environ.get("WORDMOUTH_LIVES", "40")))


def last_told_wins(known: Registers, told: Registers) -> Registers:
    return {**known, **told}


def test_a_planted_merge_by_arrival_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge, "_newest", last_told_wins)
    assert_caught()


def test_planted_strangers_who_are_one_human_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people._Book, "_join", lambda *_: None)
    assert_caught()


def test_a_planted_reward_that_is_never_taken_back_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "mirror", lambda *_: None)
    assert_caught()


def assert_caught() -> None:
    """Fewer lives than the real test runs are enough to tell."""
    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):
        live(30, phases=(Phase.generate,))
