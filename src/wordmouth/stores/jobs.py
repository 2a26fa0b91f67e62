"""Work that is done by the clock, store after store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import structlog

log = structlog.get_logger(__name__)


def each_store(store_ids: Iterable[str], failed: str, work: Callable[[str], int]) -> Iterator[int]:
    """Do the work of each store, and give what it gave. The trouble of one store is logged under
    the name `failed` and holds no other store up."""
    for store_id in store_ids:
        try:
            yield work(store_id)
        except Exception:
            log.exception(failed, store=store_id)
