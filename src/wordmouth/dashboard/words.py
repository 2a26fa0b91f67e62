"""Statuses in words and with a tone (good, wait, bad or none)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A status as a chip."""

    text: str
    tone: str


_LABELS: Mapping[str, tuple[str | Promise, str]] = {
    "pending": (_("Pending"), "wait"),
    "flagged": (_("Flagged"), "wait"),
    "approved": (_("Approved"), "good"),
    "rejected": (_("Rejected"), "bad"),
    "blocked": (_("Blocked"), "bad"),
    "voided": (_("Voided"), "bad"),
    "issued": (_("Issued"), "good"),
    "redeemed": (_("Redeemed"), "good"),
    "withdrawn": (_("Withdrawn"), "bad"),
    "expired": (_("Expired"), ""),
    "failed": (_("Failed"), "bad"),
    "due": (_("Given"), "good"),
    "received": (_("Waiting"), "wait"),
    "settled": (_("Settled"), "good"),
    "refused": (_("Refused"), "bad"),
    "dead": (_("Given up"), "bad"),
    "waiting": (_("Waiting"), "wait"),
    "leased": (_("Being done"), "wait"),
    "done": (_("Done"), "good"),
    "requested": (_("Reserved"), "wait"),
    "sent": (_("Sent"), "wait"),
    "returned": (_("Came back"), "bad"),
    "cancelled": (_("Cancelled"), ""),
    "draft": (_("Draft"), ""),
    "live": (_("Live"), "good"),
    "paused": (_("Paused"), "wait"),
    "ended": (_("Ended"), ""),
    "full": (_("Budget used up"), "wait"),
    "stopped": (_("Stopped"), "bad"),
}

REFERRALS = ("pending", "flagged", "approved", "rejected", "blocked", "voided")
REWARDS = ("pending", "due", "redeemed", "withdrawn", "expired")

VIA: Mapping[str, str | Promise] = {
    "code": _("by code"),
    "token": _("by link"),
    "claim": _("by claimed e-mail"),
}


def label(status: str) -> Label:
    """The chip of a status; an unknown one as it is written."""
    text, tone = _LABELS.get(status, (status, ""))
    return Label(text=str(text), tone=tone)
