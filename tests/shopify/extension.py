"""The extension of Shopify's own pages, and the program that runs its logic without Shopify: the
node that comes with playwright."""

from __future__ import annotations

import subprocess
from pathlib import Path

import playwright

EXTENSION = Path(__file__).parents[2] / "shops" / "shopify" / "extensions" / "recommend"
NODE = Path(playwright.__file__).parent / "driver" / "node"


def node(*given: str, told: str = "") -> str:
    """What node says to these arguments and this input. Fails with its words."""
    done = subprocess.run(
        [NODE, *given], input=told, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
