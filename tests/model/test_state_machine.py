"""Random lives of a store, told to the product and to the naive rules: both end in the same
referrals, rewards and balances, whatever is told in which order, how often and in which batches."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec import UNSET

from tests.harness.memory import distrusted
from tests.model.comparing import assert_agrees, assert_proven, coupons, referral_of
from tests.model.naive import Naive
from tests.world import DAY, START, World, order
from wordmouth.kit import clock
from wordmouth.ledger import services as ledger
from wordmouth.orders import merge
from wordmouth.orders.snapshot import Line, OrderSnapshot, Refund, RefundLine
from wordmouth.people import services as people
from wordmouth.referrals import eligible, rules
from wordmouth.referrals import services as referrals
from wordmouth.referrals.errors import NotRulable
from wordmouth.visits import tokens
from wordmouth.visits.facts import Token

Told = TypeVar("Told", bound=msgspec.Struct)
Registers = dict[str, merge.Register]

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=False),
    pytest.mark.timeout(1200),
]

ADVOCATES = ["mari@shop.example", "fe@mail.example"]
FRIENDS = [f"friend{number}@mail.example" for number in range(6)]
EMAILS = [*FRIENDS, "f.e+x@gmail.com", "fe@gmail.com", "lo@mailinator.com", *ADVOCATES]
CUSTOMERS = [None, None, None, None, "c-1", "c-2"]
TEA = Line(id="1", product_id="p-1", quantity=2, total=3000)
CAKE = Line(id="2", product_id="p-2", quantity=3, total=1000)
CARD = Line(id="3", product_id="p-3", quantity=1, total=2500, gift_card=True)
BASKETS: list[Any] = [(TEA, CAKE), (CAKE, TEA, CARD), UNSET, (), (CARD,)]
PARTS: list[tuple[RefundLine, ...]] = [
    (),
    (RefundLine(id="1", quantity=1),),
    (RefundLine(id="2", quantity=2), RefundLine(id="1", amount=700)),
    (RefundLine(id="3"),),
    (RefundLine(id="2"), RefundLine(id="9", amount=100)),
]


class Shop(RuleBasedStateMachine):
    """A shop with a few customers, who buy, recommend, claim, return and change their minds."""

    snapshots: Bundle[OrderSnapshot] = Bundle("snapshots")

    @initialize(target=snapshots)
    def open(self) -> MultipleResults[OrderSnapshot]:
        """Two advocates, two friends of the first who have bought, others on their way."""
        self.watch = clock.SetClock(START)
        self.before = clock._clock
        clock.install(self.watch)
        self.world = World(self.watch)
        self.naive = Naive()
        self.count = 0
        self.late: list[OrderSnapshot] = []
        for email in ADVOCATES:
            self.recommend(email)
        told = [
            self.buy(email, None, 5000, basket, "code", True, 0)
            for email, basket in zip(FRIENDS, BASKETS[:2], strict=False)
        ]
        for pick in (0, 1):
            self.click(pick)
            self.claim(FRIENDS[2 + pick], pick)
        return multiple(*told)

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
    def claims(self, email: str, pick: int) -> None:
        self.claim(email, pick)

    def claim(self, email: str, pick: int) -> None:
        self._now()
        code = self._code(pick)
        claim = self.world.claim(code, email)
        known = {coupon for *_, coupon in self.naive.claims}
        if claim.coupon_code not in known:
            told = (claim.claimed_at, canonical(email), code)
            self.naive.claims.append((*told, claim.coupon_code))

    @rule(pick=st.integers(0, 3))
    def clicks(self, pick: int) -> None:
        self.click(pick)

    def click(self, pick: int) -> None:
        """A friend comes by a link; the shop remembers the token."""
        code = self._code(pick)
        now = self._now()
        told = Token(store_id=self.world.store.id, code=code, click=f"clk_{self.count}", at=now)
        self.naive.tokens[tokens.make(told)] = (code, now)

    @rule(
        target=snapshots,
        email=st.sampled_from(EMAILS),
        customer=st.sampled_from(CUSTOMERS),
        items=st.sampled_from([5000, 4500, 9000, 2000, 1500]),
        basket=st.sampled_from(BASKETS),
        by=st.sampled_from(["code", "token", "", "coupon", "both"]),
        pays=st.sampled_from([True, True, True, False]),
        card=st.sampled_from([0, 0, 0, 500, 100_000]),
    )
    def buys(self, **told: Any) -> OrderSnapshot:
        return self.buy(**told)

    @rule(target=snapshots, known=snapshots, email=st.sampled_from(EMAILS))
    def turns_out_to_be_another(self, known: OrderSnapshot, email: str) -> OrderSnapshot:
        """Who has bought signs up, and buys from that account again by another address."""
        assert known.customer is not None
        assert known.customer.email
        account = known.customer.id or f"c-{self.count + 3}"
        self.buy(known.customer.email, account, 4500, UNSET, "", True, 0)
        return self.buy(email, account, 5000, UNSET, "code", True, 0)

    def buy(
        self,
        email: str,
        customer: str | None,
        items: int,
        basket: Any,
        by: str,
        pays: bool,
        card: int,
    ) -> OrderSnapshot:
        now = self._now()
        self.count += 1
        codes: tuple[str, ...] = ()
        if by == "coupon" and self.naive.claims:
            codes = (self.naive.claims[-1][3],)
        elif by in ("code", "both"):
            codes = (self._code(0),)
        token = next(reversed(self.naive.tokens), None) if by in ("token", "both") else None
        return self._tell(
            order(
                str(self.count),
                updated=now,
                email=email,
                customer=customer,
                items=items,
                codes=codes,
                token=token,
                lines=basket,
                gift_card=card,
                placed_at=now,
                paid_at=now if pays else None,
            )
        )

    def _code(self, pick: int) -> str:
        codes = sorted(self.naive.advocates, key=self.naive.advocates.__getitem__)
        return codes[pick % len(codes)]

    @rule(
        target=snapshots,
        known=snapshots,
        what=st.sampled_from(["charge back", "cancel", "unpay", "pay", "deliver", "drop codes"]),
    )
    def go_on(self, known: OrderSnapshot, what: str) -> OrderSnapshot:
        now = self._now()
        possible: dict[str, dict[str, Any]] = {
            "pay": {"paid_at": known.paid_at or now},
            "unpay": {"paid_at": None},
            "deliver": {"delivered_at": known.delivered_at or now, "fulfilled_at": now},
            "cancel": {"cancelled_at": None if known.cancelled_at else now},
            "charge back": {"charged_back_at": None if known.charged_back_at else now},
            "drop codes": {"discount_codes": ()},
        }
        return self._tell(replaced(known, updated_at=now, **possible[what]))

    @rule(
        target=snapshots,
        known=snapshots,
        items=st.sampled_from([3333, 12000, 1999, 0]),
        basket=st.sampled_from(BASKETS),
    )
    def edit(self, known: OrderSnapshot, items: int, basket: Any) -> OrderSnapshot:
        """The shop changes what was bought, and the sums with it."""
        now = self._now()
        discount = min(known.totals.discount + 100, items)
        totals = replaced(known.totals, items=items, discount=discount)
        totals = replaced(totals, grand=items - discount + totals.shipping)
        return self._tell(replaced(known, updated_at=now, totals=totals, lines=basket))

    @rule(email=st.sampled_from(EMAILS), days=st.sampled_from([0.5, 300]))
    def import_a_past_order(self, email: str, days: float) -> None:
        now = self._now()
        self.count += 1
        past = now - days * DAY
        told = order(f"past-{self.count}", updated=past, email=email, placed_at=past, paid_at=past)
        self._deliver([told], imported=True)

    @rule(known=snapshots, back=st.sampled_from([500, 3000]))
    def import_what_went_back(self, known: OrderSnapshot, back: int) -> None:
        """A file tells an older state of the order, and refunds as one sum."""
        self.count += 1
        past = known.updated_at - timedelta(milliseconds=500 + self.count)
        told = replaced(
            known,
            updated_at=past,
            lines=UNSET,
            discount_codes=UNSET,
            refunds=(Refund(id="import", amount=back),),
        )
        self._deliver([told], imported=True)

    @precondition(lambda self: self.naive.released)
    @rule(target=snapshots, pick=st.integers(0, 9))
    def spend(self, pick: int) -> OrderSnapshot | MultipleResults[OrderSnapshot]:
        """An advocate buys with a coupon that was given out, withdrawn since or not."""
        given = [one for one in coupons(self.world) if one[0] not in self.naive.coupons]
        if not given:
            return multiple()
        coupon, code, worth = given[pick % len(given)]
        self.naive.coupons[coupon] = (code, worth)
        now = self._now()
        self.count += 1
        return self._tell(
            order(
                str(self.count),
                updated=now,
                email=self.naive.advocates[code],
                codes=(coupon,),
                placed_at=now,
                paid_at=now,
            )
        )

    @precondition(lambda self: self.naive.outcomes(clock.now()))
    @rule(pick=st.integers(0, 9), decision=st.sampled_from(["approve", "approve", "reject"]))
    def overrule(self, pick: int, decision: str) -> None:
        """The merchant decides, most likely about what fell."""
        now = self._now()
        outcomes = self.naive.outcomes(now)
        fell = [key for key, outcome in outcomes.items() if outcome.status == "voided"]
        known = sorted(fell or outcomes)
        external_id = known[pick % len(known)]
        referral = referral_of(self.world, external_id)
        with self.world.write():
            if self.naive.rule(external_id, decision, now):
                referrals.rule(self.world.store.id, referral, decision, "a reason", "user 1")
            else:
                with pytest.raises(NotRulable):
                    referrals.rule(self.world.store.id, referral, decision, "a reason", "user 1")

    @rule(known=snapshots)
    def pay_in_the_same_second(self, known: OrderSnapshot) -> None:
        """Shops count in seconds: two states of one moment, told in the wrong order."""
        now = self._now()
        unpaid = replaced(known, updated_at=now, paid_at=None)
        both = [replaced(unpaid, paid_at=now), unpaid]
        self._deliver(both)

    @rule(
        target=snapshots,
        known=snapshots,
        amount=st.sampled_from([500, 1333, 0, None]),
        parts=st.sampled_from(PARTS),
    )
    def refund(
        self, known: OrderSnapshot, amount: int | None, parts: tuple[RefundLine, ...]
    ) -> OrderSnapshot:
        now = self._now()
        back = known.totals.grand if amount is None else amount
        told = Refund(id=f"r{len(known.refunds)}", amount=back, at=now, lines=parts)
        refunds = (*known.refunds, told)
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

    @rule(days=st.sampled_from([31, 31, 15, 13, 1]))
    def time_passes(self, days: int) -> None:
        self.watch.move(days * DAY)
        self.world.run_jobs()

    def _tell(self, snapshot: OrderSnapshot) -> OrderSnapshot:
        self._deliver([snapshot])
        return snapshot

    def _deliver(self, batch: list[OrderSnapshot], *, imported: bool = False) -> None:
        for snapshot in batch:
            self.naive.tell(with_canonical_email(snapshot))
        self.world.tell(*batch, imported=imported)

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


def replaced(struct: Told, **changes: Any) -> Told:
    """The same with some fields told otherwise."""
    return msgspec.structs.replace(struct, **changes)


def with_canonical_email(snapshot: OrderSnapshot) -> OrderSnapshot:
    """As the naive rules need it told: they know nothing of mailboxes."""
    customer = snapshot.customer
    assert customer is not None
    email = canonical(customer.email) if customer.email else None
    return replaced(snapshot, customer=msgspec.structs.replace(customer, email=email))


def live(examples: int, phases: tuple[Phase, ...] = tuple(Phase)) -> None:
    """Run that many random lives of 20 steps each."""
    with distrusted():
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


def test_planted_refunds_that_name_lines_in_vain_are_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(eligible, "_take_back", lambda lines, refunds: (0, 0))
    assert_caught()


def test_planted_orders_that_never_come_undone_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "undone_by", lambda *_: "")
    assert_caught()


def assert_caught() -> None:
    """Fewer lives than the real test runs are enough to tell."""
    with pytest.raises((AssertionError, DatabaseError, ExceptionGroup)):
        live(30, phases=(Phase.generate,))
