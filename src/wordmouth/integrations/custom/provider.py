"""A store's connection to its own program for rewards: what it takes."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from wordmouth.fulfilment.ports import CustomPort, Unreachable
from wordmouth.integrations.accounts import api_address, options_of
from wordmouth.integrations.custom.rewards import CustomRewards
from wordmouth.integrations.signed import Sender, is_json
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores.facts import CUSTOM, ConnectionFacts

PING_ID = "reward.ping"


class CustomOptions(msgspec.Struct, frozen=True):
    """`url` is where the program listens."""

    url: str


class CustomProgram:
    """The merchant's own program, which carries out rewards of the kind custom."""

    name: ClassVar[str] = "custom"
    title: ClassVar[str] = "Your own program for rewards"
    serves: ClassVar[str] = CUSTOM
    opened_by: ClassVar[str] = "the secret that both sides sign with (whsec_ and base64)"
    options: ClassVar[type[msgspec.Struct]] = CustomOptions

    def __init__(self, http: Http) -> None:
        self._http = http

    def rewards(self, connection: ConnectionFacts) -> CustomPort:
        """The program, asked with the newest secret. Raises Unreachable: what is wrong with the
        connection can be mended while rewards wait."""
        try:
            url, secret = self._opened(connection)
        except Invalid as error:
            raise Unreachable(error.detail) from error
        return CustomRewards(self._http, url, secret)

    def examine(self, connection: ConnectionFacts) -> str:
        """Send a `reward.ping`, which carries nothing out; any answer in JSON but 401 will do.
        Raises Invalid."""
        url, secret = self._opened(connection)
        sender = Sender(self._http, "The program", url, secret)
        try:
            answer = sender.ask("reward.ping", {}, PING_ID)
        except Unreachable as error:
            raise Invalid(str(error)) from error
        if answer.status == 401 or answer.status >= 500 or not is_json(answer):
            raise Invalid(sender.words(answer))
        return f"The program answers ({url})."

    def _opened(self, connection: ConnectionFacts) -> tuple[str, str]:
        options = options_of(CustomOptions, connection.options, self.name)
        if not connection.secrets:
            raise Invalid("The connection to the program has no secret to sign with.")
        try:
            secret_bytes(connection.secrets[0])
        except ValueError as error:
            raise Invalid("The secret of custom is whsec_ followed by base64.") from error
        return api_address(self._http, options.url, ""), connection.secrets[0]
