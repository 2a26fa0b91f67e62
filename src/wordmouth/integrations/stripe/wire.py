"""Stripe's answers, as far as they are read."""

from __future__ import annotations

import msgspec


class Made(msgspec.Struct, frozen=True):
    """A transfer."""

    id: str
    amount: int
    currency: str
    amount_reversed: int = 0
    reversed: bool = False
    metadata: dict[str, str] = {}


class Listed(msgspec.Struct, frozen=True):
    """Some of the transfers of a group."""

    data: list[Made]
    has_more: bool = False


class Fault(msgspec.Struct, frozen=True):
    """Why a request was not carried out."""

    type: str = ""
    code: str | None = None
    message: str | None = None
    param: str | None = None

    def words(self) -> str:
        """What Stripe says, in its words."""
        return ": ".join(part for part in (self.code, self.message) if part) or self.type


class Problem(msgspec.Struct, frozen=True):
    """The envelope of a fault."""

    error: Fault = Fault()


class Balance(msgspec.Struct, frozen=True):
    """Whose account the key opens."""

    object: str
    livemode: bool = False
