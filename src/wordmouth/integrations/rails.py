"""What the payment services have in common behind `payouts.ports.PayoutRail`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wordmouth.integrations.rest import Silent
from wordmouth.payouts.ports import RailUnreachable, Transfer, TransferState


class Unpayable(Exception):
    """This service can never pay this amount; the text says why, in words."""


@contextmanager
def unreachable_when_silent() -> Iterator[None]:
    """Tell a missing answer as the room of payouts knows it."""
    try:
        yield
    except Silent as error:
        raise RailUnreachable(error.detail, error.retry_after) from error


def told(
    transfer: Transfer, state: str, *, reference: str = "", problem: str = ""
) -> TransferState:
    """What the service says of a transfer."""
    return TransferState(
        id=transfer.id,
        state=state,
        reference=reference or transfer.reference,
        problem=problem,
    )
