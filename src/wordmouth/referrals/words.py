"""Reasons and moments in words. The codes are stable; the words may be translated and mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from wordmouth.kit.money import format_money

REASONS: Mapping[str, str | Promise] = {
    "awaiting_payment": gettext_lazy("The order is not paid yet."),
    "in_hold": gettext_lazy("The reward waits until the return window has passed."),
    "self_referral": gettext_lazy("People cannot recommend the shop to themselves."),
    "existing_customer": gettext_lazy("The friend was a customer of the shop before."),
    "already_referred": gettext_lazy("The friend was recommended to the shop before."),
    "program_not_live": gettext_lazy("The programme was not running at that time."),
    "too_late": gettext_lazy("The order came too long after the recommendation."),
    "other_currency": gettext_lazy("The order is in another currency than the programme."),
    "below_minimum": gettext_lazy("The order is below the programme's minimum."),
    "no_eligible_goods": gettext_lazy("The order holds nothing that the programme counts."),
    "gift_cards_only": gettext_lazy("The order holds, or was paid with, nothing but gift cards."),
    "nothing_paid": gettext_lazy("Nothing was paid for the goods of the order."),
    "test_order": gettext_lazy("It is a test order."),
    "cancelled": gettext_lazy("The order was cancelled."),
    "refunded": gettext_lazy("The order was refunded."),
    "charged_back": gettext_lazy("The payment was charged back by the buyer's bank."),
    "payment_taken_back": gettext_lazy("The payment of the order was taken back."),
    "other_terms": gettext_lazy("The order turned out to come by another recommendation."),
    "expired": gettext_lazy("It was not used in time."),
    "disposable_email": gettext_lazy("The friend's e-mail address is of a throw-away kind."),
    "too_fast": gettext_lazy("The order came within seconds of the recommendation."),
    "ruled_out": gettext_lazy("The shop decided against it."),
    "limit_reached": gettext_lazy("The advocate has reached the programme's limit."),
    "set_off": gettext_lazy("It was set off against an earlier reward that was taken back."),
    "count_lost": gettext_lazy("One of the orders that had earned it no longer counts."),
    "value_changed": gettext_lazy("The order changed, so the reward changed with it."),
    "redemption_cancelled": gettext_lazy("It was cancelled, and what it cost was given back."),
    "debt_lifted": gettext_lazy("It is owed after all: what was carried as a debt is lifted."),
}

MOMENTS: Mapping[str, str | Promise] = {
    "ordered": gettext_lazy("The friend placed an order."),
    "paid": gettext_lazy("The order was paid."),
    "shipped": gettext_lazy("The order was shipped."),
    "delivered": gettext_lazy("The order was delivered."),
    "cancelled": gettext_lazy("The order was cancelled."),
    "charged_back": gettext_lazy("The payment was charged back by the buyer's bank."),
    "unpaid": gettext_lazy("The payment was taken back."),
    "cancellation_lifted": gettext_lazy("The order is no longer cancelled."),
    "charge_back_lifted": gettext_lazy("The charge back was settled: the payment stands again."),
    "refunded": gettext_lazy("The order was refunded: %(amount)s."),
    "partly_refunded": gettext_lazy("Part of the order was refunded: %(amount)s."),
    "recounted": gettext_lazy("The order changed: %(amount)s of it count now; it was %(was)s."),
    "stands_again": gettext_lazy("The recommendation stands again."),
    "held": gettext_lazy("The reward will be released on %(until)s."),
    "approved": gettext_lazy("The return window has passed: the reward is released."),
    "flagged": gettext_lazy("Somebody of the shop will have a look: %(reasons)s"),
    "rejected": gettext_lazy("The recommendation does not count: %(reasons)s"),
    "blocked": gettext_lazy("The recommendation was blocked: %(reasons)s"),
    "voided": gettext_lazy("The reward was taken back: %(reasons)s"),
    "ruled_approve": gettext_lazy("The shop approved the recommendation: %(reason)s"),
    "ruled_restore": gettext_lazy("The shop restored the recommendation: %(reason)s"),
    "ruled_reject": gettext_lazy("The shop rejected the recommendation: %(reason)s"),
}


def reason_text(code: str) -> str:
    """A reason as a sentence in the active language."""
    return str(REASONS[code])


def moment_text(what: str, details: Mapping[str, Any]) -> str:
    """A moment as a sentence in the active language."""
    return str(MOMENTS[what]) % _Filling(details)


class _Filling(dict[str, str]):
    """The parts of a sentence, made when the sentence asks for them."""

    def __init__(self, details: Mapping[str, Any]) -> None:
        super().__init__()
        self.details = details

    def __missing__(self, name: str) -> str:
        value = self.details[name]
        if name == "reasons":
            return " ".join(reason_text(code) for code in value)
        if name in ("amount", "was"):
            return format_money(value, self.details["currency"], get_language() or "en")
        if name == "until":
            until = datetime.fromisoformat(value) if isinstance(value, str) else value
            locale = (get_language() or "en").replace("-", "_")
            return format_date(until, "long", locale=locale)
        return str(value)
