"""Reasons in words for the person concerned: kindly, and without telling of anybody else.

`referrals.words` speaks to the merchant; an advocate must not learn from us what a friend has
bought before, nor a friend what an advocate did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wordmouth.referrals.words import REASONS

_CHECKS = gettext_lazy("The order did not pass the shop's checks.")

_NOTHING_COUNTS = gettext_lazy("The friend's order holds nothing that counts for the programme.")

ADVOCATE: Mapping[str, str | Promise] = {
    "self_referral": gettext_lazy("Your own orders do not count: the programme is for friends."),
    "existing_customer": gettext_lazy("The offer is for people who are new to the shop."),
    "already_referred": gettext_lazy("Another recommendation came first; only the first counts."),
    "disposable_email": _CHECKS,
    "too_fast": _CHECKS,
    "limit_reached": gettext_lazy("You have reached the programme's limit for this period."),
    "no_eligible_goods": _NOTHING_COUNTS,
    "gift_cards_only": _NOTHING_COUNTS,
    "nothing_paid": _NOTHING_COUNTS,
    "cancelled": gettext_lazy("The friend's order was cancelled."),
    "refunded": gettext_lazy("The friend's order was refunded."),
    "charged_back": gettext_lazy("The payment of the friend's order was taken back."),
    "payment_taken_back": gettext_lazy("The payment of the friend's order was taken back."),
    "count_lost": gettext_lazy("One of the friends' orders that had earned it no longer counts."),
    "value_changed": gettext_lazy("The friend's order changed, so your reward changed with it."),
}

FRIEND: Mapping[str, str | Promise] = {
    "self_referral": gettext_lazy("A code from one's own link does not count."),
    "existing_customer": gettext_lazy("The offer is for a first order."),
    "already_referred": gettext_lazy("You have had an offer of this kind before."),
    "disposable_email": _CHECKS,
    "too_fast": _CHECKS,
    "limit_reached": gettext_lazy("The programme has reached its limit for this period."),
    "no_eligible_goods": gettext_lazy("Nothing in your order counts for this offer."),
    "gift_cards_only": gettext_lazy("Gift cards do not count for this offer."),
    "nothing_paid": gettext_lazy("An order for which nothing was paid does not count."),
    "cancelled": gettext_lazy("Your order was cancelled."),
    "refunded": gettext_lazy("Your order was refunded."),
    "charged_back": gettext_lazy("The payment of your order was taken back."),
    "payment_taken_back": gettext_lazy("The payment of your order was taken back."),
    "value_changed": gettext_lazy("Your order changed, so your reward changed with it."),
    "expired": gettext_lazy("The code was not used in time."),
}


def to_advocate(codes: Iterable[str]) -> str:
    """Why a referral is as it is, to its advocate; sentences, or nothing."""
    return _sentences(codes, ADVOCATE)


def to_friend(codes: Iterable[str]) -> str:
    """Why a friend's coupon is as it is, to the friend; sentences, or nothing."""
    return _sentences(codes, FRIEND)


def _sentences(codes: Iterable[str], own: Mapping[str, str | Promise]) -> str:
    found = [str(own.get(code) or REASONS.get(code, "")) for code in codes]
    return " ".join(dict.fromkeys(text for text in found if text))
