"""Which orders are somebody's recommendation, told a second time: everything that was ever told is
kept, and all of it is decided again from the beginning whenever somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from tests.rewards.shop import SHIPPING, Bought
from wordmouth.orders.snapshot import Line, Refund
from wordmouth.referrals.facts import ReferralFacts

Data = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A friend took the offer of an advocate: both by their e-mail."""

    id: str
    email: str
    advocate: str
    version: str
    offer: str
    code: str
    at: datetime
    expires: datetime | None


@dataclass
class Facts:
    """What was told, and what was decided of it once and for all."""

    versions: dict[str, Data] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    told: dict[str, list[Bought]] = field(default_factory=dict)
    rulings: dict[str, str] = field(default_factory=dict)
    released: dict[str, datetime] = field(default_factory=dict)
    ever: dict[str, ReferralFacts] = field(default_factory=dict)

    def order(self, key: str) -> Bought:
        """The newest of what was told of an order, and every refund that ever was."""
        in_time = sorted(self.told[key], key=lambda told: told.at)
        refunds = {refund.id: refund for told in in_time for refund in told.refunds}
        return replace(in_time[-1], refunds=tuple(refunds.values()))

    def orders(self) -> list[Bought]:
        """Every order as it is known now."""
        return [self.order(key) for key in self.told]

    def decide(self, now: datetime) -> dict[str, ReferralFacts]:
        """Every referral by the order's key."""
        known = self.orders()
        found: dict[str, ReferralFacts] = {}
        for email in {order.email for order in known}:
            mine = [order for order in known if order.email == email]
            mine.sort(key=lambda o: (o.paid is None, o.paid or o.placed, o.id))
            found |= self._of_one_buyer(mine, now)
        for key, before in self.ever.items():
            if key not in found:
                found[key] = _put(before, status="rejected")
        self.ever = dict(found)
        return found

    def _of_one_buyer(self, mine: Sequence[Bought], now: datetime) -> dict[str, ReferralFacts]:
        found: dict[str, ReferralFacts] = {}
        customer = referred = used_up = False
        for order in mine:
            restored = self.rulings.get(order.id) == "restore"
            counts = restored or (order.paid is not None and not _fell(order))
            claim, by_code = self._recommended_by(order)
            if claim is not None and (by_code or not used_up):
                facts = self._judge(order, claim, customer, referred, now)
                found[order.id] = facts
                standing = facts.status in ("pending", "flagged", "approved")
                referred = referred or (standing and counts)
            customer = customer or counts
            used_up = used_up or (counts and claim is not None)
        return found

    def _recommended_by(self, order: Bought) -> tuple[Claim | None, bool]:
        by_code = [claim for claim in self.claims if claim.code in order.codes]
        if by_code:
            return min(by_code, key=lambda claim: (claim.at, claim.id)), True
        own = [claim for claim in self.claims if claim.email == order.email]
        own = [claim for claim in own if claim.at <= order.placed]
        return min(own, key=lambda claim: (claim.at, claim.id), default=None), False

    def _judge(
        self, order: Bought, claim: Claim, customer: bool, referred: bool, now: datetime
    ) -> ReferralFacts:
        terms = self.versions[claim.version]
        ruling = self.rulings.get(order.id, "")
        basis, left, counts = _what_counts(order, terms["eligibility"])
        left = basis if ruling == "restore" else left
        refused = (
            claim.advocate == order.email
            or referred
            or (customer and terms["eligibility"]["friend"] == "new_customers")
            or order.placed > claim.at + timedelta(days=terms["attribution_days"])
            or (counts and basis < terms["eligibility"].get("min_order", 0))
            or not counts
        )
        fell = _fell(order) or (basis > 0 and left == 0)
        fell = fell or (order.paid is None and order.id in self.released)
        if ruling == "reject" or (refused and not ruling):
            status = "rejected"
        elif fell and ruling != "restore":
            status = "voided"
        else:
            status = self._standing(order, claim, terms, ruling, now)
        return ReferralFacts(
            id=order.id,
            advocate_id=claim.advocate,
            friend_id=order.email,
            order_id=order.id,
            order_key=order.id,
            version_id=claim.version,
            offer=claim.offer,
            claim_id=claim.id,
            via="",
            status=status,
            reasons=(),
            basis=basis,
            amount=left,
            ordered_at=order.placed,
            hold_until=None,
            released_at=self.released.get(order.id),
            created_at=order.placed,
            decided_at=order.placed,
        )

    def _standing(
        self, order: Bought, claim: Claim, terms: Data, ruling: str, now: datetime
    ) -> str:
        if order.id in self.released:
            return "approved"
        if order.paid is None:
            return "pending"
        too_fast = timedelta(0) <= order.placed - claim.at < timedelta(seconds=10)
        if terms["fraud"]["preset"] == "strict" and too_fast and not ruling:
            return "flagged"
        if _held_until(order, terms["hold"]) > now:
            return "pending"
        self.released[order.id] = now
        return "approved"


def _put(facts: ReferralFacts, **changes: Any) -> ReferralFacts:
    return ReferralFacts(
        **{name: getattr(facts, name) for name in ReferralFacts.__struct_fields__} | changes
    )


def _fell(order: Bought) -> bool:
    back = order.given_back
    return bool(order.cancelled or order.charged_back or (back > 0 and back >= order.grand))


def _held_until(order: Bought, hold: Data) -> datetime:
    assert order.paid is not None
    at_last = order.paid + timedelta(days=hold["fallback_days"])
    happened: datetime | None = getattr(order, hold["after"])
    if happened is None:
        return at_last
    if hold["after"] in ("delivered", "fulfilled") and happened > at_last:
        return at_last
    return happened + timedelta(days=hold["days"])


def _what_counts(order: Bought, terms: Data) -> tuple[int, int, bool]:
    """What was paid for the goods that count, what is left of it, and whether that is something."""
    goods = order.goods
    lines = goods.lines or (Line(id="?", total=goods.items),)
    paid: dict[str, Fraction] = {}
    for line in lines:
        paid[line.id] = Fraction(line.total * (goods.items - goods.discount), goods.items)
        assert paid[line.id].denominator == 1, "the baskets are made to come out even"
    wanted = [line for line in lines if _is_wanted(line, terms)]
    counting = [line for line in wanted if terms.get("gift_cards") or not line.gift_card]
    basis = sum(paid[line.id] for line in counting)
    counts = bool(counting)
    if goods.card and not terms.get("gift_cards"):
        counts = False
    if basis == 0 and not terms.get("free_orders"):
        counts = False
    left = _left(order.refunds, goods.lines, paid, {line.id for line in counting})
    return int(basis), left, counts


def _is_wanted(line: Line, terms: Data) -> bool:
    include, exclude = terms.get("include"), terms.get("exclude")
    if include is not None and not _is_of(line, include):
        return False
    return exclude is None or not _is_of(line, exclude)


def _is_of(line: Line, goods: Data) -> bool:
    categories = [name.lower() for name in goods.get("categories", ())]
    return line.product_id in goods.get("products", ()) or line.category.lower() in categories


def _left(
    refunds: Sequence[Refund],
    lines: Sequence[Line],
    paid: dict[str, Fraction],
    counting: set[str],
) -> int:
    """Refunds that name a line take of that line; what they are more than that is shipping first,
    then it is like those that name none: taken of all that is left, by worth."""
    quantities = {line.id: line.quantity for line in lines}
    whole: set[str] = set()
    amounts: dict[str, int] = {}
    pieces: dict[str, int] = {}
    loose = beyond = 0
    for refund in refunds:
        part = next((one for one in refund.lines if one.id in quantities), None)
        if part is None:
            loose += refund.amount
            continue
        worth = int(paid[part.id])
        if part.amount is not None:
            amounts[part.id] = amounts.get(part.id, 0) + part.amount
            worth = part.amount
        elif part.quantity is not None:
            pieces[part.id] = pieces.get(part.id, 0) + part.quantity
            worth = _of_pieces(paid[part.id], part.quantity, quantities[part.id])
        else:
            whole.add(part.id)
        beyond += max(refund.amount - worth, 0)
    left: dict[str, int] = {}
    for name, worth_of in paid.items():
        back = int(worth_of) if name in whole else amounts.get(name, 0)
        if name not in whole and name in pieces:
            back += _of_pieces(worth_of, pieces[name], quantities[name])
        left[name] = max(int(worth_of) - back, 0)
    loose += max(beyond - SHIPPING, 0)
    everything = sum(left.values())
    if everything == 0:
        return 0
    mine = sum(worth for name, worth in left.items() if name in counting)
    return _rounded(Fraction(mine * max(everything - loose, 0), everything))


def _of_pieces(worth: Fraction, pieces: int, quantity: int) -> int:
    return _rounded(worth * min(pieces, quantity) / quantity)


def _rounded(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))
