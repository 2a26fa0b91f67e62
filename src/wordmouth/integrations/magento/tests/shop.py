"""A Magento shop on this machine, and short ways to ask it."""

from __future__ import annotations

from tests.harness.patience import PATIENCE
from wordmouth.inbox.ports import FETCHED
from wordmouth.integrations.magento.api import MagentoApi
from wordmouth.integrations.magento.calls import PATH, MagentoCalls
from wordmouth.integrations.magento.parse import parse
from wordmouth.integrations.magento.shop import MagentoShop
from wordmouth.integrations.magento.twin import OPENED_BY, MagentoTwin
from wordmouth.integrations.ports import ORDER, Ref
from wordmouth.kit.http import Http
from wordmouth.orders.snapshot import OrderSnapshot

HTTP = Http(allow_private=True, total_seconds=PATIENCE)


def shop(twin: MagentoTwin, website: str = "") -> MagentoShop:
    """The shop behind the twin, or one website of it."""
    return MagentoShop(MagentoCalls(HTTP, twin.url + PATH, OPENED_BY), website)


def read(twin: MagentoTwin, number: int) -> OrderSnapshot:
    """The order as the engine understands it."""
    found = MagentoApi(shop(twin)).fetch(Ref(kind=ORDER, id=str(number)))
    assert found is not None
    (order,) = parse({FETCHED: ORDER}, found.body).orders
    return order
