"""Reasons and states in words, for advocates' statements, the desk, the API and commands."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: Mapping[str, str | Promise] = {
    "below_threshold": _("Less than the programme pays out at once"),
    "stopped": _("The programme is stopped"),
    "no_payee": _("Has not said where to be paid"),
    "other_method": _("Is paid in another way than this batch"),
    "not_in_sepa": _("The account's country takes no part in SEPA"),
    "too_large": _("More than one transfer carries"),
    "tax_hold": _("Waits for tax papers: over this year's limit"),
    "batch_full": _("The batch is full; goes into the next one"),
}
"""Why an advocate with cash is not paid now."""

METHODS: Mapping[str, str | Promise] = {
    "iban": _("Bank account"),
    "paypal": "PayPal",
    "stripe": "Stripe",
}

RAILS: Mapping[str, str | Promise] = {
    "sepa": _("SEPA file"),
    "csv": _("Table (CSV)"),
    "paypal": "PayPal",
    "stripe": "Stripe",
}

STATES: Mapping[str, str | Promise] = {
    "requested": _("Reserved"),
    "approved": _("Approved"),
    "sent": _("Sent"),
    "settled": _("Paid"),
    "returned": _("Came back"),
    "refused": _("Refused; it never left"),
    "cancelled": _("Cancelled"),
    "unknown": _("Unknown"),
}
"""The states of a payout, and what a rail says of one."""


def reason_text(code: str) -> str:
    """Why somebody is not paid, in words; an unknown code as it is."""
    return str(REASONS.get(code, code))


def state_text(code: str) -> str:
    """A payout's state in words; an unknown code as it is."""
    return str(STATES.get(code, code))
