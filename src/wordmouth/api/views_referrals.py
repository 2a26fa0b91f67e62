"""Referrals told whole: who, which order, what was decided and why; read in sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from wordmouth.advocates import queries as advocates
from wordmouth.api.paging import check_id, page_of
from wordmouth.api.requests import ReferralQuery, ReferralStatus
from wordmouth.api.shapes import (
    Moment,
    Page,
    Referral,
    ReferralAdvocate,
    ReferralFriend,
    ReferralOrder,
    Text,
)
from wordmouth.orders import queries as orders
from wordmouth.orders.facts import OrderFacts
from wordmouth.people import queries as people
from wordmouth.people.facts import PersonFacts
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import services, words
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.queries import MomentFacts


def one(referral_id: str) -> Referral:
    """One referral. Raises NotFound."""
    return shown([referrals.referral(referral_id)])[0]


def page(query: ReferralQuery) -> Page[Referral]:
    """Referrals, newest first. An order or advocate that the store does not have: none."""
    check_id("query.advocate", query.advocate, "adv")
    order_id = _order_id(query.order)
    if query.order is not None and order_id is None:
        return Page(data=[], has_more=False)

    def read(limit: int, starting_after: str | None) -> Sequence[ReferralFacts]:
        return referrals.page(
            order=order_id,
            advocate=query.advocate,
            status=query.status,
            limit=limit,
            starting_after=starting_after,
        )

    return page_of(query, "ref", read, shown)


def rule(store_id: str, referral_id: str, decision: str, reason: str, by: str) -> Referral:
    """Overrule the rules, for good. Raises NotFound, Conflict."""
    services.rule(store_id, referral_id, decision, reason, by)
    return one(referral_id)


def shown(found: Sequence[ReferralFacts]) -> list[Referral]:
    """Referrals as shapes, with a fixed number of queries however many they are."""
    owners = advocates.advocates(facts.advocate_id for facts in found)
    friends = {facts.friend_id for facts in found if facts.friend_id}
    persons = people.persons(friends | {owner.person_id for owner in owners.values()})
    bought = orders.orders(facts.order_id for facts in found)
    versions = programs.versions(facts.version_id for facts in found)
    timelines = referrals.timeline([facts.id for facts in found])
    shapes = []
    for facts in found:
        owner = owners[facts.advocate_id]
        shapes.append(
            Referral(
                id=facts.id,
                status=cast(ReferralStatus, facts.status),
                reasons=[_reason(code) for code in facts.reasons],
                advocate=ReferralAdvocate(
                    id=owner.id,
                    code=owner.code,
                    email=persons[owner.person_id].email,
                    first_name=persons[owner.person_id].first_name,
                ),
                friend=_friend(persons.get(facts.friend_id or "")),
                order=_order(bought[facts.order_id], facts),
                program=versions[facts.version_id].document.slug,
                offer=facts.offer,
                via=facts.via,
                hold_until=facts.hold_until,
                created_at=facts.created_at,
                timeline=[_moment(moment) for moment in timelines.get(facts.id, [])],
            )
        )
    return shapes


def _reason(code: str) -> Text:
    return Text(code=code, text=str(words.reason_text(code)))


def _moment(moment: MomentFacts) -> Moment:
    text = str(words.moment_text(moment.what, moment.details))
    return Moment(at=moment.at, what=moment.what, text=text)


def _friend(person: PersonFacts | None) -> ReferralFriend | None:
    if person is None:
        return None
    return ReferralFriend(id=person.id, email=person.email, first_name=person.first_name)


def _order(order: OrderFacts, facts: ReferralFacts) -> ReferralOrder:
    return ReferralOrder(
        id=order.id,
        external_id=order.external_id,
        number=order.number,
        currency=order.currency,
        basis=facts.basis,
        amount=facts.amount,
    )


def _order_id(given: str | None) -> str | None:
    """Our id of an order; the shop's id counts first, ours is understood too."""
    if given is None:
        return None
    found = orders.order(given) or orders.orders([given]).get(given)
    return found.id if found else None
