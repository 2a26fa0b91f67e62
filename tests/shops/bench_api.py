"""What the benches of shops with an API have in common: a fake twin behind real HTTP, an adapter
that may speak to this machine, and a store that is connected as the command connects it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from tests.harness.patience import PATIENCE
from tests.shops.bench import Sale, Told, connection_of
from wordmouth.fulfilment.ports import CouponPort
from wordmouth.integrations import twins
from wordmouth.integrations.shop_adapter import ApiShop
from wordmouth.kit.http import Http
from wordmouth.kit.ids import new_id
from wordmouth.project.adapters import ADAPTERS
from wordmouth.stores import addresses, services
from wordmouth.stores.facts import ConnectionFacts

HTTP = Http(allow_private=True, total_seconds=PATIENCE, max_answer_bytes=8 * 1024 * 1024)
NO_THINGS = [b"", b"\xff\xfe", b"[" * 3000]
"""Bodies that no platform should send."""


class ShopTwin(Protocol):
    """What a bench needs of a twin, which is a `twins.Twin`."""

    url: str
    faults: deque[str | None]
    clock_apart: timedelta

    def answer(self, request: twins.Request) -> twins.Reply | str: ...

    def use(self, code: str) -> None: ...

    def own_coupon(self, code: str) -> object: ...


AnyTwin = TypeVar("AnyTwin", bound=ShopTwin)


class ApiBench(ABC, Generic[AnyTwin]):
    """See `tests.shops.bench.Bench`. `proof` is the header that proves a delivery."""

    proof: str

    def __init__(self, adapter: ApiShop[Any], twin: AnyTwin) -> None:
        self.name = adapter.name
        self.twin = twin
        self.faults = twin.faults
        self._adapter = adapter
        self._refunded: dict[str, int] = {}

    @abstractmethod
    def options(self) -> dict[str, str]:
        """What the shop is connected with and is no secret."""

    @abstractmethod
    def secrets(self) -> dict[str, str]:
        """What opens the shop now."""

    @abstractmethod
    def put(self, sale: Sale, back: list[Decimal]) -> str:
        """Write the sale into the twin, with what went back since it was last saved; its id."""

    @abstractmethod
    def deliveries(self) -> list[Told]: ...

    @abstractmethod
    def signed(self, body: bytes, like: Told, secret: str, at: datetime) -> Told: ...

    @abstractmethod
    def errors(self) -> list[bytes]: ...

    @abstractmethod
    def usable(self, code: str) -> int: ...

    @abstractmethod
    def change_key(self, *, back: bool = False) -> None: ...

    @abstractmethod
    def switch_off(self) -> None: ...

    @contextmanager
    def running(self) -> Iterator[None]:
        usual, ADAPTERS[self.name] = ADAPTERS[self.name], self._adapter
        try:
            with twins.serving(self.twin) as self.twin.url:
                yield
        finally:
            ADAPTERS[self.name] = usual

    def adapter(self) -> ApiShop[Any]:
        return self._adapter

    def connect(self) -> str:
        store = services.create_store("Shop", slug=new_id(self.name).replace("_", "-")).store
        options = self.options()
        services.connect_shop(
            store.id,
            self.name,
            self.secrets(),
            options,
            coupon_url=self._adapter.coupon_address(options),
        )
        api = self._adapter.api(connection_of(store.id, self.name))
        assert api is not None
        api.install(addresses.deliveries(store.id, self.name))
        return store.id

    def save(self, sale: Sale) -> None:
        sale.id = self.put(sale, sale.refunds[self._refunded.get(sale.id, 0) :])
        self._refunded[sale.id] = len(sale.refunds)

    def unsigned(self, told: Told) -> Told:
        kept = {name: text for name, text in told.headers.items() if name != self.proof}
        return Told(headers=kept, body=told.body)

    def ping(self) -> Told | None:
        return None

    def coupons(self, connection: ConnectionFacts) -> CouponPort:
        return self._adapter.coupons(connection)

    def use(self, code: str) -> None:
        self.twin.use(code)

    def own_coupon(self, code: str) -> None:
        self.twin.own_coupon(code)

    def remove(self) -> None:
        self.change_key()

    def put_clock(self, apart: timedelta) -> None:
        self.twin.clock_apart = apart
