"""Whether everything that was acknowledged is stored, exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from bench.databases import Connection
from bench.traffic import Shop

_SHOWN = 3


def acknowledged(file: Path) -> list[str]:
    """What the answers of a measurement acknowledged."""
    return file.read_text().split() if file.exists() else []


def compare(what: str, told: Iterable[str], stored: Iterable[str]) -> list[str]:
    """What is wrong, in words: lost, stored more than once, or stored without having been told."""
    wanted, held = Counter(told), Counter(stored)
    return [
        *_named(f"{what} acknowledged twice", (key for key, n in wanted.items() if n > 1)),
        *_named(f"{what} acknowledged and lost", wanted.keys() - held.keys()),
        *_named(f"{what} stored more than once", (key for key, n in held.items() if n > 1)),
        *_named(f"{what} stored and never acknowledged", held.keys() - wanted.keys()),
    ]


def _named(what: str, keys: Iterable[str]) -> list[str]:
    found = sorted(keys)
    if not found:
        return []
    more = ", ..." if len(found) > _SHOWN else ""
    return [f"{what}: {len(found)} ({', '.join(found[:_SHOWN])}{more})"]


def visits(connection: Connection, shop: Shop, told: Iterable[str]) -> list[str]:
    """The visits of the driven store against the redirects that were answered."""
    stored = connection.read("SELECT click FROM visits_visit WHERE store_id = ?", [shop.store])
    return compare("visits", told, (click for (click,) in stored))


def deliveries(connection: Connection, shop: Shop, told: Iterable[str]) -> list[str]:
    """The deliveries of the driven store against the answers with 202."""
    stored = connection.read("SELECT key FROM inbox_delivery WHERE store_id = ?", [shop.store])
    return compare("deliveries", told, (key for (key,) in stored))


def settled(connection: Connection, shop: Shop, told: int, done: int) -> list[str]:
    """The orders of the settled store against the deliveries that it was told and that settling
    said were done: each is an order, and a referral where it named a code."""
    rows = connection.read(
        "SELECT key, state, seq FROM inbox_delivery WHERE store_id = ? ORDER BY seq", [shop.back]
    )
    names = [str(key).removeprefix("dlv_") for key, state, _ in rows if state == "settled"]
    orders = connection.read("SELECT external_id FROM orders_order WHERE store_id = ?", [shop.back])
    referrals = connection.read(
        "SELECT o.external_id FROM referrals_referral r JOIN orders_order o ON o.id = r.order_id "
        "WHERE r.store_id = ?",
        [shop.back],
    )
    named = [name for name in names if int(name.rpartition("-")[2]) % 2]
    broken = [f"{key} is {state}" for key, state, _ in rows if state in ("refused", "dead")]
    return [
        *_count("deliveries told to the settled store", told, len(rows)),
        *_count("deliveries settled", done, len(names)),
        *_named("deliveries not settled for good", broken),
        *compare("orders", names, (name for (name,) in orders)),
        *compare("referrals", named, (name for (name,) in referrals)),
    ]


def _count(what: str, wanted: int, found: int) -> list[str]:
    return [] if wanted == found else [f"{what}: {wanted}, and {found} are stored"]
