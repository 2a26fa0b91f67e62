"""Carry out one effect that was leased, and write what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from wordmouth.outbox import services, states
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import LeasedEffect
from wordmouth.stores.transactions import store_write

Handler = Callable[[LeasedEffect], dict[str, Any]]
"""Does it, outside of any transaction; raises TryLater or Hopeless. Must bear repetition."""

GaveUp = Callable[[LeasedEffect, str], None]
"""Called in the store write that gives an effect up, with the reason."""

log = structlog.get_logger(__name__)


DONE = "done"
LATER = "later"
REFUSED = "refused"


def carry_out(
    effect: LeasedEffect, handlers: Mapping[str, Handler], gave_up: Mapping[str, GaveUp]
) -> str:
    """Run the effect's handler and record the outcome.

    Gives `DONE`, `LATER` (the outside could not do it now) or `REFUSED` (it answered, and said
    never). An error nobody foresaw counts as "later": it is logged, and the effect is kept.
    """
    handler = handlers.get(effect.kind)
    if handler is None:
        # An older process may meet effects of a newer one during an upgrade.
        return _later(effect, f"This version has no handler for {effect.kind!r}.", None, gave_up)
    try:
        result = handler(effect)
    except TryLater as later:
        return _later(effect, later.detail, later.retry_after, gave_up)
    except Hopeless as hopeless:
        with store_write(effect.store_id):
            _told(effect, services.hopeless(effect, hopeless.detail), hopeless.detail, gave_up)
        return REFUSED
    except Exception as error:
        log.exception("effect.crashed", effect=effect.id, kind=effect.kind)
        return _later(effect, f"Unexpected {type(error).__name__}.", None, gave_up)
    with store_write(effect.store_id):
        services.finish(effect, result)
    return DONE


def _later(
    effect: LeasedEffect, detail: str, retry_after: float | None, gave_up: Mapping[str, GaveUp]
) -> str:
    with store_write(effect.store_id):
        _told(effect, services.fail(effect, detail, retry_after), detail, gave_up)
    return LATER


def _told(
    effect: LeasedEffect, state: str | None, detail: str, gave_up: Mapping[str, GaveUp]
) -> None:
    log.info("effect.failed", effect=effect.id, kind=effect.kind, state=state, detail=detail)
    if state == states.DEAD and effect.kind in gave_up:
        gave_up[effect.kind](effect, detail)
