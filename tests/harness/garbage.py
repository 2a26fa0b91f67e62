"""When Python looks for objects that hold each other and nobody else: seldom, while tests run.

By default it looks after every 700 new objects through ever more of what pytest, Django and a few
thousand tests have loaded, which stays for good.
"""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000


def pytest_configure() -> None:
    """Look seldom from now on."""
    gc.set_threshold(_NEW_OBJECTS, 20, 20)


def pytest_collection_finish() -> None:
    """Never look again through what is loaded by now."""
    gc.collect()
    gc.freeze()
