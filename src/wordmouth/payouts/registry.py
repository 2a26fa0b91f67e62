"""Where the wiring plugs in the payment services: from a store and a rail to its account there."""

from __future__ import annotations

from collections.abc import Callable

from wordmouth.payouts.ports import PayoutRail, RailRefused

RailFactory = Callable[[str, str], PayoutRail]
"""(store id, name of the rail) -> the store's account there. Makes no call to the outside. Raises
RailRefused, which says what is missing, where the store has none."""

_factory: RailFactory | None = None


def install(factory: RailFactory | None) -> None:
    """Make `factory` the way to the payment services in this process."""
    global _factory
    _factory = factory


def rail(store_id: str, name: str) -> PayoutRail:
    """The store's account with the payment service `name`. Raises RailRefused where it has none."""
    if _factory is None:
        raise RailRefused("No payment services are installed in this process.")
    return _factory(store_id, name)
