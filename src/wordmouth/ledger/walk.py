"""The walk along a store's chain, from its first posting on."""

from __future__ import annotations

from typing import Any

from wordmouth.ledger import chain, reading
from wordmouth.ledger.arithmetic import Side, faults, mirrored
from wordmouth.ledger.chain import Link, Stamp
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.reading import HeadRow, Row, Sides
from wordmouth.ledger.sealed import Accounts
from wordmouth.ledger.services import MIRROR

MOST = 100
"""So many findings are told one by one."""

_EXPLAINED = 10
"""For so many of them it is looked up what happened, which may take a search of all postings."""


class Walk:
    """What was seen so far: the number and hash of the last posting, and what is wrong.

    `proven` counts the postings whose hash fits, `untold` the findings beyond `MOST`; `odd` is
    what the chain itself vouches for and is wrong all the same.
    """

    def __init__(self, stamp: Stamp, accounts: Accounts) -> None:
        self.seq, self.posted = 0, chain.START
        self.seen = self.proven = self.untold = 0
        self.findings: list[Finding] = []
        self.odd: list[Finding] = []
        self.first: dict[Any, int] = {}
        self._stamp, self._accounts = stamp, accounts
        self._gaps: list[tuple[int, int]] = []
        self._moved: set[int] = set()
        self._sound = True

    def read_on(self) -> None:
        """Look at every posting that was not looked at yet."""
        for row in reading.postings(self.seq if self.seen else None):
            self.seen += 1
            self._take(row)

    def _take(self, row: Row) -> None:
        seq = row.sides.seq
        if type(seq) is not int:
            self._tell(row, "its number is none")
            return
        gap = seq > self.seq + 1
        if gap:
            self._gaps.append((self.seq + 1, seq - 1))
        names = (
            self._accounts.name(row.sides.source_id, seq),
            self._accounts.name(row.sides.destination_id, seq),
        )
        sound = self._is_sound(row, row.link(names), names)
        if sound and self._sound and not gap and row.previous != self.posted:
            self._tell(row, f"posting {seq} does not follow on posting {self.seq}")
        self._sound = sound
        self.seq, self.posted = max(self.seq, seq), row.hash

    def _is_sound(self, row: Row, link: Link | None, names: tuple[Any, Any]) -> bool:
        """Whether the row's hash fits; where an account is broken, that is told of the account."""
        ids = (row.sides.source_id, row.sides.destination_id)
        if link is not None and self._stamp.posting(link) == row.hash:
            self.proven += 1
            if not self.findings:
                self._note(row)
            return True
        if all(map(self._accounts.trusted, ids)):
            self._tell(row, self._why(row, link))
            return False
        return True

    def _why(self, row: Row, link: Link | None) -> str:
        """What happened to a row whose hash does not fit, as far as the hashes tell."""
        seq = row.sides.seq
        if link is not None and len(self.findings) < _EXPLAINED:
            if self._stamp.posting(link._replace(previous=self.posted)) == row.hash:
                return f"posting {seq} is not chained to the one before any more"
            if self._stamp.posting(link) == (reading.previous_of(seq + 1) or self._end(seq)):
                return f"the hash of posting {seq} was changed"
            before = reading.number_of(row.previous)
            if type(before) is int and self._fits_as(before + 1, row, link):
                self._moved.add(before + 1)
                return f"this posting had the number {before + 1} and now has {seq}"
        return f"posting {seq} does not say what was posted: its hash does not fit"

    def _end(self, seq: int) -> Any:
        head = reading.head()
        return head.hash if head and head.seq == seq else None

    def _fits_as(self, seq: int, row: Row, link: Link) -> bool:
        return bool(self._stamp.posting(link._replace(seq=seq)) == row.hash)

    def _note(self, row: Row) -> None:
        """Keep what the chain vouches for, to be compared with what must be."""
        sides = row.sides
        for id in (sides.source_id, sides.destination_id):
            self.first.setdefault(id, row.at)
        units = {id: self._accounts.unit(id) for id in (sides.source_id, sides.destination_id)}
        wrong = faults(_side(sides), units)
        if row.mirrors is not None:
            wrong += _mirror_faults(row)
        room = MOST - len(self.odd)
        self.odd += [Finding(where=sides.id, what=what) for what in wrong[: max(room, 0)]]

    def _tell(self, row: Row, what: str) -> None:
        if len(self.findings) < MOST:
            self.findings.append(Finding(where=str(row.sides.id), what=what))
        else:
            self.untold += 1

    def missing(self, head: HeadRow | None) -> list[Finding]:
        """The numbers that no posting has; up to the head's, where that can be trusted."""
        gaps = list(self._gaps)
        if head is not None:
            gaps += [(self.seq + 1, head.seq)]
            gaps = [(first, min(last, head.seq)) for first, last in gaps]
        told = []
        for first, last in gaps:
            if first < last:
                told.append(f"the postings {first} to {last} are missing")
            elif first == last and first not in self._moved:
                told.append(f"posting {first} is missing")
        return [Finding(where="ledger", what=what) for what in told[:MOST]]


def _side(sides: Sides) -> Side:
    return Side(sides.source_id, sides.destination_id, sides.amount, sides.unit)


def _mirror_faults(row: Row) -> list[str]:
    """Why a posting that says so does not undo another; nothing when it does."""
    original = row.original
    if original.seq is None:
        return [f"undoes {row.mirrors}, which does not exist"]
    same = _side(row.sides) == mirrored(_side(original))
    if not same or row.sides.reference != f"{MIRROR}{original.reference}":
        return [f"is no mirror image of {original.id}"]
    return [] if original.seq < row.sides.seq else [f"undoes {original.id}, which came later"]
