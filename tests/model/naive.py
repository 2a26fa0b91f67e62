"""The rules told a second time, as plainly as possible: keeps every snapshot, forgets nothing, and
works everything out again from the beginning each time. Shares no code with the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wordmouth.orders.snapshot import OrderSnapshot

HOLD, FALLBACK, WINDOW, MINIMUM = (
    timedelta(days=14),
    timedelta(days=30),
    timedelta(days=90),
    2000,
)


@dataclass(frozen=True)
class Outcome:
    """What a referral came to."""

    status: str
    reasons: tuple[str, ...]
    code: str
    via: str
    amount: int
    hold_until: datetime | None


@dataclass
class Naive:
    """Everything that was ever told, and the answers to it."""

    told: dict[str, list[OrderSnapshot]] = field(default_factory=dict)
    advocates: dict[str, str] = field(default_factory=dict)
    claims: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    released: dict[str, datetime] = field(default_factory=dict)

    def tell(self, snapshot: OrderSnapshot) -> None:
        self.told.setdefault(snapshot.id, []).append(snapshot)

    def state(self, external_id: str) -> dict[str, Any]:
        """The newest snapshot; where two are of one moment, the one with more done."""

        def done(s: OrderSnapshot) -> int:
            times = (s.placed_at, s.paid_at, s.fulfilled_at, s.delivered_at, s.cancelled_at)
            return sum(1 for time in times if time) + len(s.refunds)

        in_time = sorted(self.told[external_id], key=lambda s: (s.updated_at, done(s)))
        newest = in_time[-1]
        refunds = {r.id: r.amount for s in in_time for r in s.refunds}
        goods = (newest.totals.items or 0) - newest.totals.discount
        back = sum(refunds.values())
        return {
            "id": external_id,
            "placed": newest.placed_at,
            "paid": newest.paid_at,
            "delivered": newest.delivered_at,
            "cancelled": newest.cancelled_at is not None,
            "refunded": back > 0 and back >= newest.totals.grand,
            "back": back,
            "goods": goods,
            "currency": newest.currency,
            "codes": list(newest.discount_codes or ()),
        }

    def humans(self) -> list[set[str]]:
        """Groups of names (e-mails, customer ids, orders) that belong to one human."""
        groups = [{email} for email in self.advocates.values()]
        groups += [{email} for _, email, _, _ in self.claims]
        for external_id, snapshots in self.told.items():
            names = {f"order {external_id}"}
            for snapshot in snapshots:
                customer = snapshot.customer
                assert customer is not None
                names |= {customer.email} if customer.email else set()
                names |= {f"id {customer.id}"} if customer.id else set()
            groups.append(names)
        joined: list[set[str]] = []
        for group in groups:
            touching = [other for other in joined if other & group]
            joined = [other for other in joined if not other & group]
            joined.append(group.union(*touching))
        return joined

    def outcomes(self, now: datetime) -> dict[str, Outcome]:
        """Every referral by the order's id."""
        found: dict[str, Outcome] = {}
        for human in self.humans():
            mine = [self.state(key) for key in self.told if f"order {key}" in human]
            mine.sort(key=lambda o: (o["paid"] is None, o["paid"] or o["placed"], o["id"]))
            found |= self._of_one(human, mine, now)
        return found

    def _of_one(
        self, human: set[str], mine: list[dict[str, Any]], now: datetime
    ) -> dict[str, Outcome]:
        found: dict[str, Outcome] = {}
        customer = referred = touched = False
        for o in mine:
            counts = o["paid"] and not o["cancelled"] and not o["refunded"]
            who = self._recommended_by(o, human)
            if who and (who[1] == "code" or not touched):
                found[o["id"]] = outcome = self._judge(o, who, human, customer, referred, now)
                referred = referred or bool(counts and outcome.status in ("pending", "approved"))
            customer = customer or bool(counts)
            touched = touched or bool(counts and who)
        return found

    def _recommended_by(
        self, o: dict[str, Any], human: set[str]
    ) -> tuple[str, str, datetime] | None:
        for claimed_at, _, code, coupon in sorted(self.claims):
            if coupon in o["codes"]:
                return code, "code", claimed_at
        for code in o["codes"]:
            if code in self.advocates:
                return code, "code", o["placed"]
        for claimed_at, email, code, _ in sorted(self.claims):
            if email in human and claimed_at <= o["placed"]:
                return code, "claim", claimed_at
        return None

    def _judge(
        self,
        o: dict[str, Any],
        who: tuple[str, str, datetime],
        human: set[str],
        customer: bool,
        referred: bool,
        now: datetime,
    ) -> Outcome:
        code, via, seen = who
        no = []
        if self.advocates[code] in human:
            no.append("self_referral")
        if referred:
            no.append("already_referred")
        elif customer:
            no.append("existing_customer")
        if o["placed"] - seen > WINDOW:
            no.append("too_late")
        if o["currency"] != "EUR":
            no.append("other_currency")
        if o["goods"] < MINIMUM:
            no.append("below_minimum")
        amount = max(o["goods"] - o["back"], 0)

        def answer(status: str, *reasons: str, until: datetime | None = None) -> Outcome:
            return Outcome(status, tuple(reasons), code, via, amount, until)

        if no:
            return answer("rejected", *no)
        if o["cancelled"]:
            return answer("voided", "cancelled")
        if o["refunded"]:
            return answer("voided", "refunded")
        if not o["paid"] and o["id"] in self.released:
            return answer("voided", "payment_taken_back")
        if not o["paid"]:
            return answer("pending", "awaiting_payment")
        until = o["paid"] + FALLBACK
        if o["delivered"] and o["delivered"] <= until:
            until = o["delivered"] + HOLD
        if o["id"] in self.released or until <= now:
            self.released.setdefault(o["id"], now)
            return answer("approved", until=until)
        return answer("pending", "in_hold", until=until)

    def balances(self, now: datetime) -> dict[str, tuple[int, int]]:
        """What each advocate's code has earned: (available, pending) in cents."""
        earned = dict.fromkeys(self.advocates, (0, 0))
        for outcome in self.outcomes(now).values():
            available, pending = earned[outcome.code]
            if outcome.status == "approved":
                earned[outcome.code] = (available + 1000, pending)
            if outcome.status == "pending":
                earned[outcome.code] = (available, pending + 1000)
        return earned
