"""A stand-in of a Magento shop with the module in it, connected to a receiver."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from tests.prestashop.driver import NO_PHP, PHP, SECRET, STORE, Receiver

MODULE = ROOT / "shops" / "magento"
ACTS = Path(__file__).with_name("acts.php")
PATH = f"/in/{STORE}/magento"


class Shop:
    """The shop; `tells` is the address that the merchant entered."""

    def __init__(self, folder: Path, tells: str) -> None:
        self.environment = {
            **os.environ,
            "SHOP_DB": str(folder / "shop.sqlite3"),
            "SHOP_MODULE": str(MODULE),
            "SHOP_TELLS": tells,
            "SHOP_SECRET": SECRET,
        }

    def does(self, *acts: tuple[Any, ...]) -> list[Any]:
        """What each of the acts gave, which happen in one process: a name, and what it takes."""
        assert PHP is not None
        told = json.dumps([[act, list(more)] for act, *more in acts])
        done = subprocess.run(
            [PHP, str(ACTS)],
            input=told,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return list(json.loads(done.stdout))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def shop(tmp_path: Path, receiver: Receiver) -> Shop:
    """A shop with the module installed."""
    if PHP is None:
        pytest.skip(NO_PHP)
    made = Shop(tmp_path, receiver.url + PATH)
    made.does(("install",))
    return made
