"""What was given, told a second time: a list of rewards with their states, gone through whole
after every batch of facts; every balance is a sum over that list.

What is not owed any more is taken back first, then what is owed is given, then whatever was set
off against a debt that is none any more is given after all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.rewards import naive
from tests.rewards.deciding import Claim, Facts
from tests.rewards.given import (
    WALLETS,
    Balances,
    Given,
    Key,
    Payout,
    Redemption,
    Want,
    add_credit,
    add_thing,
    brings,
    let_go,
    paid_of_debt,
    was_over,
)
from wordmouth.programs.document import AdvocateReward, FriendReward, ProgramDocument
from wordmouth.referrals.facts import ReferralFacts

LATER = ("points", "store_credit", "cash", "gift_card", "custom")
STANDING = ("pending", "flagged", "approved")


@dataclass
class Books:
    """All facts, and all that was given because of them."""

    facts: Facts = field(default_factory=Facts)
    given: list[Given] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """What ever came to pass, for those who ask whether histories are worth their while."""

    # What is owed.

    def _wants(self, referrals: dict[str, ReferralFacts]) -> dict[Key, Want]:
        documents = {
            key: msgspec.convert(data, ProgramDocument) for key, data in self.facts.versions.items()
        }
        wants: dict[Key, Want] = {}
        for advocate in {one.advocate_id for one in referrals.values()}:
            mine = [one for one in referrals.values() if one.advocate_id == advocate]
            for owed in naive.what_is_owed(documents, mine, "EUR"):
                key, want = _earned(owed, referrals[owed.referral], documents[owed.version])
                assert key not in wants, "the same thing is owed once"
                wants[key] = want
        for claim in self.facts.claims:
            wants |= _of_friend(claim, documents[claim.version], list(referrals.values()))
        for bought in self.redemptions:
            if self._stands(bought):
                wants["bought", bought.id] = _bought(bought)
        return wants

    # How it was used.

    def _stands(self, bought: Redemption) -> bool:
        """What was cancelled and used all the same was bought."""
        things = [one for one in self.given if one.key == ("bought", bought.id)]
        return not bought.cancelled or any(self._use(one) for one in things)

    def _use(self, one: Given) -> str:
        if one.told_spent:
            return "used"
        orders = [order for order in self.facts.orders() if one.code and one.code in order.codes]
        if not orders:
            return ""
        fell = [
            order.cancelled or order.charged_back or order.given_back >= order.grand
            for order in orders
        ]
        return "void" if all(fell) else "used"

    # What follows.

    def settle(self, now: datetime) -> None:
        """Bring everything in line with the facts."""
        wants = self._wants(self.facts.decide(now))
        newest = {one.key: one for one in self.given}
        for one in list(self.given):
            if newest[one.key] is not one or one.key not in wants:
                one.owed = one.key in wants
                self._take_back(one, now)
        in_turn = sorted(wants, key=lambda key: wants[key].turn)
        for key in in_turn:
            if key in newest and not self._stays(newest[key], wants[key]):
                newest[key].owed = True
                self._take_back(newest.pop(key), now)
        for key in in_turn:
            one = newest.get(key) or self._add(key, wants[key])
            one.owed = True
            self._bring(one, wants[key], now)
        self._give_what_paid_no_debt(now)
        self._note()

    def _add(self, key: Key, want: Want) -> Given:
        one = Given(number=len(self.given), key=key, want=want, value=want.value, owed=True)
        one.code, one.expires = want.code, want.expires
        self.given.append(one)
        return one

    def _stays(self, one: Given, want: Want) -> bool:
        """Whether what is owed is that very thing, or another one in its place."""
        unused = one.state == "expired" and not self._use(one)
        if one.wallet or one.state == "pending" or unused:
            return True
        as_it_is = one.value == want.value and want.state == "due"
        if one.state in ("due", "redeemed", "expired"):
            return as_it_is
        if one.want.party == "advocate" and self._use(one):
            return as_it_is
        return one.want.party == "friend" or one.due_at is None or was_over(one)

    def _take_back(self, one: Given, now: datetime) -> None:
        if one.state != "withdrawn":
            one.withdrawn_at = now
        if one.wallet and one.state != "withdrawn":
            had, brought = self.balances()[one.has], brings(one)
            one.state = "withdrawn"
            one.forgiven = let_go(one, had, brought)
        elif not one.wallet:
            use = self._use(one)
            one.state = "withdrawn"
            one.spent = use == "used" or (use == "void" and one.want.party == "advocate")
        if one.begins_anew:
            one.due_at = one.expires = None

    def _bring(self, one: Given, want: Want, now: datetime) -> None:
        if one.wallet:
            self._credit(one, want, now)
            return
        one.want = want
        use = self._use(one)
        if use == "void" and want.party == "friend":
            one.state, one.spent = "withdrawn", False
            return
        one.spent = use != ""
        if one.state in ("", "pending", "withdrawn"):
            one.state = "expired" if was_over(one) else want.state
            # What ran out unused stays what it was, whatever became of it since.
            one.value = one.value if one.state == "expired" else want.value
        if one.spent:
            one.state = "redeemed"
            self._date(one, now)
        elif one.state == "redeemed" and not one.set_off_whole:
            one.state = "due"
        if one.state == "due":
            self._become_due(one, now)
        if one.state == "due" and one.expires is not None and one.expires <= now:
            one.state = "expired"

    def _become_due(self, one: Given, now: datetime) -> None:
        if one.due_at is None and not one.want.bought_with:
            owes = max(-self.balances()[one.debt], 0)
            one.offset = min(owes, one.whole)
        self._date(one, now)
        if one.set_off_whole:
            one.state = "redeemed"

    def _date(self, one: Given, now: datetime) -> None:
        """Its time begins when it is due for the first time."""
        if one.due_at is None:
            one.due_at = now
            if one.expires is None and one.want.expires_days:
                one.expires = now + timedelta(days=one.want.expires_days)

    def _credit(self, one: Given, want: Want, now: datetime) -> None:
        over = one.expires is not None and one.expires <= now
        if one.state == "due" and over and want.state == "due":
            one.expired, one.state = self._left_of(one), "expired"
        had, brought = self.balances()[one.has], brings(one)
        one.want, one.value = want, want.value
        if one.state in ("expired", "redeemed"):
            one.expired = max(one.value - brought, 0)
            one.state = "expired" if one.expired else "redeemed"
        else:
            one.state = want.state
        if one.state == "due":
            self._date(one, now)
        elif one.state == "pending":
            one.due_at = one.expires = None
        one.forgiven = let_go(one, had, brought)

    def _left_of(self, lot: Given) -> int:
        """What is left of a credit whose time is over: what was used of the purse was used of the
        oldest credits first, cent by cent."""
        alive = [one for one in self.given if one.has == lot.has and one.state == "due"]
        alive.sort(key=lambda one: (one.due_at, one.number))
        used = sum(one.value for one in alive) - self.balances()[lot.has]
        for one in alive:
            taken = min(max(used, 0), one.value)
            used -= taken
            if one is lot:
                return one.value - taken
        raise AssertionError("the lot is one of those that are alive")

    def _give_what_paid_no_debt(self, now: datetime) -> None:
        while too_much := [one for one in self.given if self.balances()[one.debt] > 0]:
            account = too_much[0].debt
            paying = [one for one in self.given if one.debt == account and paid_of_debt(one)]
            last = max(paying, key=lambda one: (one.due_at, one.number))
            self.seen.add("a debt was none any more")
            if last.state in ("expired", "withdrawn"):
                last.offset = 0
                continue
            last.state, last.spent, last.withdrawn_at = "withdrawn", self._use(last) != "", now
            again = self._add(last.key, last.want)
            again.value, again.state = last.value, "due"
            self._become_due(again, now)

    def _note(self) -> None:
        for one in self.given:
            side = "credit" if one.wallet else "thing"
            self.seen |= {f"kind {one.want.kind}", f"{one.want.party}'s {side} {one.state}"}
            told = {
                "spent and withdrawn": one.spent and one.state == "withdrawn",
                "set off whole": one.set_off_whole,
                "set off in part": 0 < one.offset < one.whole,
                "let go": one.forgiven > 0,
                "expired in part": 0 < one.expired < one.value,
                "given anew": any(other.key == one.key for other in self.given[: one.number]),
            }
            self.seen |= {name for name, so in told.items() if so}
        for what, amount in self.balances().items():
            if what[0] == "available" and amount < 0:
                self.seen.add(f"{what[1]} below zero")
        if any(bought.cancelled for bought in self.redemptions):
            self.seen.add("redemption cancelled")
        if len({claim.version for claim in self.facts.claims}) > 1:
            self.seen.add("several versions")
        self.seen |= {f"referral {one.status}" for one in self.facts.ever.values()}

    # What stands in the books.

    def balances(self) -> Balances:
        """Every balance; what it costs the store is below zero, so that all of them sum up to 0 in
        each unit."""
        total: Balances = Counter()
        for one in self.given:
            (add_credit if one.wallet else add_thing)(total, one)
        for bought in self.redemptions:
            if self._stands(bought):
                option = bought.option
                credit = option["pay_with"] == "store_credit"
                unit = "EUR" if credit else "PTS"
                purse = "credit" if credit else "points"
                total["available", purse, bought.holder, unit] -= option["price"]
                total["converted" if credit else "spent:points", unit] += option["price"]
        for payout in self.payouts:
            self.seen.add(f"payout {payout.state}")
            if payout.state != "returned":
                total["available", "cash", payout.holder, "EUR"] -= payout.amount
                total["bank" if payout.state == "settled" else "transit", "EUR"] += payout.amount
        return total


def _earned(owed: naive.Owed, referral: ReferralFacts, document: ProgramDocument) -> Any:
    offer = document.offer(owed.offer)
    assert offer is not None
    reward: AdvocateReward = offer.advocate[owed.place]
    key: Key = ("each", referral.id, referral.advocate_id, owed.version, owed.offer, owed.place)
    if owed.count is not None:
        key = ("count", referral.advocate_id, repr(reward), owed.count)
    return key, Want(
        holder=referral.advocate_id,
        promised_to=referral.advocate_id,
        party="advocate",
        kind=owed.kind,
        unit=owed.unit,
        value=owed.value,
        state=owed.state,
        expires_days=reward.expires_days,
        forgiving=document.clawback.spent == "forgive",
        turn=(referral.ordered_at.timestamp(), referral.order_key, owed.place, str(key)),
    )


def _of_friend(
    claim: Claim, document: ProgramDocument, referrals: Sequence[ReferralFacts]
) -> dict[Key, Want]:
    offer = document.offer(claim.offer)
    reward: FriendReward | None = offer.friend if offer else None
    if reward is None:
        return {}
    later, state = reward.kind in LATER, "due"
    if later:
        mine = [one for one in referrals if one.claim_id == claim.id]
        if mine and all(one.status not in STANDING for one in mine):
            return {}
        state = "due" if any(one.status == "approved" for one in mine) else "pending"
    return {
        ("friend", claim.id): Want(
            holder=claim.email if reward.kind in WALLETS else f"friend {claim.email}",
            promised_to=f"friend {claim.email}",
            party="friend",
            kind=reward.kind,
            unit=naive.unit_of(reward.kind, "EUR"),
            value=reward.value,
            state=state,
            expires_days=reward.expires_days,
            forgiving=document.clawback.spent == "forgive",
            turn=(0.0, "", 0, claim.id),
            code="" if later else claim.code,
            expires=None if later else claim.expires,
        )
    }


def _bought(bought: Redemption) -> Want:
    kind = bought.option["kind"]
    return Want(
        holder=bought.holder,
        promised_to=bought.holder,
        party="advocate",
        kind=kind,
        unit=naive.unit_of(kind, "EUR"),
        value=bought.option.get("value", 0),
        state="due",
        expires_days=bought.option.get("expires_days"),
        forgiving=False,
        turn=(0.0, "", 0, bought.id),
        bought_with=bought.option["pay_with"],
    )
