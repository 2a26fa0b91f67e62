"""Gathers the evidence of whole buyers in sets: the same few queries for any number of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.orders import queries as orders
from wordmouth.orders.facts import OrderContents, OrderFacts
from wordmouth.people import queries as people
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Eligibility, Goods
from wordmouth.programs.facts import ProgramVersionFacts
from wordmouth.programs.history import ProgramHistory, histories
from wordmouth.referrals import queries
from wordmouth.referrals.attribution import Known, Touch, touch_of
from wordmouth.referrals.eligible import GoodsRules, GoodsSet, category
from wordmouth.referrals.evidence import Candidate, OrderEvidence, Terms
from wordmouth.referrals.models import Referral, Ruling
from wordmouth.stores import queries as stores
from wordmouth.stores import rows
from wordmouth.visits import queries as visits
from wordmouth.visits import tokens
from wordmouth.visits.facts import ClaimFacts


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """The histories of those buyers (by root) whom anybody recommended, their stored referrals (by
    order), and the terms they are judged by (by version)."""

    histories: dict[str, list[OrderEvidence]]
    orders: dict[str, OrderFacts]
    stored: dict[str, Referral]
    terms: dict[str, Terms]


def gather(store_id: str, roots: Iterable[str]) -> Gathered:
    """Everything that decides about the orders of these humans."""
    members = people.members(roots)
    root_of = {person: root for root, persons in members.items() for person in persons}
    bought = orders.orders_of_persons(root_of)
    stored = {row.order_id: row for row in queries.rows_of_orders(one.id for one in bought)}
    desk = _Desk(store_id, bought, root_of, stored)
    touches = {order.id: touch for order in bought if (touch := desk.touch(order))}
    if touches:
        desk.contents = orders.contents(touches)
    looked_at = touches.keys() | stored.keys()
    recommended = {root_of[one.person_id or ""] for one in bought if one.id in looked_at}
    found: dict[str, list[OrderEvidence]] = defaultdict(list)
    for order in bought:
        root = root_of[order.person_id or ""]
        if root in recommended:
            found[root].append(desk.evidence(order, touches.get(order.id)))
    return Gathered(
        histories=dict(found),
        orders={order.id: order for order in bought},
        stored=stored,
        terms=desk.terms,
    )


class _Desk:
    """Everything that is known about a set of orders, looked up once."""

    def __init__(
        self,
        store_id: str,
        bought: list[OrderFacts],
        root_of: dict[str, str],
        stored: Mapping[str, Referral],
    ) -> None:
        self.root_of = root_of
        self.store_currency = stores.store(store_id).currency
        self.tokens = {
            order.token: token
            for order in bought
            if order.token and (token := tokens.read(order.token, store_id))
        }
        given = {code for order in bought for code in (*order.codes, order.code) if code}
        self.coupons = visits.claims_by_code(given) if given else {}
        wanted = given | {token.code for token in self.tokens.values()}
        self.codes = advocates.by_codes(wanted) if wanted else {}
        self.claims: dict[str, list[ClaimFacts]] = defaultdict(list)
        for claim in visits.claims_of_persons(root_of):
            self.claims[root_of[claim.person_id]].append(claim)
        self._look_up_advocates()
        self._look_up_stored(stored)
        self.contents: Mapping[str, OrderContents] = {}

    def _look_up_advocates(self) -> None:
        claims = [*self.coupons.values(), *(c for some in self.claims.values() for c in some)]
        ids = {claim.advocate_id for claim in claims}
        known = {facts.id: facts for facts in self.codes.values()}
        self.advocates: dict[str, AdvocateFacts] = known | advocates.advocates(ids - set(known))
        self.histories = histories(facts.program_id for facts in self.advocates.values())
        persons = {facts.person_id for facts in self.advocates.values()}
        self.advocate_roots = people.roots(persons) if persons else {}
        self.hosts = people.email_hosts(set(self.root_of.values())) if self.advocates else {}
        versions = {claim.version_id for claim in claims} | {
            version for h in self.histories.values() for _, version in h.versions
        }
        self.terms = (
            {
                key: _terms(facts, self.store_currency)
                for key, facts in programs.versions(versions).items()
            }
            if versions
            else {}
        )

    def _look_up_stored(self, stored: Mapping[str, Referral]) -> None:
        """What was already released and ruled: facts of their own, kept by this room."""
        self.released = {order: row.released_at for order, row in stored.items()}
        order_of = {row.id: order for order, row in stored.items()}
        rulings = rows.read(
            Ruling, ("referral_id", "decision"), order_by=("seq",), referral_id__in=order_of
        )
        self.ruling = {order_of[referral]: decision for referral, decision in rulings}

    def touch(self, order: OrderFacts) -> Touch | None:
        """How an order leads to an advocate, if it does."""
        root = self.root_of[order.person_id or ""]
        known = Known(
            coupons=self.coupons,
            codes=self.codes,
            tokens=self.tokens,
            claims=self.claims.get(root, []),
        )
        return touch_of(order, known)

    def evidence(self, order: OrderFacts, touch: Touch | None) -> OrderEvidence:
        """One order as evidence, with its candidate where a touch leads to one."""
        root = self.root_of[order.person_id or ""]
        return OrderEvidence(
            order_id=order.id,
            external_id=order.external_id,
            currency=order.currency,
            fully_refunded=order.fully_refunded,
            placed_at=order.placed_at,
            paid_at=order.paid_at,
            fulfilled_at=order.fulfilled_at,
            delivered_at=order.delivered_at,
            cancelled_at=order.cancelled_at,
            charged_back_at=order.charged_back_at,
            is_test=order.is_test,
            candidate=self._candidate(touch, order, root) if touch else None,
            contents=self.contents.get(order.id),
            ruling=self.ruling.get(order.id),
            released_at=self.released.get(order.id),
        )

    def _candidate(self, touch: Touch, order: OrderFacts, root: str) -> Candidate:
        advocate = self.advocates[touch.advocate_id]
        history = self.histories[advocate.program_id]
        claim = touch.claim
        version = claim.version_id if claim else _version_at(history, touch)
        return Candidate(
            advocate_id=advocate.id,
            via=touch.via,
            seen_at=touch.seen_at,
            claim_id=claim.id if claim else None,
            version_id=version,
            offer=claim.offer if claim else advocate.offer,
            live=claim is not None or history.status_at(touch.seen_at) == "live",
            same_human=self.advocate_roots[advocate.person_id] == root,
            email_hosts=self.hosts.get(root, ()),
        )


def _version_at(history: ProgramHistory, touch: Touch) -> str:
    """The version that was current at the first touch; the first one for touches before it."""
    return history.version_at(touch.seen_at) or history.versions[0][1]


def _terms(facts: ProgramVersionFacts, store_currency: str) -> Terms:
    document = facts.document
    return Terms(
        currency=document.eligibility.currency or store_currency,
        new_customers=document.eligibility.friend == "new_customers",
        min_order=document.eligibility.min_order,
        attribution_days=document.attribution_days,
        hold_after=document.hold.after,
        hold_days=document.hold.days,
        fallback_days=document.hold.fallback_days,
        preset=document.fraud.preset,
        goods=_goods_rules(document.eligibility),
    )


def _goods_rules(eligibility: Eligibility) -> GoodsRules:
    return GoodsRules(
        include=_goods(eligibility.include),
        exclude=_goods(eligibility.exclude),
        gift_cards=eligibility.gift_cards,
        free_orders=eligibility.free_orders,
    )


def _goods(told: Goods | None) -> GoodsSet | None:
    if told is None:
        return None
    categories = {category(name) for name in told.categories}
    return GoodsSet(
        products=tuple(sorted(set(told.products))), categories=tuple(sorted(categories))
    )
