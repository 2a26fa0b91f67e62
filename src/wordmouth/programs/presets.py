"""Ready programmes that a merchant may begin with. Pure.

Each is a whole valid document; its amounts are a beginning, to be changed. Nothing else in the
product knows them: once applied they are programmes like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec

from wordmouth.kit.money import exponent
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.parse import parse_data

ACCESS_LASTS = timedelta(days=90)
"""How long early access lasts, from the day on which the preset is asked for."""


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What a preset is made for: a currency, the shop's id of a product, and the day it is."""

    currency: str
    product: str
    today: date

    def money(self, units: int) -> int:
        """So many units of the currency as minor units; of a currency that has none a unit is
        worth little, so they are a hundred times as many."""
        minor: int = 10 ** (exponent(self.currency) or 2)
        return units * minor


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """A ready programme. `asks_for_product`: it cannot be applied without one of the shop's."""

    name: str
    asks_for_product: bool
    make: Callable[[Choices], Mapping[str, Any]]

    def document(self, choices: Choices) -> ProgramDocument:
        """The programme, live at once when it is applied."""
        told = self.make(choices)
        return parse_data(
            {
                "slug": self.name,
                "status": "live",
                **told,
                "eligibility": {"currency": choices.currency, **told.get("eligibility", {})},
            }
        )


def _control(friend: Mapping[str, Any] | None, *advocate: Mapping[str, Any]) -> list[Any]:
    return [{"key": "control", "friend": friend, "advocate": list(advocate)}]


_TEN_PERCENT = {"kind": "percent_off", "value": 10, "expires_days": 30}


def _give_10_get_10(chosen: Choices) -> Mapping[str, Any]:
    return {
        "name": "Give 10, get 10",
        "eligibility": {"min_order": chosen.money(30)},
        "offers": _control(_TEN_PERCENT, {"kind": "amount_off", "value": chosen.money(10)}),
        "limits": {
            "per_advocate": {"count": 20, "days": 365},
            "budget": {"amount": chosen.money(5000), "days": 30},
        },
    }


def _get_20_after_three_friends(chosen: Choices) -> Mapping[str, Any]:
    reward = {"kind": "amount_off", "value": chosen.money(20)}
    return {
        "name": "Get 20 after three friends",
        "eligibility": {"min_order": chosen.money(30)},
        "offers": _control(_TEN_PERCENT, {"schedule": "milestone", "n": 3, **reward}),
    }


def _free_product_after_five(chosen: Choices) -> Mapping[str, Any]:
    reward = {"kind": "free_product", "product": chosen.product}
    return {
        "name": "A free product after five friends",
        "eligibility": {"min_order": chosen.money(30)},
        "offers": _control(_TEN_PERCENT, {"schedule": "milestone", "n": 5, **reward}),
    }


def _points(chosen: Choices) -> Mapping[str, Any]:
    expiring = {"kind": "points", "expires_days": 365}
    off = {"kind": "amount_off", "expires_days": 90}
    return {
        "name": "Points for friends",
        "offers": _control({**expiring, "value": 50}, {**expiring, "value": 100}),
        "wallet": {
            "redemptions": [
                {"key": "free-shipping", "price": 100, "kind": "free_shipping", "expires_days": 90},
                {"key": "10-off", "price": 200, "value": chosen.money(10), **off},
                {"key": "30-off", "price": 500, "value": chosen.money(30), **off},
            ],
        },
    }


def _cash_for_every_five(chosen: Choices) -> Mapping[str, Any]:
    reward = {"kind": "cash", "value": chosen.money(25)}
    return {
        "name": "Cash for every five friends",
        "eligibility": {"min_order": chosen.money(30)},
        "offers": _control(_TEN_PERCENT, {"schedule": "every_nth", "n": 5, **reward}),
        "limits": {"per_advocate": {"value": chosen.money(500), "days": 365}},
        "payouts": {"threshold": chosen.money(25), "second_person_from": chosen.money(1000)},
    }


def _early_access(chosen: Choices) -> Mapping[str, Any]:
    access = {
        "name": "the new collection",
        "until": chosen.today + ACCESS_LASTS,
        "products": [chosen.product],
    }
    return {
        "name": "First in line",
        "offers": _control(
            _TEN_PERCENT,
            {"schedule": "milestone", "n": 1, "kind": "early_access", "access": access},
        ),
    }


def _one_sided_welcome(chosen: Choices) -> Mapping[str, Any]:
    return {
        "name": "A welcome for friends",
        "eligibility": {"min_order": chosen.money(20)},
        "offers": _control({**_TEN_PERCENT, "value": 15}),
    }


PRESETS: Mapping[str, Preset] = {
    name: Preset(name=name, asks_for_product=asks, make=make)
    for name, asks, make in (
        ("give-10-get-10", False, _give_10_get_10),
        ("get-20-after-three-friends", False, _get_20_after_three_friends),
        ("free-product-after-five", True, _free_product_after_five),
        ("points", False, _points),
        ("cash-for-every-five", False, _cash_for_every_five),
        ("early-access", True, _early_access),
        ("one-sided-welcome", False, _one_sided_welcome),
    )
}
"""All presets by their names, which are also the slugs of their documents."""
