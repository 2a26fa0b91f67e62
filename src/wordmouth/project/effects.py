"""What carries out which effect, and in what order the stores are served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wordmouth.fulfilment import handlers as fulfilment
from wordmouth.integrations import following
from wordmouth.kit import clock
from wordmouth.messages import handlers as messages
from wordmouth.outbox import queries, runner, services
from wordmouth.outbox.circuits import Circuits
from wordmouth.outbox.runner import GaveUp, Handler
from wordmouth.payouts import handlers as payouts

HANDLERS: dict[str, Handler] = {
    **fulfilment.HANDLERS,
    **payouts.HANDLERS,
    **following.HANDLERS,
    "mail.send": messages.send_mail,
}
GAVE_UP: dict[str, GaveUp] = {
    **fulfilment.GAVE_UP,
    **payouts.GAVE_UP,
    "mail.send": messages.send_given_up,
}
SHARED_PLACES = ("mail",)
"""Kinds of place that all stores have in common; every other belongs to one store."""


class Lane:
    """One worker's way through the stores: one effect of each store in turn, so that a store
    with much to do does not hold up one with little."""

    def __init__(
        self,
        circuits: Circuits | None = None,
        *,
        patient: bool = True,
        handlers: Mapping[str, Handler] | None = None,
    ) -> None:
        self._circuits = circuits
        self._patient = patient
        self._handlers = HANDLERS if handlers is None else handlers
        self._round: Iterator[str] = iter(())

    def step(self) -> int:
        """Carry out at most one effect; how many."""
        store_id = next(self._round, None)
        if store_id is None:
            self._round = iter(queries.stores_with_work())
            store_id = next(self._round, None)
        while store_id is not None:
            if self._serve(store_id):
                return 1
            store_id = next(self._round, None)
        return 0

    def _serve(self, store_id: str) -> bool:
        now = clock.now()
        avoided: frozenset[str] = frozenset()
        if self._circuits is not None:
            avoided = self._circuits.avoided(store_id, HANDLERS, now, patient=self._patient)
        leased = services.lease(store_id, 1, now, without=avoided)
        for effect in leased:
            outcome = runner.carry_out(effect, self._handlers, GAVE_UP)
            if self._circuits is not None and outcome == runner.LATER:
                self._circuits.failed(store_id, effect.kind, clock.now())
            elif self._circuits is not None:
                self._circuits.answered(store_id, effect.kind)
        return bool(leased)
