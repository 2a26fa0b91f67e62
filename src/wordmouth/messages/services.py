"""What is said when something happened: one message for one occasion, asked for with the fact.

The `on_...` functions are reactions: they are called inside a store write with all events of one
type. A message is a row and an effect `mail.send`; its text is made when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django_scopes import get_scope

from wordmouth.advocates import queries as advocates
from wordmouth.fulfilment.events import CouponIssued
from wordmouth.kit import clock
from wordmouth.kit.ids import derived_id
from wordmouth.messages import suppression, tokens
from wordmouth.messages.models import Message
from wordmouth.orders import queries as orders
from wordmouth.orders.events import OrderChanged
from wordmouth.orders.facts import OrderFacts
from wordmouth.outbox import services as outbox
from wordmouth.outbox.facts import EffectRequest
from wordmouth.payouts.events import PayoutChanged
from wordmouth.people import queries as people
from wordmouth.people import services as people_services
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.programs.document import AFTER_ORDER_KINDS, WALLET_KINDS
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.events import ReferralChanged
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import rows, tables

SEND = "mail.send"
WAITING, SENT, SUPPRESSED, FAILED = "waiting", "sent", "suppressed", "failed"
UNSETTLED = (WAITING, FAILED)
"""A failed message may still be sent: its effect can be revived once the cause is mended."""
INVITE_AGAIN_AFTER = timedelta(days=30)
NEWS_FOR = timedelta(days=30)
"""What happened longer ago is history that the shop tells late: nobody is written to about it."""

PAYOUTS_TOLD = ("sent", "settled", "returned", "refused")

LINK_AGAIN_AFTER = timedelta(minutes=10)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A message to be sent; `key` names the occasion, and an occasion makes one message."""

    key: str
    kind: str
    person_id: str
    about: dict[str, Any]


def ask_for(wishes: Iterable[Wish]) -> None:
    """Ask for messages. Inside a store write; an occasion that is known already adds nothing."""
    store_id: str = get_scope()["store"]
    now = clock.now()
    asked = [
        {
            "id": derived_id("msg", store_id, wish.key),
            "store_id": store_id,
            "key": wish.key,
            "kind": wish.kind,
            "person_id": wish.person_id,
            "about": wish.about,
            "created_at": now,
        }
        for wish in wishes
    ]
    tables.insert_values(Message, asked, ignore=True)
    outbox.enqueue(
        [
            EffectRequest(key=f"mail:{row['key']}", kind=SEND, payload={"message": row["id"]})
            for row in asked
        ]
    )


def settle(message_id: str, state: str) -> str:
    """Note what became of a message that is not settled; gives `state` back. In a store write."""
    sent_at = clock.now() if state == SENT else None
    open_ones = Message.objects.filter(id=message_id, state__in=UNSETTLED)
    open_ones.update(state=state, sent_at=sent_at)
    return state


def on_orders_changed(events: Sequence[OrderChanged]) -> None:
    """Invite whoever paid an order for the first time to recommend the shop."""
    now = clock.now()
    paid = [event.order for event in events if _newly_paid(event, now)]
    if not paid or programs.open_program() is None:
        return
    family = _families(order.person_id for order in paid if order.person_id)
    members = {person for persons in family.values() for person in persons}
    passed_over = {facts.person_id for facts in advocates.of_persons(members)}
    again = now - INVITE_AGAIN_AFTER
    columns = ("person_id", "created_at")
    asked = rows.read(Message, columns, kind="invite", person_id__in=members)
    passed_over |= {person for person, asked_at in asked if asked_at > again}
    wishes = []
    for order in paid:
        person = order.person_id
        if person is None or passed_over.intersection(family[person]):
            continue
        passed_over.update(family[person])
        wishes.append(
            Wish(
                key=f"invite:{order.id}",
                kind="invite",
                person_id=person,
                about={"order": order.id},
            )
        )
    ask_for(wishes)


def _newly_paid(event: OrderChanged, now: datetime) -> bool:
    order, before = event.order, event.before
    known = before is not None and before.paid_at is not None
    return order.paid_at is not None and not known and not event.imported and _is_news(order, now)


def _is_news(order: OrderFacts, now: datetime) -> bool:
    """A real order of late that stands."""
    return not order.is_test and not order.undone and now - order.placed_at <= NEWS_FOR


def _families(person_ids: Iterable[str]) -> dict[str, list[str]]:
    """For each person all ids of the same human."""
    roots = people.roots(person_ids)
    members = people.members(roots.values())
    return {person: members.get(root, [person]) for person, root in roots.items()}


def on_referrals_changed(events: Sequence[ReferralChanged]) -> None:
    """Tell the advocate of a friend's order, and of one that does not count."""
    told = {"pending": "referral_pending", "flagged": "referral_pending", "rejected": "rejected"}
    changed = [
        event.referral
        for event in events
        if event.referral.status in told
        and (event.before is None or event.before.status != event.referral.status)
    ]
    if not changed:
        return
    found = orders.orders(referral.order_id for referral in changed)
    writers = advocates.advocates(referral.advocate_id for referral in changed)
    now = clock.now()
    ask_for(
        Wish(
            key=f"{told[referral.status]}:{referral.id}",
            kind=told[referral.status],
            person_id=writers[referral.advocate_id].person_id,
            about={"referral": referral.id},
        )
        for referral in changed
        if not found[referral.order_id].is_test
        and now - found[referral.order_id].placed_at <= NEWS_FOR
    )


def on_rewards_changed(events: Sequence[RewardChanged]) -> None:
    """Tell both sides of what was credited and of what was taken back.

    The advocate hears of a rejected order in other words; the friend of a discount that went
    back with a refund, not of a cancelled order: its code may work again.
    """
    credits = [event.reward for event in events if _is_credited(event)]
    gone = [event for event in events if event.reward.state == "withdrawn"]
    statuses = {
        event.reward.referral_id: referrals.referral(event.reward.referral_id).status
        for event in gone
        if event.reward.referral_id and event.reward.party == "advocate"
    }
    wishes = []
    for event in gone:
        reward = event.reward
        if reward.party == "advocate":
            kind = "reward_withdrawn" if statuses.get(reward.referral_id or "") == "voided" else ""
        else:
            had_code = reward.kind not in AFTER_ORDER_KINDS
            kind = "friend_reward_withdrawn" if reward.why == "refunded" and had_code else ""
        if kind:
            key, about = f"{kind}:{reward.id}", {"reward": reward.id}
            wishes.append(Wish(key=key, kind=kind, person_id=reward.person_id, about=about))
    wishes += [
        Wish(
            key=f"credited:{reward.id}",
            kind="credited",
            person_id=reward.person_id,
            about={"reward": reward.id},
        )
        for reward in credits
    ]
    ask_for(wishes)


def _is_credited(event: RewardChanged) -> bool:
    """Whether a wallet holds it now and did not before."""
    return event.reward.kind in WALLET_KINDS and event.reward.state == "due" != event.before


def on_payouts_changed(events: Sequence[PayoutChanged]) -> None:
    """Tell the advocate when cash leaves, arrives or comes back."""
    ask_for(
        Wish(
            key=f"payout:{event.payout.id}:{event.payout.state}",
            kind="payout",
            person_id=event.payout.person_id,
            about={"payout": event.payout.id, "state": event.payout.state},
        )
        for event in events
        if event.payout.state in PAYOUTS_TOLD and event.before != event.payout.state
    )


def on_coupons_issued(events: Sequence[CouponIssued]) -> None:
    """Hand over what is there, to the friend or to the advocate; again what was made anew."""
    found = rewards.by_ids([event.reward_id for event in events])
    again = {event.reward_id: f":{event.turn}" for event in events if event.turn > 1}
    ask_for(
        Wish(
            key=f"{_ready_kind(reward)}:{reward.id}{again.get(reward.id, '')}",
            kind=_ready_kind(reward),
            person_id=reward.person_id,
            about={"reward": reward.id},
        )
        for reward in found.values()
    )


def _ready_kind(reward: RewardFacts) -> str:
    """A friend's code for the order is told as the answer to a claim; whatever comes after an
    order, as a reward."""
    asked_for = reward.party == "friend" and reward.kind not in AFTER_ORDER_KINDS
    return "claim" if asked_for else "reward_ready"


def ask_for_link(store_id: str, email: str) -> None:
    """Send somebody the link to their page, or to joining; at most one in ten minutes.

    Does the same for everybody, known or not. Inside a store write. Raises BadEmail.
    """
    person = people_services.person_for(store_id, CustomerSnapshot(email=email))
    period = int(clock.now().timestamp() // LINK_AGAIN_AFTER.total_seconds())
    key = f"portal_link:{person}:{period}"
    ask_for([Wish(key=key, kind="portal_link", person_id=person, about={})])


def unsubscribe(store_id: str, key: str) -> None:
    """Write to the mailbox no more that the key from a mail stands for.

    Inside a store write. Raises BadSignature.
    """
    suppression.stop(tokens.stopped_digest(store_id, key), suppression.UNSUBSCRIBED)


def resubscribe(store_id: str, key: str) -> None:
    """Take an unsubscription back. Inside a store write. Raises BadSignature."""
    suppression.resume(tokens.stopped_digest(store_id, key))


def is_unsubscribed(store_id: str, key: str) -> bool:
    """Whether the mailbox behind the key is not written to. Raises BadSignature."""
    return suppression.is_stopped(tokens.stopped_digest(store_id, key))
