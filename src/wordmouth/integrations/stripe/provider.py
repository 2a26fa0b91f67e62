"""A store's Stripe account: what it takes to pay by it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from wordmouth.integrations.accounts import api_address, options_of
from wordmouth.integrations.rest import Calls, Denied, Silent, decoded, one_line, read
from wordmouth.integrations.stripe.rail import WHO, StripeAccount, StripeRail
from wordmouth.integrations.stripe.wire import Balance, Problem
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import PAYOUTS, ConnectionFacts

LIVE = "https://api.stripe.com"


class StripeOptions(msgspec.Struct, frozen=True):
    """`api`: another address than Stripe's. A test key makes it a sandbox."""

    api: str = ""


class Stripe:
    """Stripe transfers to connected accounts."""

    name: ClassVar[str] = "stripe"
    title: ClassVar[str] = "Stripe"
    serves: ClassVar[str] = PAYOUTS
    opened_by: ClassVar[str] = "a secret or restricted key of your platform account"
    options: ClassVar[type[msgspec.Struct]] = StripeOptions

    def __init__(self, http: Http) -> None:
        self._http = http

    def rail(self, connection: ConnectionFacts) -> StripeRail:
        """The account, to pay with. Raises Invalid for options that cannot be used."""
        return StripeRail(self._http, self._account(connection))

    def examine(self, connection: ConnectionFacts) -> str:
        """Ask Stripe for the account's balance. Raises Invalid."""
        account = self._account(connection)
        try:
            answer = Calls(self._http, WHO, account.api).get("/v1/balance", account.headers())
            balance = decoded(answer, Balance, WHO)
        except Silent as error:
            raise Invalid(error.detail) from error
        except Denied as denied:
            words = (read(denied.body, Problem) or Problem()).error.words()
            raise Invalid(f"Stripe does not accept the key: {one_line(words)}.") from denied
        return f"Stripe knows the key, for {'real money' if balance.livemode else 'test money'}."

    def _account(self, connection: ConnectionFacts) -> StripeAccount:
        options = options_of(StripeOptions, connection.options, self.name)
        return StripeAccount(
            api=api_address(self._http, options.api, LIVE), key=connection.secrets[0]
        )
