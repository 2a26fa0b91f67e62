"""How the connection with a shop is, in sentences: the same for the doctor and for the desk.

It goes by what the last looks have found. Nothing is asked of a shop here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wordmouth.inbox.facts import Arrival, FeedFacts, Refusal
from wordmouth.integrations.following import CONNECTION
from wordmouth.integrations.ports import BROKEN, CUSTOMER, OK, ORDER, PRODUCT, WARNING
from wordmouth.kit import clock
from wordmouth.outbox.facts import Standing

SILENT_FOR = timedelta(hours=1)
"""So long after it was due a feed is said to be left alone."""
SHOP_EFFECTS = ("coupon.issue", "coupon.revoke")
"""What is done in a shop."""

Moment = Callable[[datetime], str]
"""How the reader is told a moment."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """One thing about a connection: `ok`, `warning` or `broken`, in a sentence, and how a person
    mends it where that is needed. `name` is a finding's (see `ports.Finding`), or `deliveries`,
    `signature`, `reading`, `queue` or `coupons`."""

    name: str
    state: str
    text: str
    mend: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one of the shop's lists was read. `taken` counts what was new in it; how long it is
    no shop says beforehand."""

    what: str
    taken: int
    done: bool
    problem: str


def worst(signs: Sequence[Sign]) -> str:
    """The worst state among these; `ok` where there are none."""
    return max((sign.state for sign in signs), key=(OK, WARNING, BROKEN).index, default=OK)


def of_feeds(feeds: Sequence[FeedFacts], moment: Moment) -> Iterator[Sign]:
    """What the looks at a shop have found, also where that is well, and what could not be read."""
    for feed in feeds:
        yield from (_found(finding) for finding in feed.report.get("findings", []))
        what = _what(feed.kind)
        if feed.problem:
            yield Sign(
                name="reading",
                state=WARNING,
                text=_("The {what} could not be read: {problem}").format(
                    what=what, problem=feed.problem
                ),
                mend=_(
                    "It is tried again by itself, and nothing is lost; if it lasts, look at the "
                    "shop."
                ),
            )
        elif clock.now() - feed.due_at > SILENT_FOR:
            yield Sign(
                name="reading",
                state=BROKEN,
                text=_("The {what} should have been read at {at}.").format(
                    what=what, at=moment(feed.due_at)
                ),
                mend=_("Start `wordmouth serve`; the work behind the doors is done there."),
            )


def _found(finding: dict[str, Any]) -> Sign:
    return Sign(
        name=finding["name"], state=finding["state"], text=finding["text"], mend=finding["mend"]
    )


def read_so_far(feeds: Sequence[FeedFacts], moment: Moment) -> Sign:
    """How far a shop was read in which nothing is wrong."""
    lists = [feed for feed in feeds if feed.taken or feed.kind != CONNECTION]
    looked = [feed.done_at for feed in feeds if feed.done_at]
    if not looked:
        return Sign(name="reading", state=OK, text=_("It was connected, and is read at once."))
    read = ", ".join(f"{feed.taken} {_what(feed.kind)}" for feed in lists)
    going_on = [_what(feed.kind) for feed in lists if feed.caught_up_at is None]
    told = _("{read} were read; last at {at}.")
    if going_on:
        told = _("{read} were read; the history of {going_on} is being read; last at {at}.")
    text = told.format(read=read, going_on=_(" and ").join(going_on), at=moment(max(looked)))
    return Sign(name="reading", state=OK, text=text)


def progress(feeds: Sequence[FeedFacts]) -> list[Progress]:
    """How far each list was read."""
    return [
        Progress(
            what=_what(feed.kind).capitalize(),
            taken=feed.taken,
            done=feed.caught_up_at is not None,
            problem=feed.problem,
        )
        for feed in feeds
        if feed.kind != CONNECTION
    ]


def of_arrivals(arrivals: Sequence[Arrival], moment: Moment, *, is_read: bool) -> Iterator[Sign]:
    """What a shop delivered, by its newest arrivals. `is_read`: what it does not tell is found in
    its lists, so that silence means little."""
    sent = [one for one in arrivals if not one.was_read]
    if sent:
        text = _("The last delivery came at {at}.").format(at=moment(sent[0].received_at))
        yield Sign(name="deliveries", state=OK, text=text)
    elif is_read:
        text = _("Nothing was sent lately; what is new is found in the shop's lists.")
        yield Sign(name="deliveries", state=OK, text=text)
    else:
        yield Sign(
            name="deliveries",
            state=WARNING,
            text=_("The shop has not delivered anything lately."),
            mend=_("Place a test order; what is wrong on its way is said there."),
        )
    bad = sum(one.state in ("refused", "dead") for one in arrivals)
    if bad:
        yield Sign(
            name="queue",
            state=BROKEN,
            text=ngettext(
                "{count} delivery was refused or given up.",
                "{count} deliveries were refused or given up.",
                bad,
            ).format(count=bad),
            mend=_("Their problems stand under Deliveries, where they can be tried again."),
        )
    waiting = sum(one.state == "received" for one in arrivals)
    if waiting and not bad:
        text = ngettext(
            "{count} delivery waits to be settled.", "{count} deliveries wait.", waiting
        )
        yield Sign(name="queue", state=OK, text=text.format(count=waiting))


def of_refusal(
    refusal: Refusal | None, arrivals: Sequence[Arrival], moment: Moment
) -> Iterator[Sign]:
    """Whether the last that came for a shop was refused at the door: nobody knows by whom it was
    sent, so this is no more than a hint."""
    sent = next((one.received_at for one in arrivals if not one.was_read), None)
    if refusal is None or (sent is not None and sent >= refusal.at):
        return
    yield Sign(
        name="signature",
        state=WARNING,
        text=_("Something that came at {at} was refused: {why}.").format(
            at=moment(refusal.at), why=refusal.why
        ),
        mend=_("If your shop has sent it, its secret is another, or its clock is wrong."),
    )


def of_coupons(standing: Standing) -> Iterator[Sign]:
    """Whether the shop makes and takes back what it should."""
    if standing.dead:
        text = ngettext(
            "{count} coupon was given up.", "{count} coupons were given up.", standing.dead
        )
        yield Sign(
            name="coupons",
            state=BROKEN,
            text=f"{text.format(count=standing.dead)} {standing.problem}".strip(),
            mend=_("Mend the cause, then revive them under Effects."),
        )
    elif standing.waiting and standing.problem:
        text = ngettext(
            "{count} coupon waits for the shop.",
            "{count} coupons wait for the shop.",
            standing.waiting,
        )
        yield Sign(
            name="coupons",
            state=WARNING,
            text=f"{text.format(count=standing.waiting)} {standing.problem}".strip(),
            mend=_("It is tried again by itself for two days, and nothing is lost."),
        )
    else:
        yield Sign(name="coupons", state=OK, text=_("No coupon is held up."))


def _what(kind: str) -> str:
    """The things of a list, in words."""
    names = {
        CONNECTION: _("connection"),
        ORDER: _("orders"),
        CUSTOMER: _("customers"),
        PRODUCT: _("products"),
    }
    return names.get(kind, kind)
