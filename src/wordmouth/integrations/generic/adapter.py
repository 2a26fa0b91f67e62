"""The generic format as a shop adapter."""

from __future__ import annotations

from collections.abc import Mapping

from wordmouth.fulfilment.ports import CouponPort, CouponUnreachable
from wordmouth.inbox.ports import DeliveryVerifier
from wordmouth.integrations.generic.coupons import KINDS, GenericCoupons
from wordmouth.integrations.generic.parse import parse
from wordmouth.integrations.generic.verify import StandardWebhooks
from wordmouth.integrations.ports import Capabilities, Parsed, ShopApi
from wordmouth.kit.http import Http
from wordmouth.kit.signing import secret_bytes
from wordmouth.stores.facts import ConnectionFacts

KINDS_OPTION = "kinds"
"""Option of a connection: the kinds of reward that this shop makes, where it makes fewer."""


class GenericAdapter:
    """A shop (or a shop's plug-in) that speaks the generic format, under the name it is known
    by. `kinds` are those that it makes, unless a connection's option names fewer."""

    def __init__(self, name: str, http: Http, kinds: frozenset[str] = KINDS) -> None:
        self.name = name
        self.capabilities = Capabilities(event_ids=True, signed_time=True, customer_lock=True)
        self.verifier: DeliveryVerifier = StandardWebhooks()
        self._http = http
        self._kinds = kinds

    def keys(self, connection: ConnectionFacts) -> tuple[bytes, ...]:
        """The bytes of all live secrets of the connection."""
        return tuple(secret_bytes(secret) for secret in connection.secrets)

    def parse(self, headers: Mapping[str, str], body: bytes) -> Parsed:
        """What a delivery tells. Raises BadDelivery."""
        return parse(body)

    def kinds(self, connection: ConnectionFacts | None) -> frozenset[str]:
        """The kinds of reward that the shop behind this connection makes."""
        narrowed = connection.options.get(KINDS_OPTION) if connection else None
        return self._kinds if narrowed is None else self._kinds & frozenset(narrowed)

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        """The shop's coupons, asked for with the newest of the connection's secrets."""
        if not connection.secrets:
            raise CouponUnreachable("The connection to this shop has no secret to sign with.")
        return GenericCoupons(
            self._http, connection.coupon_url, connection.secrets[0], self.kinds(connection)
        )

    def api(self, connection: ConnectionFacts) -> ShopApi | None:
        """None: whoever speaks this format tells by itself, again and again until it is heard."""
        return None
