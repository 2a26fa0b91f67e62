"""How one reader is spoken to: language, dates, amounts, names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from babel.numbers import format_decimal
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, ngettext

from wordmouth.kit import clock, dates
from wordmouth.kit.money import format_money
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Offer, ProgramDocument, Reward
from wordmouth.programs.sentences import Wording, known_locale
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read

LONGEST_NAME = 40


class Voice:
    """The active language, with the store's country where the store speaks that language."""

    def __init__(self, store: StoreFacts) -> None:
        language = get_language() or settings.LANGUAGE_CODE
        own = known_locale(store.locale)
        same = own.split("_")[0] == language.split("-")[0]
        self.store = store
        self.locale = own if same else known_locale(language)

    def day(self, at: datetime) -> str:
        """A day, such as `5 December`."""
        return dates.format_day(at, self.locale, today=clock.now())

    def moment(self, at: datetime) -> str:
        """A day with its time."""
        return dates.format_moment(at, self.locale)

    def money(self, minor: int, currency: str) -> str:
        """An amount, such as `€10.00`."""
        return format_money(minor, currency, self.locale)

    def number(self, value: int) -> str:
        """A whole number, such as `1,200`."""
        return format_decimal(value, locale=self.locale)

    def worth(self, value: int, unit: str) -> str:
        """Points, money or a number of things, as people write it."""
        if unit == "PTS":
            text = ngettext("{count} point", "{count} points", value)
            return text.format(count=self.number(value))
        return self.number(value) if unit == "CPN" else self.money(value, unit)

    def wording(self, document: ProgramDocument) -> Wording:
        """The programme's own sentences, with its products by their names."""
        with store_read(self.store.id):
            names = programs.product_names(document)
        return Wording(document, locale=self.locale, words=translation, products=names)

    def reward(self, reward: RewardFacts, document: ProgramDocument) -> str:
        """What a reward is: `€10.00 off`, `100 points`; what it is worth, not what it was at
        first."""
        return self.wording(document).reward(_thing(reward))


def _thing(reward: RewardFacts) -> Reward:
    """A reward as the document would have it, of the worth that it has; one that paid a debt
    whole, of what it was."""
    details = reward.details
    told: dict[str, Any] = {"kind": reward.kind, "value": reward.worth or reward.value}
    told |= {name: details[name] for name in ("product", "access", "name") if name in details}
    return msgspec.convert(told, Reward)


def only_offer(document: ProgramDocument) -> Offer | None:
    """The offer that everybody gets; None while several are tried out against each other."""
    offered = [offer for offer in document.offers if offer.weight]
    return offered[0] if len(offered) == 1 else None


def preferred_language(*locales: str) -> str:
    """The first of these locales that there are texts in, else the installation's language."""
    known = {code for code, _ in settings.LANGUAGES}
    for locale in locales:
        for tag in (
            locale.replace("_", "-").lower(),
            locale.replace("_", "-").split("-")[0].lower(),
        ):
            if tag in known:
                return tag
    default: str = settings.LANGUAGE_CODE
    return default


def plain_name(name: str) -> str:
    """A name on one line, of a bearable length, without signs that steer text."""
    kept = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(kept.split())[:LONGEST_NAME]


def initial(name: str) -> str:
    """What one person is told of another's name: `F.`; empty where no name is known."""
    plain = plain_name(name)
    return f"{plain[0].upper()}." if plain else ""
