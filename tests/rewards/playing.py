"""Takes a history to the product and to the naive books, and holds what both come to together."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import connection

from tests.rewards.books import Books
from tests.rewards.comparing import difference
from tests.rewards.deciding import Claim
from tests.rewards.given import Payout, Redemption
from tests.rewards.histories import History
from tests.rewards.shop import BASKETS, CHANGES, Bought, changed, snapshot
from tests.world import START, World
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.verify import verify_store
from wordmouth.payouts import audit as payout_audit
from wordmouth.payouts import queries as payout_queries
from wordmouth.payouts import services as payouts
from wordmouth.payouts.errors import NothingToPay
from wordmouth.payouts.facts import Answer
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.project import audit
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services as ruling
from wordmouth.referrals.errors import NotRulable
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import audit as proof
from wordmouth.rewards import redeeming, services
from wordmouth.rewards.errors import NotEnough, RedemptionUsed
from wordmouth.rewards.models import Reward
from wordmouth.visits.errors import NotClaimable

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
ADVOCATES = ("ana@shop.example", "ben@shop.example", "cid@shop.example")
RULABLE = {
    "approve": ("flagged", "rejected", "voided"),
    "reject": ("pending", "flagged", "approved"),
}
PRODUCTS = tuple(ProductSnapshot(id=name, updated_at=START) for name in ("p-1", "p-2", "p-9"))
NOBODYS: dict[str, Any] = {
    "slug": "proof",
    "name": "Proof",
    "status": "live",
    "offers": [{"key": "control", "friend": {"kind": "percent_off", "value": 10}}],
}
"""What the programme is before its goods are known; nobody ever sees it."""


class Player:
    """One store, and the books beside it. `thorough`: it is proven whole at the end, not only what
    this is about."""

    def __init__(self, history: History, watch: clock.SetClock, *, thorough: bool) -> None:
        self.thorough = thorough
        self.history, self.watch = history, watch
        watch.at = START
        self.world = World(watch, NOBODYS)
        self.store = self.world.store.id
        with self.world.write():
            catalog.take(self.store, PRODUCTS)
        self.books = Books()
        self.shop: dict[str, Bought] = {}
        self.untold: list[Bought] = []
        self.everything: list[Bought] = []
        self.joined: dict[str, Any] = {}
        self.email_of: dict[str, str] = {}
        self.count = 0
        self._version(0)

    def play(self) -> None:
        """Take every step, and compare after each that told something."""
        for name, numbers in self.history.steps:
            getattr(self, f"_{name}")(*numbers)
        self._prove()

    # People and programmes.

    def _version(self, number: int) -> None:
        with self.world.write():
            programs.apply_document(parse_data(self.history.versions[number]), by="test")
        self.current = self.history.versions[number]

    def _join(self, who: int) -> None:
        self._moment()
        email = ADVOCATES[who]
        facts = self.world.advocate(email)
        with self.world.write():
            account = f"acct_0123456789abcde{who}"
            payouts.set_payee(self.store, facts.id, "stripe", account=account, by="me")
        self.joined[email] = facts
        self.email_of[facts.person_id] = email

    def _claim(self, who: int, of: int) -> None:
        self._moment()
        email, advocate = _friend(who), ADVOCATES[of]
        if advocate not in self.joined:
            return
        with suppress(NotClaimable):
            made = self.world.claim(self.joined[advocate].code, email)
            if all(known.id != made.id for known in self.books.facts.claims):
                self._note_claim(made, email, advocate)
                self.books.settle(clock.now())

    def _note_claim(self, made: Any, email: str, advocate: str) -> None:
        self.books.facts.versions.setdefault(made.version_id, self.current)
        self.email_of[made.person_id] = email
        self.books.facts.claims.append(
            Claim(
                id=made.id,
                email=email,
                advocate=advocate,
                version=made.version_id,
                offer=made.offer,
                code=made.coupon_code,
                at=made.claimed_at,
                expires=made.expires_at,
            )
        )

    # What happens in the shop.

    def _moment(self) -> None:
        self.watch.move(SECOND)

    def _buy(self, who: int, basket: int, pays: int, with_code: int, wait: int) -> None:
        self.watch.move(wait * SECOND)
        own = [claim for claim in self.books.facts.claims if claim.email == _friend(who)]
        codes = (own[-1].code,) if own and with_code else ()
        self._order(_friend(who), basket, pays=bool(pays), codes=codes)

    def _order(self, email: str, basket: int, *, pays: bool, codes: tuple[str, ...]) -> None:
        now = clock.now()
        order = Bought(
            id=f"{self.count * 37 % 100:02d}",
            email=email,
            goods=BASKETS[basket],
            placed=now,
            paid=now if pays else None,
            codes=codes,
            at=now,
        )
        self.count += 1
        self._happened(order)

    def _change(self, which: int, what: int, how: int) -> None:
        self._moment()
        if self.shop:
            order = list(self.shop.values())[which % len(self.shop)]
            codes = [(), *((claim.code,) for claim in self.books.facts.claims)]
            if CHANGES[what] == "recode":
                order = replace(order, codes=codes[how % len(codes)])
            self._happened(changed(order, CHANGES[what], how, clock.now()))

    def _regret(self, which: int) -> None:
        """An order that earned something falls."""
        self._moment()
        earned = [
            self.shop[one.key[1]]
            for one in self.books.given
            if one.key[0] == "each" and one.due_at and one.want.holder == ADVOCATES[0]
        ]
        known = self.books.facts.ever
        approved = [self.shop[key] for key, one in known.items() if one.status == "approved"]
        if orders := earned or approved:
            order = orders[which // 4 % len(orders)]
            what = ("cancel", "charge_back", "cancel", "refund_line")[which % 4]
            self._happened(changed(order, what, which, clock.now()))

    def _happened(self, order: Bought) -> None:
        self.shop[order.id] = order
        self.untold.append(order)

    def _use(self, which: int) -> None:
        """An advocate buys with a coupon that they were given, or had been given."""
        self._moment()
        mine = [
            one
            for one in self.books.given
            if not one.wallet and one.due_at and one.want.party == "advocate" and one.code
        ]
        usable = [one for one in mine if one.state == "due"]
        if mine := usable if usable and which % 4 else mine:
            one = mine[which % len(mine)]
            self._order(one.want.holder, 0, pays=True, codes=(one.code,))

    # What is told.

    def _tell(self, most: int, seed: int, again: int, threads: int) -> None:
        chance = random.Random(seed)
        chance.shuffle(self.untold)
        batch, self.untold = self.untold[:most], self.untold[most:]
        self.everything += batch
        if not batch:
            return
        batch += [chance.choice(self.everything) for _ in range(again)]
        chance.shuffle(batch)
        parts = [part for n in range(threads) if (part := batch[n::threads])]
        if len(parts) > 1 and not connection.in_atomic_block:
            self._tell_together(parts)
        else:
            for part in parts:
                self.world.tell(*map(snapshot, part))
                self._learn(self.books, part)
                self._settled()

    def _learn(self, books: Books, part: Sequence[Bought]) -> None:
        for order in part:
            books.facts.told.setdefault(order.id, []).append(order)
        books.settle(clock.now())

    def _tell_together(self, parts: Sequence[Sequence[Bought]]) -> None:
        """Several threads tell; whoever was first, it must be as if they had come in a row."""
        problems: list[Exception] = []

        def tell(part: Sequence[Bought]) -> None:
            try:
                self.world.tell(*map(snapshot, part))
            except Exception as problem:  # noqa: BLE001 - shown by the thread that waits
                problems.append(problem)
            finally:
                connection.close()

        threads = [threading.Thread(target=tell, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]
        self.world.run_jobs()
        ways = []
        for way in itertools.permutations(parts):
            books = deepcopy(self.books)
            for part in way:
                self._learn(books, part)
            books.settle(clock.now())
            ways.append(books)
        self.books = next((books for books in ways if self._difference(books) is None), ways[0])
        self._settled()

    def _spent(self, which: int) -> None:
        self._moment()
        given = [one for one in self.books.given if not one.wallet and one.due_at and one.id]
        if given:
            one = given[which % len(given)]
            one.told_spent = True
            with self.world.write():
                services.note_spent(self.store, [one.id])
            self._settled()

    def _rule(self, which: int, what: int) -> None:
        self._moment()
        found = self.books.facts.ever
        if not found:
            return
        facts = list(found.values())[which % len(found)]
        decision = ("approve", "reject")[what]
        with self.world.read():
            known = {one.order_key: one.id for one in self._referrals()}
        try:
            with self.world.write():
                ruling.rule(self.store, known[facts.id], decision, "so it is", "me")
        except NotRulable:
            assert facts.status not in RULABLE[decision]
            return
        assert facts.status in RULABLE[decision]
        restores = decision == "approve" and facts.status == "voided"
        self.books.facts.rulings[facts.id] = "restore" if restores else decision
        self._settled()

    def _referrals(self) -> list[ReferralFacts]:
        return list(referrals.referrals(referrals.all_ids()).values())

    def _pass(self, days: int) -> None:
        self.watch.move(days * DAY)
        self._settled()

    # What is bought from wallets.

    def _redeem(self, who: int, what: int) -> None:
        self._moment()
        holder = list(self.joined)[who % len(self.joined)] if self.joined else None
        if holder is None:
            return
        has = self.books.balances()
        in_stock: list[dict[str, Any]] = list(self.current["wallet"]["redemptions"])
        everything = has["available", "credit", holder, "EUR"]
        for amount in (max(everything, 1), 40):
            coupon = {"pay_with": "store_credit", "price": amount, "kind": "amount_off"}
            in_stock.append(coupon | {"value": amount})
        fitting = [one for one in in_stock if has[_purse(one, holder)] >= one["price"]]
        chosen = (fitting if fitting and what else in_stock)[what % len(fitting or in_stock)]
        enough = has[_purse(chosen, holder)] >= chosen["price"]
        asked = {"option": chosen["key"]} if "key" in chosen else {"amount": chosen["price"]}
        try:
            with self.world.write():
                made = redeeming.redeem(self.store, self.joined[holder].id, **asked)
        except NotEnough:
            assert not enough, "there was enough"
            return
        assert enough, "more was spent than there was"
        self.books.redemptions.append(Redemption(made.id, holder, chosen, clock.now()))
        self._settled()

    def _cancel(self, which: int) -> None:
        self._moment()
        if not self.books.redemptions:
            return
        bought = self.books.redemptions[-1 - which % len(self.books.redemptions)]
        thing = next(one for one in self.books.given if one.key == ("bought", bought.id))
        try:
            with self.world.write():
                redeeming.cancel(self.store, bought.id)
        except RedemptionUsed:
            assert thing.state in ("redeemed", "expired")
            return
        assert bought.cancelled or thing.state == "due"
        bought.cancelled = True
        self._settled()

    # What is paid out.

    def _payout(self, how: int) -> None:
        """Everybody is paid all the cash they have; the bank may say at once what became of it."""
        self._moment()
        has = self.books.balances()
        due = {email: has["available", "cash", email, "EUR"] for email in self.joined}
        due = {email: amount for email, amount in due.items() if amount > 0}
        try:
            with self.world.write():
                batch = payouts.make(self.store, "csv", "EUR", by="me")
                payouts.approve(self.store, batch.id, by="me")
        except NothingToPay:
            assert not due, "there was something to pay"
            return
        with self.world.read():
            made = payout_queries.page(batch_id=batch.id)
        emails = {facts.id: email for email, facts in self.joined.items()}
        assert {emails[one.advocate_id]: one.amount for one in made} == due
        self.books.payouts += [Payout(one.id, emails[one.advocate_id], one.amount) for one in made]
        if how == 3:
            with self.world.write():
                payouts.cancel(self.store, batch.id, by="me")
            for one in self.books.payouts[-len(made) :]:
                one.state = "returned"
        else:
            payouts.export(self.store, batch.id, by="me")
        self._settled()

    def _bank(self, which: int, settled: int) -> None:
        """What was sent arrived or came back; or what had arrived came back."""
        self._moment()
        waiting = [one for one in self.books.payouts if one.state in ("sent", "settled")]
        if waiting:
            one = waiting[which % len(waiting)]
            one.state = "settled" if settled and one.state == "sent" else "returned"
            with self.world.write():
                payouts.hear(self.store, [Answer(payout_id=one.id, state=one.state)], by="me")
            self._settled()

    # Comparing.

    def _settled(self) -> None:
        """Both did what followed; what is due by the clock is done on both sides."""
        self.books.settle(clock.now())
        self.world.run_jobs()
        self.books.settle(clock.now())
        problem = self._difference(self.books)
        assert problem is None, problem

    def _difference(self, books: Books) -> str | None:
        return difference(self.world, books, self.email_of)

    def _prove(self) -> None:
        """The store proves its books, and to do it all again does nothing."""
        with self.world.read():
            before, totals = ledger.count(), ledger.all_balances()
            known = self._referrals()
        sums: Counter[str] = Counter()
        for (_, unit), amount in totals.items():
            sums[unit] += amount
        assert not any(sums.values()), sums
        with self.world.write():
            services.reconcile_referrals(self.store, known)
            services.reconcile_rows(self.store, Reward.objects.all())
        with self.world.read():
            assert ledger.count() == before, "what was done again did something"
        if self.thorough:
            assert audit.verify(self.store).findings == []
            assert audit.replay(self.store).findings == []
            return
        with self.world.read():
            paid = set(payout_queries.references())
            of_rewards = [*proof.verify(foreign=paid), *proof.differences(self.store)]
            found = [*verify_store(), *payout_audit.verify(), *of_rewards]
        assert found == []


def _friend(number: int) -> str:
    """The first friend is the second advocate, who may be recommended like anybody else."""
    return f"friend{number}@mail.example" if number else ADVOCATES[1]


def _purse(option: dict[str, Any], holder: str) -> tuple[str, ...]:
    if option["pay_with"] == "store_credit":
        return "available", "credit", holder, "EUR"
    return "available", "points", holder, "PTS"
