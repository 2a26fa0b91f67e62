"""An advocate's statement: every movement of their wallet, and what the wallet held after it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import EntryFacts
from wordmouth.rewards import accounts
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RedemptionFacts, RewardFacts

MIRROR = "mirror:"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. `what` is a step of a reward (`states.STEPS`), `spend` for what was bought
    from the wallet, or `payout`; `undone` says that it takes such a step back.

    `available`, `pending` and `debt` are how each changed in this purse and unit, and `held` what
    was available there afterwards.
    """

    entry: EntryFacts
    what: str
    undone: bool
    purse: str
    unit: str
    available: int
    pending: int
    debt: int
    held: int
    reward: RewardFacts | None
    redemption: RedemptionFacts | None

    @property
    def at(self) -> datetime:
        """When it was posted."""
        return self.entry.at


def statement(holder: str, limit: int = 100) -> list[Line]:
    """The newest movements of a wallet, the newest first."""
    places = _places(holder)
    entries = ledger.entries(places, limit)
    held = {
        (purse, unit): amount
        for (name, unit), amount in ledger.balances(places).items()
        for purse, stage in [places[name]]
        if stage == "available"
    }
    about = [_about(entry) for entry in entries]
    bought = rewards.redemptions_by_ids(one for one, _ in about if one.startswith("red_"))
    earned = rewards.by_ids(one for one, _ in about if one.startswith("rwd_"))
    lines = []
    for entry, (subject, what) in zip(entries, about, strict=True):
        purse, moved = _moved(entry, places)
        key = purse, entry.unit
        lines.append(
            Line(
                entry=entry,
                what=what,
                undone=entry.mirrors is not None,
                purse=purse,
                unit=entry.unit,
                **moved,
                held=held.get(key, 0),
                reward=earned.get(subject),
                redemption=bought.get(subject),
            )
        )
        held[key] = held.get(key, 0) - moved["available"]
    return lines


def _places(holder: str) -> dict[str, tuple[str, str]]:
    """The accounts of a wallet: in which purse each is, and what it holds there."""
    places = dict.fromkeys(accounts.debts(holder), (accounts.COUPON, "debt"))
    for purse in accounts.ALL_PURSES:
        places[accounts.available(purse, holder)] = purse, "available"
        places[accounts.pending(purse, holder)] = purse, "pending"
    return places


def _moved(entry: EntryFacts, places: dict[str, tuple[str, str]]) -> tuple[str, dict[str, int]]:
    """The purse, and how much more or less each of its parts holds. A debt is what is owed: it
    grows by what leaves its account."""
    moved = {"available": 0, "pending": 0, "debt": 0}
    purse = accounts.COUPON
    for name, sign in ((entry.source, -1), (entry.destination, 1)):
        if name in places:
            purse, part = places[name]
            moved[part] += -sign * entry.amount if part == "debt" else sign * entry.amount
    return purse, moved


def _about(entry: EntryFacts) -> tuple[str, str]:
    """What a movement is about: the id of a reward, redemption or payout, and the step."""
    subject, _, step = entry.reference.removeprefix(MIRROR).partition(":")
    if subject == "payout":
        return step.partition(":")[0], "payout"
    return subject, step.partition(":")[0]
