"""A test order on its way through the house: what has happened, what is next, where it stops.

Nothing is kept for it. The steps are read from what the shop told since the test began and from
what became of it, as for any other order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.dashboard import cases, words
from wordmouth.dashboard.cases import Case
from wordmouth.dashboard.connections import title_of
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment.states import FAILED, ISSUED
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import refusals
from wordmouth.inbox.facts import Refusal, Told
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations import shops
from wordmouth.messages.voice import Voice
from wordmouth.orders import queries as orders
from wordmouth.orders.facts import OrderFacts
from wordmouth.referrals import queries as referrals
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards import queries as rewards
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read
from wordmouth.visits import queries as visits

NEWEST = 60
"""So many of the newest deliveries are looked through."""
DONE, NOW, LATER, STOPPED = "good", "wait", "later", "bad"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the way: `state` is `good` (behind us), `wait` (just now), `later`, or `bad`: it
    stops here, and `mend` says what to do."""

    what: str
    state: str = LATER
    at: str = ""
    text: str = ""
    mend: str = ""


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """The whole way. `referral` is the id of what the order became; empty before that."""

    steps: tuple[Step, ...]
    referral: str = ""

    @property
    def newest(self) -> str:
        """The last step that is behind us, or where it stops; empty before the first."""
        reached = [step.what for step in self.steps if step.state in (DONE, STOPPED)]
        return reached[-1] if reached else ""


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the test so far."""

    told: list[Told]
    referral: ReferralFacts | None
    order: OrderFacts | None
    turned_away: Refusal | None


def trace(store: StoreFacts, advocate: AdvocateFacts, since: datetime) -> Trace:
    """How far an order has come that a friend of this advocate has placed since then."""
    speaker = Voice(store)
    with store_read(store.id):
        known = _known(store, advocate, since)
        claimed = _claimed(advocate, since, speaker)
        case = cases.case(store, known.referral.id) if known.referral else None
        steps = [
            *([claimed] if claimed else []),
            *_arrival(known, speaker),
            *_judgement(known, case, advocate),
        ]
    return Trace(
        steps=tuple(_in_order(steps)), referral=known.referral.id if known.referral else ""
    )


def _known(store: StoreFacts, advocate: AdvocateFacts, since: datetime) -> _Known:
    found = referrals.page(advocate=advocate.id, limit=1)
    referral = found[0] if found and found[0].created_at >= since else None
    order = orders.orders([referral.order_id]).get(referral.order_id) if referral else None
    told = inbox.told_since(since, NEWEST)
    return _Known(
        told=told,
        referral=referral,
        order=order,
        turned_away=_refused_last(store, told, since),
    )


def _refused_last(store: StoreFacts, told: Sequence[Told], since: datetime) -> Refusal | None:
    """What the door refused during the test, if nothing better came after it."""
    adapters = [one.adapter for one in stores.connections(store.id)]
    found = [one for name in adapters if (one := refusals.last(store.id, name))]
    newest = max(found, key=lambda one: one.at, default=None)
    if (
        newest is None
        or newest.at < since
        or any(one.facts.received_at >= newest.at for one in told)
    ):
        return None
    return newest


def _in_order(steps: Sequence[Step]) -> list[Step]:
    """The first step that is neither behind us nor stopped is the one that is waited for, and
    nothing comes after a stop."""
    shown, waits = [], False
    for step in steps:
        state = NOW if step.state == LATER and not waits else step.state
        shown.append(msgspec.structs.replace(step, state=state))
        waits = waits or state in (NOW, STOPPED)
    return shown


def _claimed(advocate: AdvocateFacts, since: datetime, speaker: Voice) -> Step | None:
    """The friend's own coupon, where the friend has taken the offer: it is made in the shop."""
    mine = [one for one in visits.claims_of_advocate(advocate.id) if one.claimed_at >= since]
    if not mine:
        return None
    claim = mine[-1]
    reward = rewards.of_claim(claim.id)
    coupon = fulfilment.coupon(reward.id) if reward else None
    what = _("The friend has taken the offer")
    at = speaker.moment(claim.claimed_at)
    if coupon is None:
        return Step(what=what, state=DONE, at=at)
    if coupon.state == ISSUED:
        text = _("The coupon {code} was made in the shop.").format(code=coupon.code)
        return Step(what=what, state=DONE, at=at, text=text)
    text = coupon.problem or _("The coupon is being made in the shop.")
    return Step(
        what=what,
        state=STOPPED if coupon.state == FAILED else NOW,
        at=at,
        text=text,
        mend=_("Mend that, and revive it under Effects.") if coupon.state == FAILED else "",
    )


def _arrival(known: _Known, speaker: Voice) -> list[Step]:
    """The shop told of the order, it was proven, and it was read."""
    mine = _of_the_order(known)
    if not mine:
        return _not_arrived(known, speaker)
    first, at = mine[0], speaker.moment(mine[0].facts.received_at)
    settled = next((one for one in mine if one.facts.state == "settled"), None)
    refused = mine[-1] if mine[-1].facts.state in ("refused", "dead") else None
    came = _("Through {shop}.").format(shop=title_of(first.facts.adapter))
    if FETCHED in first.headers:
        proof = _("We read it at the shop ourselves, so there is nothing to prove.")
    else:
        proof = _("It proves that the shop has sent it.")
    read = Step(what=_("It was read"))
    if settled is not None:
        when = settled.facts.settled_at or settled.facts.received_at
        read = Step(what=_("It was read"), state=DONE, at=speaker.moment(when))
    elif refused is not None:
        read = Step(
            what=_("It cannot be read"),
            state=STOPPED,
            text=refused.facts.problem,
            mend=_("The problem stands under Deliveries, where it can be tried again."),
        )
    return [
        Step(what=_("The shop told of the order"), state=DONE, at=at, text=came),
        Step(what=_("Its signature is good"), state=DONE, text=proof),
        read,
    ]


def _of_the_order(known: _Known) -> list[Told]:
    """The deliveries that speak of the test order, oldest first."""
    if known.order is None:
        return []
    return [one for one in known.told if known.order.external_id in shops.names_in(one)]


def _not_arrived(known: _Known, speaker: Voice) -> list[Step]:
    """What can be said while no order of the test is known."""
    later = [Step(what=_("Its signature is good")), Step(what=_("It was read"))]
    if known.order is not None:
        text = _("It was told by the API or from a file.")
        return [Step(what=_("The shop told of the order"), state=DONE, text=text)]
    refused = [one for one in known.told if one.facts.state in ("refused", "dead")]
    if refused:
        newest = refused[-1].facts
        return [
            Step(
                what=_("A delivery cannot be read"),
                state=STOPPED,
                at=speaker.moment(newest.received_at),
                text=newest.problem,
                mend=_("The problem stands under Deliveries, where it can be tried again."),
            )
        ]
    if known.turned_away is not None:
        return _turned_away(known.turned_away, speaker)
    named = {name for one in known.told for name in shops.names_in(one)}
    if not named:
        hint = _("Nothing has come since the test began.")
        return [Step(what=_("The shop tells of the order"), text=hint), *later]
    text = ngettext(
        "{count} order has come since the test began, and none by this link or code.",
        "{count} orders have come since the test began, and none by this link or code.",
        len(named),
    ).format(count=len(named))
    mend = _(
        "If yours is among them, the shop has not passed on where the buyer came from: open the "
        "link first and order in the same browser, or use the code or coupon."
    )
    return [Step(what=_("The shop tells of the order"), text=f"{text} {mend}"), *later]


def _turned_away(refusal: Refusal, speaker: Voice) -> list[Step]:
    """Something came and was refused at the door; by whom it was sent nobody knows."""
    shop = title_of(refusal.adapter)
    return [
        Step(
            what=_("Something came through {shop}").format(shop=shop),
            state=DONE,
            at=speaker.moment(refusal.at),
        ),
        Step(
            what=_("Its signature is not good"),
            state=STOPPED,
            text=refusal.why[:1].upper() + refusal.why[1:] + ".",
            mend=_(
                "If your shop has sent it, the secret there is another, or its clock is wrong. "
                "Enter the secret anew, and change the order once more."
            ),
        ),
    ]


def _judgement(known: _Known, case: Case | None, advocate: AdvocateFacts) -> list[Step]:
    """The person, the recommendation, the decision, and what follows from it."""
    if case is None or known.referral is None:
        names = (_("The buyer is known"), _("The recommendation is found"), _("It is judged"))
        return [Step(what=name) for name in (*names, _("The reward"))]
    counts = known.referral.status in ("pending", "approved", "flagged")
    shown_all = _shown_all(known.referral)
    found = _("{via}, from {code}").format(via=case.via.capitalize(), code=advocate.code)
    steps = [
        Step(what=_("The buyer is known"), state=DONE, text=case.row.friend),
        Step(what=_("The recommendation is found"), state=DONE, text=found),
        Step(
            what=_("It is judged: {status}").format(status=case.row.label.text.lower()),
            state=DONE if counts or shown_all else STOPPED,
            text=case.next[:1].upper() + case.next[1:],
            mend=shown_all or _instead(known.referral),
        ),
    ]
    return [*steps, *_rewards(case)] if counts else steps


def _shown_all(referral: ReferralFacts) -> str:
    """What says that nothing is wrong although nothing is owed; empty where that is not so."""
    if "test_order" in referral.reasons:
        return _("Everything works. The shop marks it as a test, so nothing is owed for it.")
    if {"cancelled", "refunded"} & {*referral.reasons}:
        return _("Everything works: what was promised for it is taken back.")
    return ""


def _instead(referral: ReferralFacts) -> str:
    """What to do for a test that counts, where the reason does not say so by itself."""
    if "self_referral" in referral.reasons:
        return _("Order as somebody else: with another name, e-mail address and account.")
    return ""


def _rewards(case: Case) -> list[Step]:
    return [
        Step(
            what=_("{party}: {value}").format(party=one.party, value=one.value),
            state=STOPPED if one.problem and one.label == words.label("failed") else DONE,
            text=f"{one.label.text}. {one.problem}".strip(),
        )
        for one in case.rewards
    ]
