"""How a reward is handed over in a mail: a code to enter, a card or a page to open, words."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _

from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import rules
from wordmouth.fulfilment.facts import NOTHING
from wordmouth.messages.letters import Button, Occasion, Ticket
from wordmouth.rewards.facts import RewardFacts


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a reward that is there. `button` opens it where there is something to
    open; the mail's own button stands beside it otherwise."""

    paragraphs: tuple[str, ...]
    ticket: Ticket
    button: Button | None


def hand_over(occasion: Occasion, reward: RewardFacts, value: str) -> Handed:
    """The reward as its holder gets it, by what carries it."""
    held = fulfilment.held([reward]).get(reward.id, NOTHING)
    carrier = rules.carrier_of(reward.kind)
    told = _how(occasion, carrier)
    if held.text:
        told = (*told, *(line for line in held.text.splitlines() if line.strip()))
    return Handed(
        paragraphs=told,
        ticket=Ticket(value=value, code=held.code, detail=_until(occasion, reward, carrier)),
        button=Button(label=_label(carrier), url=held.url) if held.url else None,
    )


def _how(occasion: Occasion, carrier: str) -> tuple[str, ...]:
    if carrier == rules.COUPON:
        text = _("Enter this code at the checkout of {store}. It works once.")
        return (text.format(store=occasion.store.name),)
    if carrier == rules.ACCESS:
        text = _("{store} lets you in before everybody else. The link is yours alone.")
        return (text.format(store=occasion.store.name),)
    if carrier == rules.GIFT_CARD:
        return (_("It is as good as money: keep this mail, and show it to nobody."),)
    return ()


def _label(carrier: str) -> str:
    if carrier == rules.ACCESS:
        return _("See what it opens")
    return _("Open my gift card") if carrier == rules.GIFT_CARD else _("Open")


def _until(occasion: Occasion, reward: RewardFacts, carrier: str) -> str:
    if reward.expires_at:
        return _("Valid until {day}").format(day=occasion.voice.day(reward.expires_at))
    return _("Works once, whenever you like") if carrier == rules.COUPON else ""
