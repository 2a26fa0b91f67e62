"""Tremendous' answers, as far as they are read."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Value(msgspec.Struct, frozen=True):
    """What a card is worth."""

    denomination: Decimal
    currency_code: str


class Delivery(msgspec.Struct, frozen=True):
    """How a card comes to its receiver; `link` only where it was just made."""

    method: str = ""
    status: str = ""
    link: str | None = None


class Reward(msgspec.Struct, frozen=True):
    """A card."""

    id: str
    value: Value | None = None
    delivery: Delivery | None = None


class Order(msgspec.Struct, frozen=True):
    """An order of one card."""

    id: str
    status: str = ""
    external_id: str | None = None
    rewards: list[Reward] = []


class OrderAnswer(msgspec.Struct, frozen=True):
    """The envelope of an order."""

    order: Order


class Link(msgspec.Struct, frozen=True):
    """A new link to a card."""

    link: str


class LinkAnswer(msgspec.Struct, frozen=True):
    """The envelope of a link."""

    reward: Link


class Source(msgspec.Struct, frozen=True):
    """Where orders are paid from."""

    id: str
    method: str = ""


class SourcesAnswer(msgspec.Struct, frozen=True):
    """The envelope of sources."""

    funding_sources: list[Source]


class Errors(msgspec.Struct, frozen=True):
    """Why a request was not carried out."""

    message: str = ""


class Problem(msgspec.Struct, frozen=True):
    """The envelope of errors."""

    errors: Errors = Errors()
