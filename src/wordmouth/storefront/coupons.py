"""Rewards as their holders see them: coupons, and what else there is to open or to read."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import rules
from wordmouth.fulfilment.facts import NOTHING, CouponFacts, Held
from wordmouth.messages import explain
from wordmouth.messages.voice import Voice
from wordmouth.programs.document import ProgramDocument
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.storefront.offers import ART
from wordmouth.visits.facts import ClaimFacts


class CouponView(msgspec.Struct, frozen=True, kw_only=True):
    """A reward. `code` is empty while there is none to use; `waiting` says that it will come;
    `url` opens it, under the words `action`; `note` is what an issuer says of it. `is_code` says
    that it is a code for the checkout."""

    value: str
    icon: str
    code: str
    label: str
    tone: str
    text: str
    usable: bool
    waiting: bool
    url: str = ""
    action: str = ""
    note: str = ""
    is_code: bool = True


def icon(kind: str) -> str:
    """The name of the drawing for a kind of reward."""
    return ART.get(kind, "coin")


def of_claim(
    claim: ClaimFacts, document: ProgramDocument, voice: Voice, *, whole_story: bool
) -> CouponView:
    """The friend's coupon; why it was taken back is told only to its holder."""
    reward = rewards.of_claim(claim.id)
    if reward is None:
        return CouponView(
            value="", icon="coin", code="", label="", tone="", text="", usable=False, waiting=False
        )
    coupon = fulfilment.coupons([reward.id]).get(reward.id)
    shown = held(reward, coupon) if whole_story and rules.carrier_of(reward.kind) in _OPEN else None
    return view(
        reward, coupon, document, voice, why=_why(reward) if whole_story else "", held=shown
    )


_OPEN = (rules.COUPON, rules.ACCESS)
"""What may be shown to whoever claimed. A gift card is as good as money, and whoever claimed may
have entered somebody else's address: it goes to that address alone, by mail."""


def held(reward: RewardFacts, coupon: CouponFacts | None) -> Held | None:
    """What its holder has of a reward; None while that is nothing."""
    known = {reward.id: coupon} if coupon is not None else {}
    return fulfilment.held([reward], known).get(reward.id)


def _why(reward: RewardFacts) -> str:
    if reward.party == "friend":
        return explain.to_friend([reward.why])
    return explain.to_advocate([reward.why])


def of_reward(
    reward: RewardFacts,
    coupon: CouponFacts | None,
    document: ProgramDocument,
    voice: Voice,
    released_on: str,
) -> CouponView:
    """An advocate's own reward; `released_on` is the day on which its hold ends, if known."""
    found = view(reward, coupon, document, voice, why=_why(reward), held=held(reward, coupon))
    if reward.state == "pending" and released_on:
        text = _("Released on {day}, if nothing is sent back until then.").format(day=released_on)
        return msgspec.structs.replace(found, text=text)
    return found


def view(
    reward: RewardFacts,
    coupon: CouponFacts | None,
    document: ProgramDocument,
    voice: Voice,
    *,
    why: str,
    held: Held | None = None,
) -> CouponView:
    """The reward in its state, with what its holder has of it."""
    status = fulfilment.public_status(reward, coupon)
    waits = reward.state == "pending"
    label, tone, text = _words(status, reward, voice, why, waits=waits)
    carrier = rules.carrier_of(reward.kind)
    code = (held or NOTHING).code
    if carrier == rules.COUPON and status != "pending":
        code = reward.code
    return CouponView(
        value=voice.reward(reward, document),
        icon=icon(reward.kind),
        code=code,
        label=label,
        tone=tone,
        text=text,
        usable=status == "issued",
        waiting=status == "pending" and not waits,
        url=(held or NOTHING).url,
        action=_action(carrier),
        note=(held or NOTHING).text,
        is_code=carrier == rules.COUPON,
    )


def _action(carrier: str) -> str:
    """What opening it is called."""
    if carrier == rules.ACCESS:
        return _("See what it opens")
    return _("Open your gift card") if carrier == rules.GIFT_CARD else _("Open")


def _words(
    status: str, reward: RewardFacts, voice: Voice, why: str, *, waits: bool
) -> tuple[str, str, str]:
    """The label, its tone and one sentence."""
    coupon = rules.carrier_of(reward.kind) == rules.COUPON
    match status:
        case "issued":
            return _("Ready"), "good", _ready(reward, voice)
        case "redeemed":
            day = voice.day(reward.redeemed_at) if reward.redeemed_at else ""
            text = _("Used on {day}.").format(day=day) if day else _("It has been used.")
            if reward.offset and reward.offset == reward.value:
                text = _("It made up for a reward that was used and then taken back.")
            return _("Used"), "", text
        case "withdrawn":
            gone = _("This code no longer works.") if coupon else _("It can no longer be used.")
            return _("Taken back"), "bad", why or gone
        case "expired":
            return _("Expired"), "", _("It was not used in time.")
        case "failed":
            text = _("The shop could not make it. We know of it and see to it.")
            return _("Being looked into"), "wait", text
    if waits and reward.party == "friend":
        text = _("It comes when you have bought and the return window has passed.")
        return _("On the way"), "wait", text
    if waits:
        return _("On the way"), "wait", _("It is released when the return window has passed.")
    if coupon:
        text = _("The shop is making your code: this takes a few seconds.")
    else:
        text = _("It is being made for you.")
    return _("Being made"), "wait", text


def _ready(reward: RewardFacts, voice: Voice) -> str:
    """What can be done with it, and until when."""
    carrier = rules.carrier_of(reward.kind)
    day = voice.day(reward.expires_at) if reward.expires_at else ""
    if carrier == rules.COUPON:
        if day:
            return _("Works once, until {day}.").format(day=day)
        return _("Works once, whenever you like.")
    if carrier == rules.ACCESS:
        return _("You are let in before everybody else.")
    if carrier and reward.party == "friend":
        return _("It was sent to you by mail.")
    return _("It is yours.")
