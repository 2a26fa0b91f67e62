"""A friend's way from the offer to the reward, as the advocate may see it. Pure but for words."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from wordmouth.messages import explain
from wordmouth.messages.voice import Voice
from wordmouth.orders.facts import OrderFacts
from wordmouth.programs.document import ProgramDocument
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.visits.facts import ClaimFacts

DONE, NEXT, TODO, STOPPED = "done", "next", "todo", "stopped"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step; `state` is done, next, todo or stopped, `said` the same for those who hear it."""

    name: str
    when: str
    state: str
    said: str


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """One friend. `tone` is good, wait, bad or empty; `text` says what comes next, or why not."""

    friend: str
    letter: str
    label: str
    tone: str
    text: str
    steps: tuple[Step, ...]
    at: datetime


def of_claim(claim: ClaimFacts, friend: str, voice: Voice, now: datetime) -> Journey:
    """A friend who has taken the offer and not bought yet."""
    expired = claim.expires_at is not None and claim.expires_at <= now
    if expired:
        text = _("The code was not used in time.")
    elif claim.expires_at:
        text = _("The code is valid until {day}.").format(day=voice.day(claim.expires_at))
    else:
        text = _("Your friend has a code and can use it at any time.")
    marks = [(_("Took your offer"), claim.claimed_at), (_("Orders"), None), (_("Reward"), None)]
    return Journey(
        friend=friend or _("A friend"),
        letter=friend[:1],
        label=_("Not used in time") if expired else _("Has your code"),
        tone="",
        text=text,
        steps=_steps(marks, voice, stopped="" if not expired else _("Not used in time")),
        at=claim.claimed_at,
    )


def of_referral(
    referral: ReferralFacts,
    order: OrderFacts,
    claim: ClaimFacts | None,
    document: ProgramDocument,
    friend: str,
    voice: Voice,
) -> Journey:
    """A friend who has bought."""
    label, tone, text = _status(referral, order, document, voice)
    stopped = {
        "rejected": _("Does not count"),
        "blocked": _("Does not count"),
        "voided": _("Taken back"),
    }.get(referral.status, "")
    marks: list[tuple[str, datetime | None]] = []
    if claim is not None:
        marks.append((_("Took your offer"), claim.claimed_at))
    marks += [(_("Ordered"), order.placed_at), (_("Paid"), order.paid_at)]
    if order.fulfilled_at or document.hold.after in ("fulfilled", "delivered"):
        marks.append((_("Sent"), order.fulfilled_at))
    if order.delivered_at or document.hold.after == "delivered":
        marks.append((_("Arrived"), order.delivered_at))
    reward_at = referral.released_at if referral.status == "approved" else None
    marks.append((_("Your reward"), reward_at))
    expected = voice.day(referral.hold_until) if _waits(referral) and referral.hold_until else ""
    return Journey(
        friend=friend or _("A friend"),
        letter=friend[:1],
        label=label,
        tone=tone,
        text=text,
        steps=_steps(marks, voice, stopped=stopped, at=referral.decided_at, expected=expected),
        at=order.placed_at,
    )


def _waits(referral: ReferralFacts) -> bool:
    return referral.status in ("pending", "flagged")


def _steps(
    marks: list[tuple[str, datetime | None]],
    voice: Voice,
    *,
    stopped: str = "",
    at: datetime | None = None,
    expected: str = "",
) -> tuple[Step, ...]:
    """The marks as steps. What lies before the last dated mark is done, told or not."""
    last = max((index for index, (_name, when) in enumerate(marks) if when), default=-1)
    found = []
    for index, (name, when) in enumerate(marks):
        if stopped and index > last:
            break
        state = DONE if index <= last else NEXT if index == last + 1 else TODO
        is_end = index == len(marks) - 1
        day = voice.day(when) if when else (expected if is_end and not stopped else "")
        found.append(Step(name=name, when=day, state=state, said=_said()[state]))
    if stopped:
        day = voice.day(at) if at else ""
        found.append(Step(name=stopped, when=day, state=STOPPED, said=_said()[STOPPED]))
    return tuple(found)


def _said() -> dict[str, str]:
    return {DONE: _("done"), NEXT: _("next"), TODO: _("to come"), STOPPED: _("ended")}


def _status(
    referral: ReferralFacts, order: OrderFacts, document: ProgramDocument, voice: Voice
) -> tuple[str, str, str]:
    """The label, its tone, and what comes next or why nothing does."""
    why = explain.to_advocate(referral.reasons)
    match referral.status:
        case "approved":
            return _("Rewarded"), "good", _("Your friend's order is complete.")
        case "voided":
            return _("Taken back"), "bad", why or _("The order did not stand.")
        case "rejected" | "blocked":
            return _("Does not count"), "bad", why or _("The order does not count.")
        case "flagged":
            text = _("Somebody at the shop is having a look at this order. This takes a few days.")
            return _("Being checked"), "wait", text
    return _("On the way"), "wait", _awaited(referral, order, document, voice)


def _awaited(
    referral: ReferralFacts, order: OrderFacts, document: ProgramDocument, voice: Voice
) -> str:
    if referral.hold_until is not None:
        day = voice.day(referral.hold_until)
        return _("Your reward is released on {day}, if nothing is sent back until then.").format(
            day=day
        )
    if order.paid_at is None:
        return _("Waiting for the payment.")
    return _("Your reward is on its way.") + " " + voice.wording(document).hold()
