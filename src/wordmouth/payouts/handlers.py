"""Money ordered from payment services: the effects of this room. They run outside of any
transaction, may run again after a crash or a lost reply, and pay nobody twice.

Before the first call a mark is written (`tried_at`). Whoever finds it looks what became of the
earlier try, and sends again only what the service does not have, under the same ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wordmouth.kit import clock
from wordmouth.outbox import services as outbox
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import LeasedEffect
from wordmouth.outbox.runner import GaveUp, Handler
from wordmouth.payouts import holding, orders, registry, states
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.jobs import LOOK
from wordmouth.payouts.orders import SEND, Order
from wordmouth.payouts.ports import PayoutRail, RailRefused, RailUnreachable, TransferState
from wordmouth.payouts.services import answers
from wordmouth.stores.transactions import store_read, store_write

TOO_LATE = (
    "Nobody knows whether these were sent, and the service may have forgotten the key by which it "
    "would know them again: look there, and rule what became of them."
)


def send_part(effect: LeasedEffect) -> dict[str, Any]:
    """Have the service pay the part of a batch that nobody knows it to have."""
    order = _order(effect)
    if not order.open:
        return {"sent": 0}
    tried_at = order.tried_at
    if tried_at is None:
        return _send_first(effect, order)
    port = _port(effect, order)
    _look(effect, port, order)
    order = _order(effect)
    if order.unclear and clock.now() - tried_at > port.remembers:
        raise Hopeless(TOO_LATE)
    if not order.unclear:
        return _outcome(effect)
    with store_read(effect.store_id):
        held = _is_held(effect)
    if held:
        raise Hopeless(holding.STOPPED)
    return _send_again(effect, port, order)


def _send_first(effect: LeasedEffect, order: Order) -> dict[str, Any]:
    """Nothing of it can have left yet, so a refusal means that none of it did."""
    with store_write(effect.store_id):
        # In one write: once a programme was stopped, no order of it begins.
        held = _is_held(effect)
        if not held:
            answers.mark_tried([one.id for one in order.open])
    if held:
        raise Hopeless(holding.STOPPED)
    try:
        port = registry.rail(effect.store_id, order.rail)
        told = port.send(order.name, order.open)
    except RailRefused as refused:
        return _refused(effect, order, refused)
    except RailUnreachable as unreachable:
        raise _unclear(effect, order, unreachable) from unreachable
    _tell(effect, order, _complete(order, told))
    return _outcome(effect)


def _refused(effect: LeasedEffect, order: Order, refused: RailRefused) -> dict[str, Any]:
    """Give the money back, unless the lease was lost on the way and another try is under way: that
    one says that nobody knows before it sends."""
    with store_write(effect.store_id):
        now = orders.order(effect.payload["batch"], effect.payload["part"])
        alone = all(not one.told for one in now.doubts) and len(now.doubts) == len(order.open)
        if alone:
            lost = [_answer(_state(one.id, states.REFUSED, refused)) for one in order.open]
            answers.hear_service(effect.store_id, lost, by=order.rail)
    if not alone:
        raise TryLater(str(refused))
    return {"refused": len(order.open)}


def _send_again(effect: LeasedEffect, port: PayoutRail, order: Order) -> dict[str, Any]:
    """A refusal tells nothing of the earlier try: it may be refused for having been made."""
    try:
        told = port.send(order.name, order.unclear)
    except (RailRefused, RailUnreachable) as problem:
        raise _unclear(effect, order, problem) from problem
    _tell(effect, order, told)
    return _outcome(effect)


def look_at_part(effect: LeasedEffect) -> dict[str, Any]:
    """Ask the service how the transfers of a part stand that are not decided yet."""
    order = _order(effect)
    if not order.open:
        return {"open": 0}
    try:
        told = registry.rail(effect.store_id, order.rail).look(order.name, order.open)
    except (RailRefused, RailUnreachable) as problem:
        # What was known is still known; the next look is not far away.
        return {"open": len(order.open), "problem": str(problem)}
    _tell(effect, order, told)
    return {"open": len(_order(effect).open)}


def send_given_up(effect: LeasedEffect, detail: str) -> None:
    """It stays reserved, and unknown for everybody to see, unless it was held back before anything
    of it could leave; only an answer or a person's ruling gives it back. In the store write that
    gives the effect up."""
    order = orders.order(effect.payload["batch"], effect.payload["part"])
    if detail == holding.STOPPED and order.tried_at is None:
        answers.note_held([one.id for one in order.open], detail)
    else:
        lost = [
            Answer(payout_id=one.id, state=states.UNKNOWN, reason=detail)
            for one in (order.unclear if order.tried_at else order.open)
        ]
        answers.hear_service(effect.store_id, lost, by=order.rail)
    if detail == holding.STOPPED and not _is_held(effect):
        # The programme was resumed between our look and this note of it.
        outbox.revive_keys([effect.key])


def _is_held(effect: LeasedEffect) -> bool:
    return holding.is_held(effect.payload["batch"], effect.payload["part"])


def _order(effect: LeasedEffect) -> Order:
    with store_read(effect.store_id):
        return orders.order(effect.payload["batch"], effect.payload["part"])


def _port(effect: LeasedEffect, order: Order) -> PayoutRail:
    try:
        return registry.rail(effect.store_id, order.rail)
    except (RailRefused, RailUnreachable) as problem:
        raise TryLater(str(problem)) from problem


def _look(effect: LeasedEffect, port: PayoutRail, order: Order) -> None:
    try:
        told = port.look(order.name, order.open)
    except (RailRefused, RailUnreachable) as problem:
        raise _unclear(effect, order, problem) from problem
    _tell(effect, order, _complete(order, told))


def _complete(order: Order, told: Sequence[TransferState]) -> list[TransferState]:
    """What was told, and "unknown" for what was left out."""
    named = {one.id for one in told}
    left_out = [one for one in order.open if one.id not in named]
    return [*told, *(TransferState(id=one.id, state=states.UNKNOWN) for one in left_out)]


def _state(payout_id: str, state: str, problem: Exception) -> TransferState:
    return TransferState(id=payout_id, state=state, problem=str(problem))


def _unclear(effect: LeasedEffect, order: Order, problem: Exception) -> TryLater:
    """Keep that nobody knows, and have it looked at later."""
    _tell(effect, order, [_state(one.id, states.UNKNOWN, problem) for one in order.unclear])
    return TryLater(str(problem), getattr(problem, "retry_after", None))


def _tell(effect: LeasedEffect, order: Order, told: Sequence[TransferState]) -> None:
    """Believe the service, about the transfers it was asked about and no others."""
    asked = {one.id for one in order.open}
    heard = [_answer(one) for one in told if one.id in asked]
    with store_write(effect.store_id):
        answers.hear_service(effect.store_id, heard, by=order.rail)


def _answer(told: TransferState) -> Answer:
    return Answer(
        payout_id=told.id,
        state=told.state if told.state in states.ANSWERS else states.UNKNOWN,
        reason=told.problem,
        reference=told.reference,
    )


def _outcome(effect: LeasedEffect) -> dict[str, Any]:
    """Done when the service has said something of every transfer; looked at again otherwise."""
    order = _order(effect)
    if order.unclear:
        problem = next((one.problem for one in order.doubts if one.problem), "")
        raise TryLater(f"Of {len(order.unclear)} transfers nobody knows what became. {problem}")
    return {"under_way": len(order.open)}


HANDLERS: dict[str, Handler] = {SEND: send_part, LOOK: look_at_part}
"""What carries out which effect of this room."""

GAVE_UP: dict[str, GaveUp] = {SEND: send_given_up}
"""What is done when one is given up."""
