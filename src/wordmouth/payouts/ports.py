"""What a payment service must be able to do to pay people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

import msgspec


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Money to be sent. `id` is our payout's: the idempotency key everywhere. `amount` in minor
    units of `currency`; `account` is what the service knows the receiver by (a PayPal e-mail
    address, the id of a Stripe account). `reference` is what the service last called it, empty
    before it said anything: some can be asked about a transfer only by their own name for it."""

    id: str
    amount: int
    currency: str
    account: str
    note: str
    reference: str = ""


class TransferState(msgspec.Struct, frozen=True, kw_only=True):
    """What the service says of a transfer.

    `state`: requested (it has it, and it is under way), settled (the receiver has the money),
    returned (it left and came back), refused (it never left), unknown (it cannot say, or does not
    know this transfer). `reference` is the service's own name for it; `problem` says in words why
    it did not work.
    """

    id: str
    state: str
    reference: str = ""
    problem: str = ""


class RailRefused(Exception):
    """The service took none of it, and said so: nothing was sent by this call."""


class RailUnreachable(Exception):
    """What became of the call is unknown: some or all of it may have been sent. It is looked at
    before anything is sent again. `retry_after` in seconds."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class PayoutRail(Protocol):
    """One store's account with a payment service.

    `remembers` is how long the service knows a transfer by our names for it; after that the same
    request would pay a second time, so it is only looked at. `batch` names a set of transfers (at
    most `rules.PART` of them) that always go together; the same batch with the same ids again
    sends nothing twice. Every call ends within 25 seconds.
    """

    name: str
    remembers: timedelta

    def send(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """Send them. Raises RailRefused, RailUnreachable. A transfer that the answer leaves out
        counts as unknown."""
        ...

    def look(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """How they stand now; sends nothing. Raises RailRefused, RailUnreachable."""
        ...
