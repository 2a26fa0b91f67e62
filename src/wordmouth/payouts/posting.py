"""The postings that a payout's state asks for."""

from __future__ import annotations

from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.payouts.models import Payout
from wordmouth.payouts.states import STANDING, STEPS
from wordmouth.rewards import accounts


def accounts_of(step: str, payout: Payout) -> tuple[str, str]:
    """From which account to which a step moves the payout's amount."""
    transit = accounts.transit(payout.id)
    if step == "request":
        return accounts.available("cash", payout.advocate_id), transit
    return transit, accounts.BANK


class Postings:
    """Movements and mirrors of many payouts, written together."""

    def __init__(self, store_id: str) -> None:
        self.store_id = store_id
        self.movements: list[Movement] = []
        self.mirrors: list[str] = []

    def settle(self, payout: Payout) -> None:
        """Ask for what brings the payout's postings in line with its state."""
        wanted = STANDING[payout.state]
        posted = dict(payout.posted)
        undone = [step for step in reversed(STEPS) if step in posted and step not in wanted]
        self.mirrors += [posted.pop(step) for step in undone]
        # What was undone and is posted anew needs a new reference.
        payout.turn += bool(undone)
        for step in wanted:
            if step not in posted:
                posted[step] = self._post(payout, step)
        payout.posted = posted

    def _post(self, payout: Payout, step: str) -> str:
        source, destination = accounts_of(step, payout)
        again = f":{payout.turn}" if payout.turn > 1 else ""
        reference = f"payout:{payout.id}:{step}{again}"
        self.movements.append(
            Movement(
                reference=reference,
                source=source,
                destination=destination,
                amount=payout.amount,
                unit=payout.currency,
            )
        )
        return reference

    def write(self) -> None:
        """Write everything that was asked for."""
        # In this order: what is posted and undone by news of the same moment stays to be seen.
        ledger.post(self.store_id, self.movements)
        ledger.mirror(self.store_id, self.mirrors)
