"""Starts the engine and the sandbox shop, connected to each other as a merchant would do it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.harness.databases import fresh_database
from tests.harness.server import Server, free_port
from tests.oscar.running import WORDMOUTH, settings_of, wordmouth
from tests.vendure.running import PROGRAM, SLUG, Shops

BUILT = "WORDMOUTH_MEDUSA"
"""Names the variable with the folder in which `make test-shops` has installed and built Medusa."""


class MedusaShops(Shops):
    """The engine and the shop, and what opens the shop."""

    def __init__(
        self,
        engine: Server,
        shop: tuple[str, dict[str, str]],
        made: dict[str, Any],
        environment: dict[str, str],
    ) -> None:
        address, self.keys = shop
        super().__init__(engine, address, made, environment)


@contextmanager
def connected(environment: dict[str, str], folder: Path) -> Iterator[MedusaShops]:
    """A shop with goods and an engine with a live programme, until the end of the block."""
    # Two host names of this machine, so that a browser keeps the cookies of the two apart.
    ports = free_port(), free_port()
    engine_url, shop_url = f"http://127.0.0.1:{ports[0]}", f"http://localhost:{ports[1]}"
    environment = {
        **environment,
        "WORDMOUTH_PORT": str(ports[0]),
        "WORDMOUTH_ALLOW_PRIVATE_SHOPS": "1",
        # Nobody takes mails there, whatever else runs on this machine.
        "WORDMOUTH_SMTP_PORT": str(free_port()),
    }
    made = store_with_program(environment, shop_url, folder)
    engine = Server([WORDMOUTH, "serve", "--port"], environment, folder / "engine", port=ports[0])
    with ExitStack() as running:
        running.callback(engine.kill)
        engine.start()
        place = running.enter_context(fresh_database(folder, empty=True))
        settings = {**os.environ, **settings_of(engine_url, made), "MEDUSA_DB": place}
        serve = ["node", str(Path(os.environ[BUILT]).resolve() / "build" / "shop" / "serve.js")]
        shop = Server(serve, settings, folder / "shop", port=ports[1], ready="/ready")
        running.callback(shop.kill)
        shop.start()
        keys = json.loads(shop.get("/ready")[2])
        yield MedusaShops(engine, (shop_url, keys), made, environment)
        assert engine.stop() == 0, engine.said()


def store_with_program(environment: dict[str, str], shop_url: str, folder: Path) -> dict[str, Any]:
    """Open the store and set its programme up; what `store create` told."""
    made = wordmouth(
        environment,
        *("store", "create", "Sandbox Tea", "--adapter", "medusa", "--slug", SLUG, "--json"),
        *("--shop-url", f"{shop_url}/", "--coupon-url", f"{shop_url}/wordmouth/coupons"),
    )
    program = folder / "program.toml"
    program.write_text(PROGRAM)
    wordmouth(environment, "program", "apply", str(program), "--store", SLUG, "--json")
    return dict(made)
