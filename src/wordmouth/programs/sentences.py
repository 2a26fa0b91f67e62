"""Offers and conditions as plain sentences, for pages, mails and the API.

Pure: the translation comes in as `words`, anything with the `gettext` and `ngettext` of the
standard library (`django.utils.translation` is one; left out, the sentences are English).
Money, percents and lists are written by Babel as people of `locale` write them. A sentence
ends with a full stop; a phrase does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from gettext import NullTranslations
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from wordmouth.kit.money import format_money
from wordmouth.programs.document import AdvocateReward, Offer, ProgramDocument, Reward


class Words(Protocol):
    """A source of translations, with the language of the reader already chosen."""

    def gettext(self, message: str, /) -> str:
        """The text in the reader's language."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The text in the reader's language, in the form for `number` things."""
        ...


class Wording:
    """How one reader is spoken to: language, number forms and the programme's currency."""

    def __init__(
        self, document: ProgramDocument, *, locale: str = "en", words: Words | None = None
    ) -> None:
        """An unknown `locale` falls back to its language alone, then to English."""
        self.document = document
        self.locale = known_locale(locale)
        self.words: Words = NullTranslations() if words is None else words

    def reward(self, reward: Reward) -> str:
        """A phrase for one reward: `10% off`, `€10.00 off`, `free shipping`."""
        gettext = self.words.gettext
        if reward.kind == "free_shipping":
            return gettext("free shipping")
        if reward.kind == "percent_off":
            percent = format_percent(Decimal(reward.value) / 100, locale=self.locale)
            return gettext("{value} off").format(value=percent)
        if reward.kind == "amount_off":
            return gettext("{value} off").format(value=self.money(reward.value))
        raise ValueError(f"this version has no words for the kind {reward.kind}")

    def rewards(self, rewards: Sequence[AdvocateReward]) -> str:
        """A phrase for all of the advocate's rewards: `€10.00 off and free shipping`."""
        return format_list([self.reward(reward) for reward in rewards], locale=self.locale)

    def money(self, minor: int) -> str:
        """An amount in minor units, in the programme's currency."""
        currency = self.document.currency
        if currency is None:
            raise ValueError("a programme without a currency has no amounts")
        return format_money(minor, currency, self.locale)

    def counted(self, singular: str, plural: str, days: int) -> str:
        """The form of a sentence for that many days, with the number in it."""
        number = format_decimal(days, locale=self.locale)
        return self.words.ngettext(singular, plural, days).format(days=number)

    def headline(self, offer: Offer) -> str:
        """What the offer gives, to the advocate: `Give 10% off, get €10.00 off.`"""
        gettext = self.words.gettext
        if offer.friend is None:
            return gettext("Recommend us, get {reward}.").format(
                reward=self.rewards(offer.advocate)
            )
        friend = self.reward(offer.friend)
        if not offer.advocate:
            return gettext("Give a friend {reward}.").format(reward=friend)
        return gettext("Give {friend}, get {advocate}.").format(
            friend=friend, advocate=self.rewards(offer.advocate)
        )

    def offer(self, offer: Offer) -> str:
        """The offer and when it is paid, to the advocate, in one line."""
        parts = [self.headline(offer)]
        if offer.advocate:
            parts.append(self.hold())
        return " ".join(parts)

    def for_friend(self, offer: Offer) -> str | None:
        """What the friend gets, to the friend; None where the friend gets nothing."""
        if offer.friend is None:
            return None
        reward = self.reward(offer.friend)
        if self.document.eligibility.friend == "new_customers":
            return self.words.gettext("You get {reward} on your first order.").format(reward=reward)
        return self.words.gettext("You get {reward} on your next order.").format(reward=reward)

    def for_advocate(self, offer: Offer) -> str | None:
        """What the advocate gets, to the advocate; None where the advocate gets nothing."""
        if not offer.advocate:
            return None
        reward = self.rewards(offer.advocate)
        return self.words.gettext("You get {reward} for every friend who buys.").format(
            reward=reward
        )

    def hold(self) -> str:
        """When the advocate's reward comes, to the advocate."""
        return self._hold_at_once() if self.document.hold.days == 0 else self._hold_for_days()

    def _hold_at_once(self) -> str:
        gettext = self.words.gettext
        match self.document.hold.after:
            case "placed":
                return gettext("You get it as soon as your friend has ordered.")
            case "paid":
                return gettext("You get it as soon as your friend has paid.")
            case "fulfilled":
                return gettext("You get it as soon as your friend's order is on its way.")
            case "delivered":
                return gettext("You get it as soon as your friend's order has arrived.")

    def _hold_for_days(self) -> str:
        ngettext, days = self.counted, self.document.hold.days
        match self.document.hold.after:
            case "placed":
                return ngettext(
                    "You get it {days} day after your friend has ordered.",
                    "You get it {days} days after your friend has ordered.",
                    days,
                )
            case "paid":
                return ngettext(
                    "You get it {days} day after your friend has paid.",
                    "You get it {days} days after your friend has paid.",
                    days,
                )
            case "fulfilled":
                return ngettext(
                    "You get it {days} day after your friend's order was sent.",
                    "You get it {days} days after your friend's order was sent.",
                    days,
                )
            case "delivered":
                return ngettext(
                    "You get it {days} day after your friend's order has arrived.",
                    "You get it {days} days after your friend's order has arrived.",
                    days,
                )

    def conditions(self, offer: Offer) -> list[str]:
        """Everything a friend has to know before claiming `offer`, one sentence each."""
        gettext, ngettext = self.words.gettext, self.counted
        eligibility = self.document.eligibility
        found = []
        if eligibility.friend == "new_customers":
            found.append(gettext("For people who have not bought here before."))
        if eligibility.min_order:
            text = gettext(
                "For orders of {amount} or more, after discounts, without shipping and tax."
            )
            found.append(text.format(amount=self.money(eligibility.min_order)))
        if offer.friend is not None and offer.friend.expires_days:
            found.append(
                ngettext(
                    "The code is valid for {days} day.",
                    "The code is valid for {days} days.",
                    offer.friend.expires_days,
                )
            )
        found.append(
            ngettext(
                "The order counts within {days} day of the first visit.",
                "The order counts within {days} days of the first visit.",
                self.document.attribution_days,
            )
        )
        return found


def known_locale(locale: str) -> str:
    """The locale in Babel's form, such as `pt_BR`; its language or `en` where it is unknown."""
    parts = locale.replace("-", "_").split("_")
    for candidate in ("_".join(parts), parts[0]):
        try:
            return str(Locale.parse(candidate))
        except (ValueError, UnknownLocaleError):
            continue
    return "en"
