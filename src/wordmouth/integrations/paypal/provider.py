"""A store's PayPal account: what it takes to pay by it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from wordmouth.integrations.accounts import api_address, options_of
from wordmouth.integrations.paypal.rail import PayPalRail
from wordmouth.integrations.paypal.session import PayPalAccount, Session, Tokens, words_of
from wordmouth.integrations.rest import Denied, Silent
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import PAYOUTS, ConnectionFacts

LIVE = "https://api-m.paypal.com"
SANDBOX = "https://api-m.sandbox.paypal.com"


class PayPalOptions(msgspec.Struct, frozen=True):
    """`client_id` of the merchant's app at PayPal; `api`: another address than PayPal's."""

    client_id: str
    sandbox: bool = False
    api: str = ""


class PayPal:
    """PayPal Payouts."""

    name: ClassVar[str] = "paypal"
    title: ClassVar[str] = "PayPal Payouts"
    serves: ClassVar[str] = PAYOUTS
    opened_by: ClassVar[str] = "the client secret of your app at PayPal"
    options: ClassVar[type[msgspec.Struct]] = PayPalOptions

    def __init__(self, http: Http) -> None:
        self._http = http
        self._tokens = Tokens()

    def rail(self, connection: ConnectionFacts) -> PayPalRail:
        """The account, to pay with. Raises Invalid for options that cannot be used."""
        return PayPalRail(self._http, self._tokens, self._account(connection))

    def examine(self, connection: ConnectionFacts) -> str:
        """Ask PayPal for an access token. Raises Invalid."""
        account = self._account(connection)
        self._tokens.forget(account)
        try:
            Session(self._http, self._tokens, account).token()
        except Silent as error:
            raise Invalid(error.detail) from error
        except Denied as denied:
            raise Invalid(
                f"PayPal does not accept the client id with its secret: {words_of(denied)}."
            ) from denied
        return f"PayPal knows the client id ({account.api})."

    def _account(self, connection: ConnectionFacts) -> PayPalAccount:
        options = options_of(PayPalOptions, connection.options, self.name)
        if not options.client_id.strip():
            raise Invalid("paypal needs a client-id.")
        usual = SANDBOX if options.sandbox else LIVE
        return PayPalAccount(
            api=api_address(self._http, options.api, usual),
            client_id=options.client_id,
            secret=connection.secrets[0],
        )
