"""What changes between two documents, told before it is done (`wordmouth program plan`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import msgspec

from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.parse import terms, to_data

_OUTSIDE_TERMS = ("slug", "name", "status")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `before` or `after` is None where there is nothing on that side.

    Offers stand in the path by their key: `offers.control.friend.value`. `terms` says whether
    the change belongs to the terms and so makes a new version.
    """

    path: str
    before: Any
    after: Any
    sentence: str
    terms: bool


def difference(old: ProgramDocument | None, new: ProgramDocument) -> list[Change]:
    """The changes that lead from `old` to `new`; with no `old`, one: the programme is new.

    There is none among the terms exactly where `parse.digest` of both is the same.
    """
    if old is None:
        sentence = f"programme {new.slug} is new, with status {new.status}"
        return [Change(path="", before=None, after=to_data(new), sentence=sentence, terms=True)]
    changes = [
        _change(key, getattr(old, key), getattr(new, key), in_terms=False)
        for key in _OUTSIDE_TERMS
        if getattr(old, key) != getattr(new, key)
    ]
    alone = {offer.key for offer in old.offers} ^ {offer.key for offer in new.offers}
    whole = {f"offers.{key}" for key in alone}
    before, after = _leaves(terms(old), whole), _leaves(terms(new), whole)
    for path in [*before, *(path for path in after if path not in before)]:
        if before.get(path) != after.get(path):
            changes.append(_change(path, before.get(path), after.get(path), in_terms=True))
    return changes


def consequence(changes: Sequence[Change], *, number: int, frozen: bool) -> str:
    """What applying `changes` does to the versions, in one sentence.

    `number` counts the current version (0: the programme is new), `frozen` says whether it was
    ever live.
    """
    if not changes:
        return "Nothing changes."
    if number == 0:
        return "The programme is made, with version 1."
    if not any(change.terms for change in changes):
        return f"The terms stay as they are: version {number} goes on."
    if not frozen:
        return f"Version {number} was never live and is replaced."
    return f"Version {number + 1} is made; referrals under way keep the version their friend saw."


def _change(path: str, before: Any, after: Any, *, in_terms: bool) -> Change:
    if before is None:
        sentence = f"{path} is added: {_written(after)}"
    elif after is None:
        sentence = f"{path} is removed; it was {_written(before)}"
    else:
        sentence = f"{path}: {_written(before)} becomes {_written(after)}"
    return Change(path=path, before=before, after=after, sentence=sentence, terms=in_terms)


def _leaves(data: Mapping[str, Any], whole: Set[str], base: str = "") -> dict[str, Any]:
    """All values by their path; what stands in `whole`, and a reward, is not taken apart."""
    found: dict[str, Any] = {}
    for key, value in data.items():
        path = f"{base}.{key}" if base else key
        if isinstance(value, Mapping) and path not in whole and "kind" not in value:
            found |= _leaves(value, whole, path)
        elif isinstance(value, list):
            found |= {f"{path}[{index}]": item for index, item in enumerate(value)}
        else:
            found[path] = value
    return found


def _written(value: Any) -> str:
    """A value as it stands in the document, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_written, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
