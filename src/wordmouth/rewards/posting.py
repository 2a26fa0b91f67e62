"""The postings that a reward's state asks for."""

from __future__ import annotations

from collections.abc import Iterable

from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.rewards.models import Reward
from wordmouth.rewards.rules import amount_of
from wordmouth.rewards.states import STEPS, steps_of


def holder_of(reward: Reward) -> str:
    """Whose accounts the reward stands in: the advocate's, or the friend's as a person."""
    return reward.advocate_id if reward.party == "advocate" else reward.person_id


def accounts_of(step: str, holder: str, program_id: str) -> tuple[str, str]:
    """From which account to which a step moves a reward's value."""
    return {
        "promise": (f"expense:{program_id}", f"pending:{holder}"),
        "release": (f"pending:{holder}", f"available:{holder}"),
        "redeem": (f"available:{holder}", f"redeemed:{program_id}"),
    }[step]


class Postings:
    """Movements and mirrors of many rewards, written together."""

    def __init__(self, store_id: str) -> None:
        self.store_id = store_id
        self.movements: list[Movement] = []
        self.mirrors: list[str] = []

    def settle(self, reward: Reward, program_id: str, *, spent: bool) -> None:
        """Ask for what brings the reward's postings in line with its state."""
        wanted = steps_of(reward.state, spent=spent)
        for step in reversed(STEPS):
            if step in reward.posted and step not in wanted:
                self.mirrors.append(reward.posted.pop(step))
        for step in STEPS:
            if step in wanted and step not in reward.posted:
                self._post(reward, step, program_id)

    def _post(self, reward: Reward, step: str, program_id: str) -> None:
        source, destination = accounts_of(step, holder_of(reward), program_id)
        reference = f"{reward.id}:{step}:{reward.turn}"
        reward.posted[step] = reference
        self.movements.append(
            Movement(
                reference=reference,
                source=source,
                destination=destination,
                amount=amount_of(reward.kind, reward.value),
                unit=reward.unit,
            )
        )

    def write(self) -> None:
        """Write everything that was asked for."""
        ledger.mirror(self.store_id, self.mirrors)
        ledger.post(self.store_id, self.movements)


def standing_references(rewards: Iterable[Reward]) -> set[str]:
    """The references that must stand in the ledger for these rewards."""
    return {reference for reward in rewards for reference in reward.posted.values()}
