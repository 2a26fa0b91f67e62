"""The movements of a wallet in words for the person whose wallet it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext

from wordmouth.messages import explain
from wordmouth.rewards.facts import RewardFacts
from wordmouth.rewards.statement import Line

_DONE: Mapping[str, str | Promise] = {
    "release": gettext_lazy("Released: it is yours now."),
    "set_off": gettext_lazy("Set off against an earlier reward that was taken back."),
    "redeem": gettext_lazy("Used."),
    "debt": gettext_lazy("Used, and taken back afterwards: the next rewards pay for it."),
    "forgive": gettext_lazy("Let go: you keep what you had spent of a reward that was taken back."),
    "expire": gettext_lazy("Not used in time."),
    "spend": gettext_lazy("Redeemed."),
    "payout": gettext_lazy("Paid out."),
}
_UNDONE: Mapping[str, str | Promise] = {
    "set_off": gettext_lazy("Not set off after all."),
    "redeem": gettext_lazy("Not used after all."),
    "debt": gettext_lazy("Owed to you after all: nothing is to be paid for it."),
    "forgive": gettext_lazy("Owed to you after all, so there is nothing to let go."),
    "expire": gettext_lazy("Back in time after all."),
    "spend": gettext_lazy("Given back."),
    "payout": gettext_lazy("The payment came back."),
}


def text_of(line: Line, explained: Callable[[list[str]], str] = explain.to_advocate) -> str:
    """One sentence or two for a movement. `explained` turns the reason of a reward into words."""
    if line.what == "promise" and not line.undone:
        return _promised(line.reward)
    if line.undone and line.what in ("promise", "release"):
        return _taken_back(line.reward, explained)
    known = _UNDONE if line.undone else _DONE
    return str(known.get(line.what, ""))


def _promised(reward: RewardFacts | None) -> str:
    if reward is None or reward.redemption_id is not None:
        return gettext("Bought from your wallet.")
    if reward.party == "friend":
        return gettext("Promised for your order.")
    count = reward.details.get("count")
    if count is None:
        return gettext("Promised for a friend's order.")
    return ngettext(
        "Promised for {count} friend who bought.", "Promised for {count} friends who bought.", count
    ).format(count=count)


def _taken_back(reward: RewardFacts | None, explained: Callable[[list[str]], str]) -> str:
    """A promise that is made anew at another value was taken back, too: its reward stands."""
    if reward is not None and reward.state not in ("withdrawn", "expired"):
        return gettext("Taken back, and given anew: the order changed.")
    why = explained([reward.why]) if reward is not None and reward.why else ""
    return f"{gettext('Taken back.')} {why}".strip()
