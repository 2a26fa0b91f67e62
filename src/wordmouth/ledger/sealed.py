"""The store's accounts as the proof sees them: which can be trusted, and which are missing."""

from __future__ import annotations

from typing import Any

from wordmouth.ledger import reading
from wordmouth.ledger.chain import Stamp
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.reading import SealedRow

_TYPES = (str, str, str, str, int)


class Accounts:
    """Accounts by their ids; `proven` counts those whose seal fits."""

    def __init__(self, stamp: Stamp) -> None:
        self._stamp = stamp
        self._rows: dict[Any, SealedRow] = {}
        self._broken: dict[Any, SealedRow] = {}
        self._missing: dict[Any, list[Any]] = {}
        for row in reading.accounts():
            self._take(row)

    def _take(self, row: SealedRow) -> None:
        self._rows[row.said.id] = row
        typed = tuple(map(type, row.said)) == _TYPES
        if not typed or self._stamp.account(row.said) != row.seal:
            self._broken[row.said.id] = row

    @property
    def proven(self) -> int:
        """How many are as they were opened."""
        return len(self._rows) - len(self._broken)

    def name(self, id: Any, seq: Any) -> Any:
        """The name of the account that the posting with this number names; None: it is missing."""
        if id not in self._rows and id not in self._missing:
            # One that was opened since the accounts were read.
            for row in reading.accounts([id]):
                self._take(row)
        if id in self._rows:
            return self._rows[id].said.name
        self._missing.setdefault(id, []).append(seq)
        return None

    def trusted(self, id: Any) -> bool:
        """Whether the account is there and as it was opened."""
        return id in self._rows and id not in self._broken

    def unit(self, id: Any) -> Any:
        """The unit of an account that is there."""
        return self._rows[id].said.unit

    def findings(self) -> list[Finding]:
        """The accounts that were changed, put in or taken away."""
        found = []
        missing = dict(self._missing)
        for id, row in self._broken.items():
            before = next((other for other in missing if self._was(row, other)), None)
            what = "this account is not what was opened: its name, unit, moment or seal was changed"
            if before is not None:
                del missing[before]
                what = f"this account had the id {before} when it was opened"
            found.append(Finding(where=str(id), what=what))
        for id, seqs in missing.items():
            more = f" and {len(seqs) - 1} more name it" if len(seqs) > 1 else " names it"
            what = f"this account is missing; posting {seqs[0]}{more}"
            found.append(Finding(where=str(id), what=what))
        return found

    def _was(self, row: SealedRow, id: Any) -> bool:
        return bool(self._stamp.account(row.said._replace(id=id)) == row.seal)

    def unfit(self, first: dict[Any, int]) -> list[Finding]:
        """Accounts that no posting opened; `first` has the moment of each one's first posting."""
        found = []
        for id, row in self._rows.items():
            if id not in first:
                found.append(Finding(where=str(id), what="no posting names this account"))
            elif first[id] != row.said.opened_at:
                what = "this account was not opened at the moment of its first posting"
                found.append(Finding(where=str(id), what=what))
        return found
