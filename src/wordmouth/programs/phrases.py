"""What is given and when, as phrases inside a sentence: `€10.00 off after 3 friends`.

Pure: the translation comes in as `words`, anything with the `gettext` and `ngettext` of the
standard library (`django.utils.translation` is one; left out, the phrases are English).
Money, percents, days and lists are written by Babel as people of `locale` write them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from gettext import NullTranslations
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from wordmouth.kit.money import format_money
from wordmouth.programs.document import (
    AdvocateReward,
    Offer,
    ProgramDocument,
    RedemptionOption,
    Reward,
)


class Words(Protocol):
    """A source of translations, with the language of the reader already chosen."""

    def gettext(self, message: str, /) -> str:
        """The text in the reader's language."""
        ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str:
        """The text in the reader's language, in the form for `number` things."""
        ...


class Phrases:
    """How one reader is spoken to: language, number forms and the programme's currency."""

    def __init__(
        self,
        document: ProgramDocument,
        *,
        locale: str = "en",
        words: Words | None = None,
        products: Mapping[str, str] | None = None,
    ) -> None:
        """An unknown `locale` falls back to its language alone, then to English. `products` are
        names by the shop's ids; a product without one is called a product."""
        self.document = document
        self.locale = known_locale(locale)
        self.words: Words = NullTranslations() if words is None else words
        self.products = products or {}

    def reward(self, reward: Reward | RedemptionOption) -> str:
        """A phrase for one thing: `10% off`, `€10.00 off`, `100 points`, `free shipping`."""
        gettext = self.words.gettext
        match reward.kind:
            case "percent_off":
                return gettext("{value} off").format(value=self.percent(reward.value))
            case "amount_off":
                return gettext("{value} off").format(value=self.money(reward.value))
            case "free_shipping":
                return gettext("free shipping")
            case "free_product":
                name = self.products.get(reward.product or "")
                return (
                    gettext("{product} for free").format(product=name)
                    if name
                    else gettext("a free product")
                )
            case "gift_card":
                return gettext("a gift card of {value}").format(value=self.money(reward.value))
            case "points":
                return self.counted("{number} point", "{number} points", reward.value)
        assert isinstance(reward, Reward), "the other kinds cannot be bought"
        return self._promised(reward)

    def _promised(self, reward: Reward) -> str:
        """The kinds that are promised and cannot be bought."""
        gettext = self.words.gettext
        if reward.kind == "custom":
            return reward.name or gettext("a reward")
        if reward.kind == "early_access":
            if reward.access is None:
                return gettext("early access")
            text = gettext("early access to {name} until {day}")
            return text.format(name=reward.access.name, day=self.day(reward.access.until))
        if reward.percent is None:
            credit, cash = gettext("{value} of store credit"), gettext("{value} in cash")
            value = self.money(reward.value)
        else:
            credit = gettext("{value} of the order as store credit")
            cash = gettext("{value} of the order in cash")
            value = self.percent(reward.percent)
        text = (credit if reward.kind == "store_credit" else cash).format(value=value)
        if reward.cap is None:
            return text
        capped = gettext("{share} (at most {amount})")
        return capped.format(share=text, amount=self.money(reward.cap))

    def rewards(self, rewards: Sequence[AdvocateReward]) -> str:
        """A phrase for all of the advocate's rewards: `€10.00 off and free shipping`, and where
        they differ in it, for which friends: `€5.00 off for each of friends 1 to 3`."""
        if _same_for_all(rewards):
            return self.listed(map(self.reward, rewards))
        groups: dict[AdvocateReward, list[str]] = {}
        for reward in rewards:
            groups.setdefault(_schedule_of(reward), []).append(self.reward(reward))
        return self.listed(
            self._with_limits(when, self._when(when, self.listed(what)))
            for when, what in groups.items()
        )

    def is_simple(self, offer: Offer) -> bool:
        """Whether the advocate gets the same for every friend."""
        return _same_for_all(offer.advocate)

    def _when(self, reward: AdvocateReward, what: str) -> str:
        """For which friends `what` is given."""
        gettext, ngettext = self.words.gettext, self.counted
        if reward.schedule == "each":
            return gettext("{reward} for every friend").format(reward=what)
        if reward.schedule == "every_nth":
            return ngettext(
                "{reward} for every {number} friend",
                "{reward} for every {number} friends",
                reward.n or 1,
                reward=what,
            )
        if reward.schedule == "tier" and reward.recurring:
            return self._in_range(reward.from_ or 1, reward.to, what)
        number = reward.n or reward.from_ or 1
        if number == 1:
            return gettext("{reward} for the first friend").format(reward=what)
        return ngettext(
            "{reward} after {number} friend", "{reward} after {number} friends", number, reward=what
        )

    def _in_range(self, first: int, last: int | None, what: str) -> str:
        """A reward for every friend of a tier."""
        gettext = self.words.gettext
        if last is None and first == 1:
            text = gettext("{reward} for every friend")
        elif last is None:
            text = gettext("{reward} for every friend from number {first} on")
        elif first == last:
            text = gettext("{reward} for friend number {first}")
        else:
            text = gettext("{reward} for each of friends {first} to {last}")
        return text.format(
            reward=what, first=self.number(first), last=self.number(first if last is None else last)
        )

    def _with_limits(self, reward: AdvocateReward, text: str) -> str:
        """How often it is given, and from when on friends are counted."""
        said = []
        if reward.max_times is not None and (reward.recurring or reward.schedule == "every_nth"):
            most = reward.max_times
            said.append(self.counted("at most {number} time", "at most {number} times", most))
        if reward.starts is not None:
            since = self.words.gettext("counted from {day} on")
            said.append(since.format(day=self.day(reward.starts)))
        return f"{text} ({', '.join(said)})" if said else text

    def money(self, minor: int) -> str:
        """An amount in minor units, in the programme's currency."""
        currency = self.document.currency
        if currency is None:
            raise ValueError("a programme without a currency has no amounts")
        return format_money(minor, currency, self.locale)

    def percent(self, value: int) -> str:
        """A whole percent."""
        return format_percent(Decimal(value) / 100, locale=self.locale)

    def number(self, value: int) -> str:
        """A whole number."""
        return format_decimal(value, locale=self.locale)

    def day(self, day: date) -> str:
        """A day with its year."""
        return format_date(day, format="long", locale=self.locale)

    def listed(self, parts: Iterable[str]) -> str:
        """Several phrases as one: `a, b and c`."""
        return format_list(list(parts), locale=self.locale)

    def counted(self, singular: str, plural: str, count: int, /, **parts: str) -> str:
        """The form of a text for that many things, with the count in it as {number}."""
        text = self.words.ngettext(singular, plural, count)
        return text.format(number=self.number(count), **parts)


def _same_for_all(rewards: Iterable[AdvocateReward]) -> bool:
    return all(reward.schedule == "each" for reward in rewards)


def _schedule_of(reward: AdvocateReward) -> AdvocateReward:
    """The schedule alone, as a reward of nothing."""
    return AdvocateReward(
        kind="free_shipping",
        schedule=reward.schedule,
        n=reward.n,
        from_=reward.from_,
        to=reward.to,
        recurring=reward.recurring,
        starts=reward.starts,
        max_times=reward.max_times,
    )


def known_locale(locale: str) -> str:
    """The locale in Babel's form, such as `pt_BR`; its language or `en` where it is unknown."""
    parts = locale.replace("-", "_").split("_")
    for candidate in ("_".join(parts), parts[0]):
        try:
            return str(Locale.parse(candidate))
        except (ValueError, UnknownLocaleError):
            continue
    return "en"
