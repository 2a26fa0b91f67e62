"""Referrals as the merchant reads them, gathered from the rooms that know."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

from wordmouth.advocates import queries as advocates
from wordmouth.dashboard import words
from wordmouth.dashboard.words import Label
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.rules import COUPON_KINDS
from wordmouth.messages.voice import Voice, plain_name
from wordmouth.orders import queries as orders
from wordmouth.people import queries as people
from wordmouth.people.facts import PersonFacts
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.referrals.states import RULED_FROM
from wordmouth.referrals.words import moment_text, reason_text
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores.facts import StoreFacts
from wordmouth.visits import queries as visits


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A referral in the table."""

    url: str
    at: str
    advocate: str
    friend: str
    order: str
    amount: str
    label: Label
    note: str


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of the story."""

    at: str
    text: str


class Reward(msgspec.Struct, frozen=True, kw_only=True):
    """What one side gets for it, and its code in the shop."""

    party: str
    value: str
    code: str
    label: Label
    problem: str


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One referral whole. `next` says what comes and when; `decisions` which are possible now."""

    id: str
    row: Row
    advocate_mail: str
    advocate_code: str
    friend_mail: str
    via: str
    program: str
    next: str
    reasons: tuple[str, ...]
    story: tuple[Moment, ...]
    rewards: tuple[Reward, ...]
    may_approve: bool
    may_reject: bool


def rows(store: StoreFacts, found: Sequence[ReferralFacts]) -> tuple[Row, ...]:
    """The referrals as rows, with all names in three queries."""
    speaker = Voice(store)
    members = advocates.advocates(one.advocate_id for one in found)
    persons = people.persons(
        {one.person_id for one in members.values()}
        | {one.friend_id for one in found if one.friend_id}
    )
    bought = orders.orders(one.order_id for one in found)
    return tuple(
        Row(
            url=reverse("desk:referral", args=[store.slug, one.id]),
            at=speaker.moment(one.created_at),
            advocate=_name(persons.get(members[one.advocate_id].person_id)),
            friend=_name(persons.get(one.friend_id or "")),
            order=bought[one.order_id].number or bought[one.order_id].external_id,
            amount=speaker.money(one.amount, bought[one.order_id].currency),
            label=words.label(one.status),
            note=_next(one, speaker),
        )
        for one in found
    )


def _name(person: PersonFacts | None) -> str:
    if person is None:
        return _("unknown")
    full = plain_name(f"{person.first_name} {person.last_name}")
    return full or person.email or _("unknown")


def _next(referral: ReferralFacts, speaker: Voice) -> str:
    """What comes next, or why nothing does."""
    if referral.status == "pending" and referral.hold_until is not None:
        return _("released on {day}").format(day=speaker.day(referral.hold_until))
    return " ".join(reason_text(code) for code in referral.reasons)


def case(store: StoreFacts, referral_id: str) -> Case:
    """One referral with its story. Raises NotFound."""
    referral = referrals.referral(referral_id)
    speaker = Voice(store)
    advocate = advocates.advocate(referral.advocate_id)
    persons = people.persons([advocate.person_id, referral.friend_id or ""])
    sender, friend = persons.get(advocate.person_id), persons.get(referral.friend_id or "")
    story = referrals.timeline([referral_id]).get(referral_id, [])
    version = programs.version(referral.version_id)
    return Case(
        id=referral.id,
        row=rows(store, [referral])[0],
        advocate_mail=sender.email if sender else "",
        advocate_code=advocate.code,
        friend_mail=friend.email if friend else "",
        via=str(words.VIA.get(referral.via, referral.via)),
        program=_("{name}, version {number}, offer {offer}").format(
            name=version.document.name, number=version.number, offer=referral.offer
        ),
        next=_next(referral, speaker),
        reasons=tuple(reason_text(code) for code in referral.reasons),
        story=tuple(
            Moment(at=speaker.moment(one.at), text=moment_text(one.what, one.details))
            for one in story
        ),
        rewards=_rewards(referral, speaker),
        may_approve=referral.status in RULED_FROM["approve"],
        may_reject=referral.status in RULED_FROM["reject"],
    )


def _said(reward: RewardFacts) -> str:
    """Why a reward is as it is, where nothing was made of it."""
    return reason_text(reward.why) if reward.why in ("set_off", "count_lost") else ""


def _rewards(referral: ReferralFacts, speaker: Voice) -> tuple[Reward, ...]:
    found = rewards.of_referrals([referral.id])
    if referral.claim_id:
        claim = visits.claims([referral.claim_id]).get(referral.claim_id)
        own = rewards.of_claim(claim.id) if claim else None
        if own is not None and own.id not in {one.id for one in found}:
            found = [own, *found]
    documents = programs.versions(one.version_id for one in found)
    made = fulfilment.coupons([one.id for one in found])
    names = {"friend": _("Friend"), "advocate": _("Advocate")}
    shown = []
    for one in found:
        coupon = made.get(one.id)
        status = fulfilment.public_status(one, coupon)
        shown.append(
            Reward(
                party=names.get(one.party, one.party),
                value=speaker.reward(one, documents[one.version_id].document),
                code=one.code if one.kind in COUPON_KINDS and status != "pending" else "",
                label=words.label(status),
                problem=coupon.problem if coupon else _said(one),
            )
        )
    return tuple(shown)
