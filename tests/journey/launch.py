"""Starts the demo as `wordmouth demo --port PORT` does, with a planted bug.

WORDMOUTH_TEST_FORGET names the event whose news fulfilment misses, such as RewardChanged: the
table of reactions as a careless merge would leave it.
"""

from __future__ import annotations

import os
import sys

from wordmouth.kit import events
from wordmouth.project.main import main

_install = events.install


def _install_without(table: events.Table) -> None:
    forgotten = os.environ["WORDMOUTH_TEST_FORGET"]
    _install(
        {
            event: [
                handler
                for handler in handlers
                if event.__name__ != forgotten or "fulfilment" not in handler.__module__
            ]
            for event, handlers in table.items()
        }
    )


# At import, so that it also holds in serving processes that load this file anew.
events.install = _install_without

if __name__ == "__main__":
    sys.argv = ["wordmouth", "demo", "--port", sys.argv[-1]]
    main()
