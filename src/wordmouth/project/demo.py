"""The demo put together: its clock, its store, its mailbox, and the connection of its shop.

The shop itself (`wordmouth_demo`) knows nothing of the engine; what it must be told is told here.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from wordmouth.kit import clock

SLUG = "kohvik"
USER = "kohvik"
CLOCK_FILE = "demo-clock.json"
READ_AGAIN_SECONDS = 0.2
ANSWER_SECONDS = 60

PROGRAM = """
slug = "give-10-get-10"
name = "Give 10, get 10"
status = "live"
attribution_days = 90

[eligibility]
friend = "new_customers"
min_order = 2000
currency = "EUR"

[hold]
after = "delivered"
days = 14
fallback_days = 30

[[offers]]
key = "control"
friend = {kind = "percent_off", value = 10, expires_days = 30}

[[offers.advocate]]
schedule = "each"
kind = "amount_off"
value = 1000
"""
SHOP_MAKES = ["amount_off", "free_shipping", "percent_off"]
"""The kinds of reward that the make-believe shop has coupons for."""

BRAND = {
    "accent": "#a4451f",
    "ink": "#2b1d16",
    "surface": "#faf3e8",
    "radius": 14,
    "font": "serif",
}


class DemoClock:
    """The machine's clock, put forward by what `move` added so far.

    The sum is kept in a small file, so that every process of the demo tells the same time; it is
    read again when it changed, looked at no more than five times a second.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._seen: tuple[int, int] | None = None
        self._look_after = 0.0

    def now(self) -> datetime:
        """The demo's time in UTC."""
        if time.monotonic() >= self._look_after:
            with self._lock:
                self._look()
        return datetime.now(UTC) + self._offset

    def move(self, by: timedelta) -> None:
        """Put the clock forward (or back), for every process of the demo."""
        with self._lock:
            self._look()
            offset = self._offset + by
            fresh = self._path.with_suffix(f".{os.getpid()}")
            fresh.write_text(json.dumps({"ahead_seconds": offset.total_seconds()}))
            fresh.replace(self._path)
            self._look()

    def _look(self) -> None:
        self._look_after = time.monotonic() + READ_AGAIN_SECONDS
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._offset, self._seen = timedelta(), None
            return
        seen = (found.st_mtime_ns, found.st_ino)
        if seen != self._seen:
            told = json.loads(self._path.read_text())
            self._offset, self._seen = timedelta(seconds=told["ahead_seconds"]), seen


def choose_settings(host: str, port: int) -> None:
    """Set what the demo needs, before the settings are read: one process, mails to a port of its
    own. A wildcard host can be listened on, but not clicked on."""
    os.environ["WORDMOUTH_DEMO"] = "1"
    os.environ["WORDMOUTH_WORKERS"] = "1"
    os.environ["WORDMOUTH_SMTP_HOST"] = "127.0.0.1"
    os.environ.setdefault("WORDMOUTH_MAIL_FROM", "Kohvik <hello@kohvik.example>")
    os.environ["WORDMOUTH_SMTP_PORT"] = str(_free_port())
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        os.environ.setdefault("SITE_URL", f"http://127.0.0.1:{port}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


_clocks: dict[Path, DemoClock] = {}


def _clock(folder: Path) -> DemoClock:
    """This process's clock of the demo in that folder."""
    return _clocks.setdefault(folder, DemoClock(folder / CLOCK_FILE))


def has_clock(folder: Path) -> bool:
    """Whether the clock of a demo was moved in this data folder: then every command lives by it,
    since its moments lie ahead."""
    return (folder / CLOCK_FILE).exists()


def install_clock(folder: Path) -> None:
    """Let the whole process live by the demo's clock."""
    clock.install(_clock(folder))


def move_clock(by: timedelta) -> None:
    """Put the demo's clock forward."""
    from django.conf import settings

    _clock(settings.DATA).move(by)


def shop() -> dict[str, Any]:
    """What the demo's shop must know about the engine (see `wordmouth_demo/config.py`)."""
    from django.conf import settings

    from wordmouth.stores import queries

    store = queries.store_by_slug(SLUG)
    connection = queries.connection(store.id, "generic")
    known = is_loopback(settings.HOST)
    return {
        "store_id": store.id,
        "store_slug": store.slug,
        "site_url": settings.SITE_URL,
        "webhook_secret": connection.secrets[0] if connection else "",
        "now": clock.now,
        "move_clock": move_clock,
        "desk_user": USER if known else "",
        "desk_password": desk_password() if known else "",
    }


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def desk_password() -> str:
    """The password of the demo's desk: it follows from this installation's secret, so it is
    the same at every start and another one elsewhere."""
    from wordmouth.stores.vault import derived_key

    return base64.b32encode(derived_key("demo desk"))[:16].decode().lower()


def make_store() -> None:
    """Open the demo's store with its programme and its login, unless it is there already."""
    from django.conf import settings

    from wordmouth.integrations.giftcards.fake import FakeIssuer
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_toml
    from wordmouth.stores import queries, services
    from wordmouth.stores.transactions import store_write

    site: str = settings.SITE_URL
    shop_url, coupon_url = f"{site}/demo/shop/", f"{site}/demo/shop/coupons"
    known = next((store for store in queries.list_stores() if store.slug == SLUG), None)
    if known is None:
        known = services.create_store(
            "Kohvik", currency="EUR", slug=SLUG, shop_url=shop_url, coupon_url=coupon_url
        ).store
        services.update_store(known.id, brand=BRAND)
        with store_write(known.id):
            programs.apply_document(parse_toml(PROGRAM), by="the demo")
    elif known.shop_url != shop_url:
        services.update_store(known.id, shop_url=shop_url)
        services.update_connection(known.id, "generic", coupon_url=coupon_url)
    services.update_connection(known.id, "generic", options={"kinds": SHOP_MAKES})
    services.connect(known.id, FakeIssuer.name, ["nothing"], {}, serves=FakeIssuer.serves)
    services.add_member(known.id, USER, desk_password())


class Companion:
    """What runs beside the doors in the demo: the mailbox, and the seeding of the shop once the
    server answers. `told` is then called with nothing, or with why the shop has no past yet."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told

    def start(self) -> None:
        """Open the mailbox at the port that mails are sent to, and seed in a thread."""
        from django.conf import settings

        from wordmouth_demo import mailbox

        mailbox.start(settings.MAIL_PORT)
        threading.Thread(target=self._seed, name="demo-seed", daemon=True).start()

    def stop(self, timeout: float) -> None:
        """Close the mailbox."""
        from wordmouth_demo import mailbox

        mailbox.stop()

    def wake(self) -> None:
        """Nothing here waits for news."""

    def _seed(self) -> None:
        from django.conf import settings
        from django.db import connection

        from wordmouth_demo.seed import seed

        problem = ""
        try:
            _wait_for(f"{settings.SITE_URL}/readyz")
            seed()
        except Exception as error:  # noqa: BLE001 - told to whoever started the demo
            problem = f"{type(error).__name__}: {error}"
        finally:
            connection.close()
        self._told(problem)


def _wait_for(url: str) -> None:
    """Return once the address answers. Raises URLError when it does not within a minute."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while True:
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def announce(problem: str) -> None:
    """Say on the terminal where to click."""
    from django.conf import settings

    site = settings.SITE_URL
    lines = [
        "",
        f"  Wordmouth is ready. Start here:  {site}/demo/",
        "",
        f"  Shop           {site}/demo/shop/",
        f"  Mail inbox     {site}/demo/inbox/",
        f"  Control room   {site}/demo/control/",
        f"  Landing page   {site}/s/{SLUG}",
        f"  Merchant       {site}/desk   (user {USER}, password {desk_password()})",
        "",
        "  Stop with Ctrl+C. Data is kept in " + str(settings.DATA),
        "",
    ]
    if problem:
        lines.insert(1, f"  The shop's past could not be told to the engine: {problem}\n")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
