"""Coupons as their holders see them."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.facts import CouponFacts
from wordmouth.messages import explain
from wordmouth.messages.voice import Voice
from wordmouth.programs.document import ProgramDocument
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.storefront.offers import ART
from wordmouth.visits.facts import ClaimFacts


class CouponView(msgspec.Struct, frozen=True, kw_only=True):
    """A coupon. `code` is empty while there is none to use; `waiting` says that it will come."""

    value: str
    icon: str
    code: str
    label: str
    tone: str
    text: str
    usable: bool
    waiting: bool


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
    return view(reward, coupon, document, voice, why=_why(reward) if whole_story else "")


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
    found = view(reward, coupon, document, voice, why=_why(reward))
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
) -> CouponView:
    """The coupon in its state."""
    status = fulfilment.public_status(reward, coupon)
    held = reward.state == "pending"
    label, tone, text = _words(status, reward, voice, why, held=held)
    return CouponView(
        value=voice.reward(reward, document),
        icon=icon(reward.kind),
        code="" if status == "pending" else reward.code,
        label=label,
        tone=tone,
        text=text,
        usable=status == "issued",
        waiting=status == "pending" and not held,
    )


def _words(
    status: str, reward: RewardFacts, voice: Voice, why: str, *, held: bool
) -> tuple[str, str, str]:
    """The label, its tone and one sentence."""
    match status:
        case "issued":
            if reward.expires_at is None:
                return _("Ready"), "good", _("Works once, whenever you like.")
            day = voice.day(reward.expires_at)
            return _("Ready"), "good", _("Works once, until {day}.").format(day=day)
        case "redeemed":
            day = voice.day(reward.redeemed_at) if reward.redeemed_at else ""
            text = _("Used on {day}.").format(day=day) if day else _("It has been used.")
            return _("Used"), "", text
        case "withdrawn":
            return _("Taken back"), "bad", why or _("This code no longer works.")
        case "expired":
            return _("Expired"), "", _("It was not used in time.")
        case "failed":
            text = _("The shop could not make the code. We know of it and see to it.")
            return _("Being looked into"), "wait", text
    if held:
        return _("On the way"), "wait", _("It is released when the return window has passed.")
    return _("Being made"), "wait", _("The shop is making your code: this takes a few seconds.")
