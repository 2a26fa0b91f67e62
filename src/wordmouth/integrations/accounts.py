"""A store's own accounts outside: what each kind takes, and how it is tried out.

Every store of an installation has its own PayPal, Stripe or Tremendous account, kept as a
`stores` connection: the secret sealed, the options readable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from wordmouth.fulfilment.ports import GiftCardPort
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import AddressRefused, Http
from wordmouth.payouts.ports import PayoutRail
from wordmouth.stores.facts import ConnectionFacts

Options = TypeVar("Options", bound=msgspec.Struct)


class Provider(Protocol):
    """One kind of account: `name` in commands, `title` for people, `opened_by` says which
    secret opens it, `options` what else it takes."""

    name: ClassVar[str]
    title: ClassVar[str]
    serves: ClassVar[str]
    opened_by: ClassVar[str]
    options: ClassVar[type[msgspec.Struct]]

    def examine(self, connection: ConnectionFacts) -> str:
        """Use the account without moving anything; says what was found. Raises Invalid."""
        ...


class PayoutProvider(Provider, Protocol):
    """An account that pays people."""

    def rail(self, connection: ConnectionFacts) -> PayoutRail:
        """The account, to pay with. Raises Invalid for options that cannot be used."""
        ...


class GiftCardProvider(Provider, Protocol):
    """An account that makes gift cards."""

    def gift_cards(self, connection: ConnectionFacts) -> GiftCardPort:
        """The account, to make cards with. Raises Invalid for options that cannot be used."""
        ...


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """One of the secrets that open a shop's API: it is kept under `name`, and asked for in
    `words`. One that is `optional` may be left out."""

    name: str
    words: str
    optional: bool = False


class ShopProvider(Protocol):
    """A shop that is connected with what opens its API."""

    name: str
    title: str

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """The secrets that it takes, in the order in which they are asked for."""
        ...

    @property
    def options(self) -> type[msgspec.Struct]:
        """What else it takes."""
        ...

    def coupon_address(self, options: Mapping[str, Any]) -> str:
        """Where the shop makes coupons, by its options. Raises Invalid."""
        ...

    def examine(self, options: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
        """Ask the shop for something without changing anything, with secrets by the names of its
        `credentials`; says what was found. Raises Invalid."""
        ...


def secrets_of(asked: Sequence[Credential], given: Mapping[str, str], name: str) -> dict[str, str]:
    """The secrets that were asked for, without those that are optional and empty. Raises Invalid,
    which names the one that is missing or not asked for."""
    known = {each.name for each in asked}
    for other in given:
        if other not in known:
            takes = ", ".join(each.name for each in asked)
            raise Invalid(f"{name} has no secret {other!r}; it takes {takes}.")
    kept = {each.name: given.get(each.name, "").strip() for each in asked}
    for each in asked:
        if not kept[each.name] and not each.optional:
            raise Invalid(f"{name} is connected with {each.words}; it is empty.")
        if len(kept[each.name].splitlines()) > 1:
            raise Invalid(f"{name} is connected with {each.words}, which is one line.")
    return {secret: text for secret, text in kept.items() if text}


def options_of(kind: type[Options], given: Mapping[str, Any], name: str) -> Options:
    """The options of an account. Raises Invalid, which names the one that is wrong or missing."""
    fields = kind.__struct_fields__
    taken = ", ".join(field.replace("_", "-") for field in fields)
    unknown = [each.replace("_", "-") for each in given if each not in fields]
    if unknown:
        raise Invalid(f"{name} has no option {unknown[0]}; it takes {taken or 'none'}.")
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"The options of {name} cannot be used: {error}.") from error


def api_address(http: Http, given: str, usual: str) -> str:
    """The address to call: the usual one, or another that was given. Raises Invalid."""
    address = (given or usual).rstrip("/")
    try:
        http.check(address)
    except AddressRefused as error:
        raise Invalid(f"{address!r} cannot be called. {error}") from error
    return address
