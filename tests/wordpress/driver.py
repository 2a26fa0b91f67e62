"""Plays stories in the stand-in of WordPress: one process of PHP for each."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE

PHP = shutil.which("php")
NO_PHP = "php is not installed here, so the plug-in cannot run"
SHOPS = ROOT / "shops" / "woocommerce"
PLUGIN = SHOPS / "wordmouth"
STAGE = ROOT / "tests" / "wordpress" / "shop" / "play.php"

ENGINE, STORE = "https://refer.example", "str_01tea"
DELIVERIES = f"{ENGINE}/in/{STORE}/woocommerce"
SECRET = "whsec_c2FuZGJveC1zZWNyZXQtb2YtdGhlLXRlc3Rz"
SET = {"address": ENGINE, "store": STORE, "slug": "tea", "days": 90, "widget": True}
"""What a merchant has entered who has entered everything."""

needs_php = pytest.mark.skipif(PHP is None, reason=NO_PHP)


def run_php(*arguments: str, given: str = "") -> str:
    """What PHP printed; it must succeed."""
    assert PHP is not None
    done = subprocess.run(
        [PHP, *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def play(*acts: tuple[Any, ...], entered: dict[str, Any] | None = None, **shop: Any) -> Any:
    """What became of a shop in which that happened. `entered` are the settings of the plug-in,
    everything unless told otherwise; `shop` is what is otherwise than usual."""
    options = {"wordmouth_settings": SET if entered is None else entered} if entered != {} else {}
    story = {
        "shop": {**shop, "options": {**options, **shop.get("options", {})}},
        "acts": [list(act) for act in acts],
    }
    return json.loads(run_php(str(STAGE), str(PLUGIN), given=json.dumps(story)))


def webhook(**told: Any) -> dict[str, Any]:
    """A webhook as the engine has made it in the shop."""
    return {"url": DELIVERIES, "secret": SECRET, **told}
