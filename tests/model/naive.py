"""The rules told a second time, as plainly as possible: keeps every snapshot, forgets nothing, and
works everything out again from the beginning each time. Shares no code with the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from msgspec import UNSET

from tests.model.goods import counted
from wordmouth.orders.snapshot import OrderSnapshot

HOLD, FALLBACK, WINDOW, MINIMUM, REWARD = (
    timedelta(days=14),
    timedelta(days=30),
    timedelta(days=90),
    2000,
    1000,
)
THROWN_AWAY = "@mailinator.com"
STANDING = ("pending", "flagged", "approved")
RULED_FROM = {
    "approve": ("flagged", "rejected", "voided"),
    "reject": ("pending", "flagged", "approved"),
}


@dataclass(frozen=True)
class Outcome:
    """What a referral came to."""

    status: str
    reasons: tuple[str, ...]
    code: str
    via: str
    basis: int
    amount: int
    hold_until: datetime | None

    @property
    def reward(self) -> int:
        """What it is worth to the advocate: less where goods went back; halves are rounded up."""
        if self.basis == 0:
            return REWARD
        return floor(Fraction(REWARD * self.amount, self.basis) + Fraction(1, 2))


@dataclass
class Naive:
    """Everything that was ever told, and the answers to it."""

    told: dict[str, list[OrderSnapshot]] = field(default_factory=dict)
    advocates: dict[str, str] = field(default_factory=dict)
    claims: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    coupons: dict[str, tuple[str, int]] = field(default_factory=dict)
    rulings: dict[str, str] = field(default_factory=dict)
    released: dict[str, datetime] = field(default_factory=dict)

    def tell(self, snapshot: OrderSnapshot) -> None:
        self.told.setdefault(snapshot.id, []).append(snapshot)

    def state(self, external_id: str) -> dict[str, Any]:
        """What is true of an order: of each thing the newest news that tells it; where two are of
        one moment, the one with more done."""

        def done(s: OrderSnapshot) -> int:
            times = (
                s.placed_at,
                s.paid_at,
                s.fulfilled_at,
                s.delivered_at,
                s.cancelled_at,
                s.charged_back_at,
            )
            return sum(1 for time in times if time) + len(s.refunds)

        in_time = sorted(self.told[external_id], key=lambda s: (s.updated_at, done(s)))

        def said(name: str) -> Any:
            values = [getattr(s, name) for s in in_time]
            return next((value for value in reversed(values) if value is not UNSET), None)

        refunds = {r.id: r for s in in_time for r in s.refunds}
        imported = refunds.pop("import", None)
        own = sum(r.amount for r in refunds.values())
        beyond = max(imported.amount - own, 0) if imported else 0
        totals = said("totals")
        basis, left, reason = counted(totals, said("lines") or (), refunds.values(), beyond)
        back = own + beyond
        attribution = said("attribution")
        return {
            "id": external_id,
            "placed": said("placed_at"),
            "paid": said("paid_at"),
            "delivered": said("delivered_at"),
            "cancelled": said("cancelled_at") is not None,
            "charged back": said("charged_back_at") is not None,
            "refunded": back > 0 and back >= totals.grand,
            "basis": basis,
            "left": left,
            "no": reason,
            "currency": said("currency"),
            "codes": list(said("discount_codes") or ()),
            "token": attribution.token if attribution else None,
            "ruling": self.rulings.get(external_id),
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
            fell = o["cancelled"] or o["charged back"] or o["refunded"]
            counts = bool(o["paid"] and not fell) or o["ruling"] == "restore"
            who = self._recommended_by(o, human)
            if who and (who[1] == "code" or not touched):
                found[o["id"]] = outcome = self._judge(o, who, human, customer, referred, now)
                referred = referred or (counts and outcome.status in STANDING)
            customer = customer or counts
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
        if o["token"] in self.tokens:
            code, clicked_at = self.tokens[o["token"]]
            return code, "token", clicked_at
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
        code, via, _ = who
        ruling = o["ruling"]
        amount = o["basis"] if ruling == "restore" else o["left"]

        def answer(status: str, *reasons: str, until: datetime | None = None) -> Outcome:
            return Outcome(status, tuple(reasons), code, via, o["basis"], amount, until)

        if ruling == "reject":
            return answer("rejected", "ruled_out")
        no = self._refused(o, who, human, customer, referred)
        if no and ruling is None:
            return answer("rejected", *no)
        if ruling != "restore":
            if o["charged back"]:
                return answer("voided", "charged_back")
            if o["cancelled"]:
                return answer("voided", "cancelled")
            if o["refunded"] or (o["basis"] > 0 and o["left"] == 0):
                return answer("voided", "refunded")
            if not o["paid"] and o["id"] in self.released:
                return answer("voided", "payment_taken_back")
        until = self._held_until(o)
        if o["id"] in self.released:
            return answer("approved", until=until)
        if until is None:
            return answer("pending", "awaiting_payment")
        if ruling is None and any(name.endswith(THROWN_AWAY) for name in human):
            return answer("flagged", "disposable_email", until=until)
        if until <= now:
            self.released[o["id"]] = now
            return answer("approved", until=until)
        return answer("pending", "in_hold", until=until)

    def _refused(
        self,
        o: dict[str, Any],
        who: tuple[str, str, datetime],
        human: set[str],
        customer: bool,
        referred: bool,
    ) -> list[str]:
        code, _, seen = who
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
        if o["no"]:
            no.append(o["no"])
        elif o["basis"] < MINIMUM:
            no.append("below_minimum")
        return no

    def _held_until(self, o: dict[str, Any]) -> datetime | None:
        if not o["paid"]:
            return None
        until: datetime = o["paid"] + FALLBACK
        if o["delivered"] and o["delivered"] <= until:
            until = o["delivered"] + HOLD
        return until

    def rule(self, external_id: str, decision: str, now: datetime) -> bool:
        """The merchant overrules; whether that is possible."""
        status = self.outcomes(now)[external_id].status
        if status not in RULED_FROM[decision]:
            return False
        self.rulings[external_id] = "restore" if status == "voided" else decision
        return True

    def balances(self, now: datetime) -> dict[str, tuple[int, int]]:
        """What each advocate's code has earned in cents: (what is theirs, what waits). Coupons that
        were used are theirs no more, whatever became of what earned them."""
        theirs, waits = dict.fromkeys(self.advocates, 0), dict.fromkeys(self.advocates, 0)
        for outcome in self.outcomes(now).values():
            if outcome.status == "approved":
                theirs[outcome.code] += outcome.reward
            if outcome.status in ("pending", "flagged"):
                waits[outcome.code] += outcome.reward
        used = {code for external_id in self.told for code in self.state(external_id)["codes"]}
        for coupon in used & set(self.coupons):
            code, worth = self.coupons[coupon]
            theirs[code] -= worth
        return {code: (theirs[code], waits[code]) for code in self.advocates}
