"""Drives a rail the way the room of payouts does: try, look, and send again what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from wordmouth.payouts.ports import (
    PayoutRail,
    RailRefused,
    RailUnreachable,
    Transfer,
    TransferState,
)
from wordmouth.stores.facts import ConnectionFacts

ROUNDS = 12


def transfers(count: int, *, amount: int = 1000, currency: str = "EUR") -> list[Transfer]:
    """Payouts to `count` people."""
    return [
        Transfer(
            id=f"pay_{number}",
            amount=amount,
            currency=currency,
            account=f"p{number}@example.com",
            note="Thank you",
        )
        for number in range(count)
    ]


def moneys(amount: int) -> Decimal:
    """An amount as the twins count it."""
    return Decimal(amount)


def connection(adapter: str, secret: str, options: Mapping[str, Any]) -> ConnectionFacts:
    """A store's account."""
    return ConnectionFacts(
        id="con_1",
        store_id="str_1",
        adapter=adapter,
        secrets=(secret,),
        coupon_url="",
        options=dict(options),
        serves="payouts",
    )


def run_to_the_end(
    rail: PayoutRail,
    batch: str,
    sent: Sequence[Transfer],
    *,
    rounds: int = ROUNDS,
    between: Callable[[int], None] | None = None,
) -> dict[str, str]:
    """What became of each transfer: its last state, by its id."""
    known: dict[str, TransferState] = {}
    tried = False
    for count in range(rounds):
        asked = [
            msgspec.structs.replace(each, reference=known[each.id].reference)
            if each.id in known
            else each
            for each in sent
        ]
        open_ = {each.id for each in asked if _open(known.get(each.id))}
        if not open_:
            break
        try:
            told = rail.look(batch, asked) if tried else rail.send(batch, asked)
            if tried and any(state.state == "unknown" and state.id in open_ for state in told):
                told = rail.send(batch, asked)
        except RailRefused as refused:
            # A refusal decides only where nothing can have been sent before.
            state = "unknown" if tried else "refused"
            told = [TransferState(id=each.id, state=state, problem=str(refused)) for each in asked]
        except RailUnreachable:
            told = []
        tried = True
        known.update(
            {state.id: _named(state, known.get(state.id)) for state in told if state.id in open_}
        )
        if between is not None:
            between(count)
    return {each.id: known[each.id].state if each.id in known else "unknown" for each in sent}


def _named(state: TransferState, before: TransferState | None) -> TransferState:
    """What is told, with the name that the service gave it before."""
    reference = state.reference or (before.reference if before else "")
    return msgspec.structs.replace(state, reference=reference)


def _open(state: TransferState | None) -> bool:
    return state is None or state.state in ("requested", "unknown")
