"""A shop of each flavour, connected to a receiver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.prestashop.driver import FLAVOURS, NO_PHP, PHP, Receiver, Shop


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def open_shop(tmp_path: Path, receiver: Receiver) -> Iterator[Callable[..., Shop]]:
    """Opens a shop of a flavour, with further environment, connected to the receiver."""
    if PHP is None:
        pytest.skip(NO_PHP)
    with ExitStack() as opened:

        def open_one(flavour: str = FLAVOURS[0], **environment: str) -> Shop:
            shop = Shop(tmp_path, flavour, **environment)
            shop.start()
            opened.callback(shop.close)
            shop.connect(receiver.url)
            return shop

        yield open_one


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """A shop on thirty bees."""
    return open_shop()


@pytest.fixture(params=FLAVOURS)
def any_shop(open_shop: Callable[..., Shop], request: pytest.FixtureRequest) -> Shop:
    """A shop on thirty bees, then one on PrestaShop 8."""
    return open_shop(request.param)
