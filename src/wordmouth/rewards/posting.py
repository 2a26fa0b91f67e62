"""The postings that a reward's state asks for."""

from __future__ import annotations

from collections.abc import Mapping, Set

from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.rewards import accounts
from wordmouth.rewards.models import Reward
from wordmouth.rewards.rules import amount_of
from wordmouth.rewards.states import STEPS, steps_of


def promised_to(reward: Reward) -> str:
    """In whose name it was promised: the advocate's, or the friend's as a person."""
    return reward.advocate_id if reward.party == "advocate" else reward.person_id


def accounts_of(step: str, reward: Reward) -> tuple[str, str]:
    """From which account to which a step moves value."""
    program, purse = reward.program_id, accounts.purse_of(reward.kind)
    cost = accounts.expense(program)
    if reward.details.get("paid_with") == "store_credit" and reward.unit != "CPN":
        cost = accounts.converted(program)
    waits = accounts.pending(purse, promised_to(reward))
    has = accounts.available(purse, reward.holder)
    owes = accounts.debt(reward.holder, reward.kind, reward.unit)
    return {
        "promise": (cost, waits),
        "release": (waits, has),
        "set_off": (has, owes),
        "redeem": (has, accounts.redeemed(program)),
        "debt": (owes, accounts.redeemed(program)),
        "forgive": (cost, has),
        "expire": (has, accounts.expired(program)),
    }[step]


def moved_by(step: str, reward: Reward) -> int:
    """How much a step moves; 0: there is nothing to post."""
    whole = amount_of(reward.unit, reward.value)
    return {
        "promise": whole,
        "release": whole,
        "set_off": reward.offset,
        "redeem": whole - reward.offset,
        "debt": whole - reward.offset,
        "forgive": reward.forgiven,
        "expire": reward.expired,
    }[step]


def standing(reward: Reward, *, spent: bool, forgiving: bool) -> set[str]:
    """The steps that stand in the reward's state and move anything."""
    steps = steps_of(
        reward.state,
        credit=reward.kind in WALLET_KINDS,
        spent=spent,
        forgiving=forgiving,
        set_off=reward.offset > 0,
    )
    return {step for step in steps if moved_by(step, reward) > 0}


class Postings:
    """Movements and mirrors of many rewards, written together."""

    def __init__(self, store_id: str) -> None:
        self.store_id = store_id
        self.movements: dict[str, Movement] = {}
        self.mirrors: list[str] = []

    def withdraw(self, reward: Reward, kept: Set[str]) -> None:
        """Undo the reward's postings but those `kept`, the last one first."""
        for step in reversed(STEPS):
            if step in reward.posted and step not in kept:
                self._mirror(reward.posted.pop(step))

    def settle(self, reward: Reward, wanted: set[str], posted: Mapping[str, int]) -> None:
        """Ask for what brings the reward's postings in line with the steps that must stand.
        `posted`: what its postings moved; one that must move more or less is made anew."""
        self.withdraw(
            reward, {step for step in wanted if posted.get(step) == moved_by(step, reward)}
        )
        for step in STEPS:
            if step in wanted and step not in reward.posted:
                self._post(reward, step)

    def _mirror(self, reference: str) -> None:
        """A movement that was not written yet is simply not made."""
        if self.movements.pop(reference, None) is None:
            self.mirrors.append(reference)

    def _post(self, reward: Reward, step: str) -> None:
        source, destination = accounts_of(step, reward)
        reference = f"{reward.id}:{step}:{reward.turn}"
        reward.posted[step] = reference
        self.movements[reference] = Movement(
            reference=reference,
            source=source,
            destination=destination,
            amount=moved_by(step, reward),
            unit=reward.unit,
        )

    def write(self) -> None:
        """Write everything that was asked for."""
        ledger.mirror(self.store_id, self.mirrors)
        ledger.post(self.store_id, list(self.movements.values()))
