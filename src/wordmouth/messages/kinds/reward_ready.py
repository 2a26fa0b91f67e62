"""To an advocate, or to a friend whose order has stood: the reward is there."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.facts import NOTHING, Held
from wordmouth.messages import lookups
from wordmouth.messages.letters import Button, Letter, Occasion, Ticket
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts


def write(occasion: Occasion) -> Letter | None:
    """Nothing where the reward was taken back before the mail went out."""
    reward = lookups.reward(occasion)
    if reward is None or reward.state != "due":
        return None
    value = lookups.reward_value(occasion, reward)
    held = fulfilment.held([reward]).get(reward.id, NOTHING)
    return Letter(
        subject=_("Your reward is ready: {value}").format(value=value),
        preview=lookups.thanks(occasion, reward),
        title=_("Thank you. This is yours."),
        paragraphs=tuple(_paragraphs(occasion, reward, held)),
        ticket=Ticket(value=value, code=held.code, detail=_until(occasion, reward)),
        button=_button(occasion, reward, held),
        because=lookups.because(occasion, reward),
    )


def _paragraphs(occasion: Occasion, reward: RewardFacts, held: Held) -> list[str]:
    told = [_why_now(reward)]
    replaced = rewards.round_before(reward)
    if replaced is not None:
        told.append(
            _("It takes the place of the code {code}, which no longer works.").format(
                code=replaced.code
            )
        )
    if held.code and reward.kind not in ("gift_card", "custom"):
        told.append(
            _("Enter this code at the checkout of {store}.").format(store=occasion.store.name)
        )
    if held.text:
        told.append(held.text)
    if reward.offset:
        told.append(_("A part of it paid for an earlier reward that was taken back."))
    return told


def _why_now(reward: RewardFacts) -> str:
    if reward.redemption_id is not None:
        return _("You have redeemed it from your wallet.")
    if reward.party == "friend":
        return _("Your order is complete, so your reward is released.")
    if reward.details.get("count"):
        return _("So many of your friends have bought that you have earned it.")
    return _("Your friend's order is complete, so your reward is released.")


def _until(occasion: Occasion, reward: RewardFacts) -> str:
    access = reward.details.get("access")
    if reward.expires_at:
        return _("Valid until {day}").format(day=occasion.voice.day(reward.expires_at))
    if access or reward.kind in ("gift_card", "custom"):
        return ""
    return _("Works once, whenever you like")


def _button(occasion: Occasion, reward: RewardFacts, held: Held) -> Button | None:
    if held.url:
        return Button(label=_("Open it"), url=held.url)
    if reward.party == "friend":
        return None
    url = lookups.portal_address(occasion, reward.advocate_id)
    return Button(label=_("See my rewards"), url=url)
