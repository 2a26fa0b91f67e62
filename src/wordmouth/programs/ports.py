"""What this room asks of whoever wires it: what a store's shop can carry out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

import msgspec

from wordmouth.programs.document import Kind


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What can be promised in a store.

    `adapter` is the shop connection that coupons are made through; `kinds` can be carried out
    through it, as the store is set up. `why_not` says for every other kind what would make it
    possible, as the end of a sentence: `the shop's plug-in makes no gift cards; connect an issuer`.
    A shop that has yet to be connected is able to do what its adapter can express.
    """

    adapter: str
    kinds: frozenset[str]
    why_not: Mapping[str, str] = msgspec.field(default_factory=dict)


AbilitiesOf = Callable[[str], Abilities]
"""From a store's id to what can be promised there."""

_EVERYWHERE = frozenset(
    {"percent_off", "amount_off", "free_shipping", "points", "store_credit", "cash"}
)


def _unwired(store_id: str) -> Abilities:
    """Where nothing is installed: what every shop's coupons and our own wallet can do."""
    nobody = "nothing is installed that could carry it out"
    others = set(get_args(Kind)) - _EVERYWHERE
    return Abilities(adapter="", kinds=_EVERYWHERE, why_not=dict.fromkeys(others, nobody))


_abilities: AbilitiesOf = _unwired


def install(abilities_of: AbilitiesOf) -> AbilitiesOf:
    """Ask `abilities_of` from now on in this process; what was asked before is returned."""
    global _abilities
    before, _abilities = _abilities, abilities_of
    return before


def abilities(store_id: str) -> Abilities:
    """What can be promised in this store."""
    return _abilities(store_id)
