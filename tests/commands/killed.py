"""The command `wordmouth`, which dies by SIGKILL at one moment of an import.

`killed.py begun|written ROW WORDS...`: the batch that ends with row ROW has begun, or is written
and not yet committed.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from wordmouth.project.main import main
from wordmouth.project.serve import prepare


def die_at(moment: str, row: int) -> None:
    """Plant the death."""
    from wordmouth.orders import services

    real = services.take_history

    def take(*args: Any, **given: Any) -> Any:
        here = given["position"] == row
        if here and moment == "begun":
            os.kill(os.getpid(), signal.SIGKILL)
        taken = real(*args, **given)
        if here and moment == "written":
            os.kill(os.getpid(), signal.SIGKILL)
        return taken

    services.take_history = take


if __name__ == "__main__":
    prepare()
    moment, row = sys.argv[1:3]
    del sys.argv[1:3]
    die_at(moment, int(row))
    main()
