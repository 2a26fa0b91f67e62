"""A store's account with Tremendous: what it takes to make gift cards."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from wordmouth.integrations.accounts import api_address, options_of
from wordmouth.integrations.rest import Calls, Denied, Silent, decoded
from wordmouth.integrations.tremendous.cards import (
    EMAIL,
    LINK,
    WHO,
    TremendousAccount,
    TremendousCards,
    words_of,
)
from wordmouth.integrations.tremendous.wire import SourcesAnswer
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import GIFT_CARDS, ConnectionFacts

LIVE = "https://www.tremendous.com/api/v2"
SANDBOX = "https://testflight.tremendous.com/api/v2"
BALANCE = "balance"


class TremendousOptions(msgspec.Struct, frozen=True):
    """`funding_source` pays the orders; `campaign` or `product` says what the receiver may choose
    from; `delivery`: Tremendous writes the mail, or gives a link for ours."""

    campaign: str = ""
    product: tuple[str, ...] = ()
    funding_source: str = BALANCE
    delivery: Literal["email", "link"] = "email"
    sandbox: bool = False
    api: str = ""


class Tremendous:
    """Gift cards of Tremendous."""

    name: ClassVar[str] = "tremendous"
    title: ClassVar[str] = "Tremendous gift cards"
    serves: ClassVar[str] = GIFT_CARDS
    opened_by: ClassVar[str] = "an API key of your Tremendous account"
    options: ClassVar[type[msgspec.Struct]] = TremendousOptions

    def __init__(self, http: Http) -> None:
        self._http = http

    def gift_cards(self, connection: ConnectionFacts) -> TremendousCards:
        """The account, to make cards with. Raises Invalid for options that cannot be used."""
        return TremendousCards(self._http, self._account(connection))

    def examine(self, connection: ConnectionFacts) -> str:
        """Ask for the account's funding sources. Raises Invalid."""
        account = self._account(connection)
        try:
            calls = Calls(self._http, WHO, account.api)
            answer = calls.get("/funding_sources", account.headers())
            sources = decoded(answer, SourcesAnswer, WHO).funding_sources
        except Silent as error:
            raise Invalid(error.detail) from error
        except Denied as denied:
            raise Invalid(f"{WHO} does not accept the key: {words_of(denied)}.") from denied
        named = {source.id for source in sources} | {source.method.lower() for source in sources}
        if account.funding_source not in named:
            known = ", ".join(f"{source.id} ({source.method})" for source in sources) or "none"
            raise Invalid(
                f"There is no funding source {account.funding_source!r}; there are {known}."
            )
        return f"{WHO} knows the key; cards are paid from {account.funding_source}."

    def _account(self, connection: ConnectionFacts) -> TremendousAccount:
        options = options_of(TremendousOptions, connection.options, self.name)
        if not options.campaign and not options.product:
            raise Invalid("tremendous needs a campaign or at least one product to choose from.")
        usual = SANDBOX if options.sandbox else LIVE
        return TremendousAccount(
            api=api_address(self._http, options.api, usual),
            key=connection.secrets[0],
            funding_source=options.funding_source,
            campaign=options.campaign,
            products=options.product,
            method=LINK if options.delivery == "link" else EMAIL,
        )
