"""Looks for what is broken on this installation, and says how to mend it.

Every look is a function that gives checks; one that fails is itself a check. Nothing is written.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wordmouth.cli.project import Check
from wordmouth.project import environment, privacy, shop_health, sqlite

if TYPE_CHECKING:
    from wordmouth.stores.facts import StoreFacts

LATE = timedelta(minutes=5)
CLOCKS_APART = timedelta(seconds=5)
ANSWER_SECONDS = 3


def examine() -> list[Check]:
    """All checks, in the order in which they should be mended."""
    try:
        _load()
    except SystemExit as error:
        return [_broken("settings", str(error), "Correct that setting; see docs/settings.md.")]
    checks = [_ok("settings", "They can be read."), *_each([_data_folder, _secret_file])]
    reachable = list(_each([_database]))
    checks += reachable
    if any(check.state == "broken" for check in reachable):
        return checks
    return checks + list(
        _each([_durability, _clocks, _site_address, _mail, _inbox, _outbox, _stores])
    )


def _load() -> None:
    sqlite.prefer_newest()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wordmouth.project.settings")
    import django

    django.setup()


def _each(looks: Iterable[Callable[[], Iterable[Check]]]) -> Iterator[Check]:
    for look in looks:
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001 - a look that fails has found something
            name = look.__name__.strip("_").replace("_", " ")
            yield _broken(name, f"{type(error).__name__}: {error}", "See the text for the cause.")


def _ok(name: str, text: str) -> Check:
    return Check(name=name, state="ok", text=text)


def _warning(name: str, text: str, mend: str) -> Check:
    return Check(name=name, state="warning", text=text, mend=mend)


def _broken(name: str, text: str, mend: str) -> Check:
    return Check(name=name, state="broken", text=text, mend=mend)


def _data_folder() -> Iterator[Check]:
    from django.conf import settings

    if os.access(settings.DATA, os.R_OK | os.W_OK | os.X_OK):
        yield _ok("data folder", f"{settings.DATA} can be written.")
    else:
        yield _broken(
            "data folder",
            f"{settings.DATA} cannot be written by this user.",
            "Give this user the folder, or name another one in WORDMOUTH_DATA.",
        )


def _secret_file() -> Iterator[Check]:
    from django.conf import settings

    path = settings.DATA / "secret"
    if environment.text("WORDMOUTH_SECRET"):
        yield _ok("secret", "It comes from WORDMOUTH_SECRET.")
    elif path.stat().st_mode & 0o077:
        yield _warning(
            "secret", f"{path} can be read by other users.", f"Close it: chmod 600 {path}"
        )
    else:
        yield _ok("secret", f"It is kept in {path}; keep a copy with your backups.")


def _database() -> Iterator[Check]:
    from django.db import Error

    from wordmouth.project.upgrade import pending

    try:
        waiting = pending()
    except Error as error:
        yield _broken(
            "database",
            f"It does not answer: {error}",
            "Start it, or correct DATABASE_URL; see docs/settings.md.",
        )
        return
    if waiting:
        yield _broken(
            "database",
            f"{len(waiting)} migrations are to be applied.",
            "Start `wordmouth serve` or run `wordmouth init`: both migrate.",
        )
    else:
        yield _ok("database", "It answers and is of this version.")


def _durability() -> Iterator[Check]:
    from django.db import connection

    from wordmouth.kit.durable_sqlite import SAFE_VERSION

    if connection.vendor == "postgresql":
        yield from _postgres_settings()
        return
    with connection.cursor() as cursor:
        answers = {}
        for name, needed in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            cursor.execute(f"PRAGMA {name}")
            answers[name] = (cursor.fetchone()[0], needed)
    wrong = [f"{name} is {got!r}" for name, (got, needed) in answers.items() if got != needed]
    if wrong:
        yield _broken(
            "durability",
            f"SQLite does not keep what it confirms: {', '.join(wrong)}.",
            "Put the data folder on a local disk that supports locking.",
        )
    else:
        yield _ok("durability", "SQLite keeps what it confirms (WAL, synchronous FULL).")
    version = tuple(int(part) for part in sqlite.version().split("."))
    if version < SAFE_VERSION:
        yield _warning(
            "SQLite version",
            f"{sqlite.version()} can damage its log when two programs checkpoint at once.",
            "Install pysqlite3, which brings a newer one, or update SQLite to 3.51.3 or later.",
        )
    else:
        yield _ok("SQLite version", sqlite.version())


def _postgres_settings() -> Iterator[Check]:
    from django.db import connection

    off = []
    with connection.cursor() as cursor:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {name}")
            if cursor.fetchone()[0] == "off":
                off.append(name)
    if off:
        yield _broken(
            "durability",
            f"PostgreSQL may lose what it confirmed: {', '.join(off)} off.",
            "Turn them on in postgresql.conf and reload.",
        )
    else:
        yield _ok("durability", "PostgreSQL keeps what it confirms.")


def _clocks() -> Iterator[Check]:
    from django.db import connection

    from wordmouth.kit import clock

    ours = clock.now()
    apart = abs(ours - datetime.now(UTC))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = max(apart, abs(cursor.fetchone()[0] - datetime.now(UTC)))
    if apart > CLOCKS_APART:
        yield _warning(
            "clock",
            f"Clocks are {apart} apart; it is {ours:%Y-%m-%d %H:%M:%S} UTC here.",
            "Keep the machines' time by NTP. In the demo the clock may have been moved.",
        )
    else:
        yield _ok("clock", f"It is {ours:%Y-%m-%d %H:%M:%S} UTC.")


def _site_address() -> Iterator[Check]:
    from django.conf import settings

    from wordmouth.project.demo import is_loopback

    parts = urlsplit(settings.SITE_URL)
    if parts.scheme == "https":
        yield _ok("site address", settings.SITE_URL)
    elif is_loopback(parts.hostname or ""):
        yield _warning(
            "site address",
            f"{settings.SITE_URL} works on this machine only.",
            "For others to reach it, set SITE_URL to its https:// address.",
        )
    else:
        yield _broken(
            "site address",
            f"{settings.SITE_URL} is not https: links and logins can be read on the way.",
            "Put a TLS proxy in front and set SITE_URL to the https:// address.",
        )


def _mail() -> Iterator[Check]:
    from django.conf import settings

    place = f"{settings.MAIL_HOST}:{settings.MAIL_PORT}"
    try:
        address = (settings.MAIL_HOST, settings.MAIL_PORT)
        with socket.create_connection(address, timeout=ANSWER_SECONDS) as talk:
            talk.settimeout(ANSWER_SECONDS)
            greeting = talk.recv(200)
    except OSError as error:
        chosen = environment.text("WORDMOUTH_SMTP_HOST")
        yield (_broken if chosen else _warning)(
            "mail",
            f"No mail server answers at {place} ({error.strerror or error}); mails wait.",
            "Set WORDMOUTH_SMTP_HOST and WORDMOUTH_SMTP_PORT; see docs/settings.md.",
        )
        return
    if greeting.startswith(b"220"):
        yield _ok("mail", f"A mail server answers at {place}.")
    else:
        yield _broken(
            "mail",
            f"What answers at {place} is no mail server.",
            "Correct WORDMOUTH_SMTP_HOST and WORDMOUTH_SMTP_PORT.",
        )


def _inbox() -> Iterator[Check]:
    from wordmouth.inbox import queries
    from wordmouth.kit import clock

    backlog = queries.backlog()
    if backlog.dead:
        yield _broken(
            "deliveries",
            f"{backlog.dead} could not be settled and were given up.",
            "Their problems stand in the desk under deliveries; an upgrade may mend them.",
        )
    if backlog.oldest and clock.now() - backlog.oldest > LATE:
        yield _broken(
            "deliveries",
            f"{backlog.waiting} wait, the oldest since {backlog.oldest:%Y-%m-%d %H:%M} UTC.",
            "Start `wordmouth serve`; the work behind the doors is done there.",
        )
    elif not backlog.dead:
        yield _ok("deliveries", f"{backlog.waiting} wait; {backlog.refused} were refused so far.")


def _outbox() -> Iterator[Check]:
    from wordmouth.kit import clock
    from wordmouth.outbox import queries

    health = queries.health_of_all()
    if health.dead:
        yield _broken(
            "effects",
            f"{health.dead} coupons or mails were given up after many tries.",
            "Mend what their problems say in the desk, then try them again there.",
        )
    if health.oldest_due and clock.now() - health.oldest_due > LATE:
        yield _broken(
            "effects",
            f"{health.waiting} wait, the oldest due {health.oldest_due:%Y-%m-%d %H:%M} UTC.",
            "Start `wordmouth serve`; if it runs, the shop or the mail server does not answer.",
        )
    elif not health.dead:
        yield _ok("effects", f"{health.waiting} wait; {health.done} are done.")


def _stores() -> Iterator[Check]:
    from wordmouth.stores import queries

    stores = queries.list_stores()
    if not stores:
        yield _warning("stores", "There is none.", "Make one: wordmouth init")
    for store in stores:
        yield from _store(store)
        yield from shop_health.checks(store)
        yield from privacy.checks(store)


def _store(store: StoreFacts) -> Iterator[Check]:
    from wordmouth.inbox import queries as inbox
    from wordmouth.programs import queries as programs
    from wordmouth.stores import queries
    from wordmouth.stores.transactions import store_read

    name, well = f"store {store.slug}", True
    known = queries.connections(store.id)
    if not any(connection.coupon_url for connection in known):
        for connection in known:
            well = False
            yield _warning(
                name,
                f"The shop behind {connection.adapter} has no address for coupons.",
                "Rewards wait until it has one: "
                f"wordmouth store update {store.slug} --coupon-url URL",
            )
    with store_read(store.id):
        live = programs.live_program()
        last = next(iter(inbox.page(1)), None)
    if live is None:
        well = False
        yield _warning(
            name,
            "No programme is live.",
            f"Apply one: wordmouth program apply FILE --store {store.slug}",
        )
    if last is None:
        well = False
        yield _warning(
            name,
            "The shop has not delivered anything yet.",
            "Connect it; see docs/generic-format.md.",
        )
    if well and live and last:
        yield _ok(
            name,
            f"{live.name!r} is live; the last delivery came {last.received_at:%Y-%m-%d %H:%M} UTC.",
        )
