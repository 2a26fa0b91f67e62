"""Copies of rewards and of the postings that stand behind them.

These are made here and not by the database: a reward's key and code follow from what it is for, and
a posting is sealed and chained to the one before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bench.copies import other_id, tag
from bench.databases import Connection

Row = dict[str, Any]
_ID = re.compile(r"\b([a-z]{3})_[0-9a-z]{26}\b")
_OF_A_STORE = ("str", "prg", "prv")
_TABLES = ("rewards_reward", "ledger_account", "ledger_posting")
_OFFER = "control"
"""The only one of the benchmark's programme."""
_TOGETHER = 20_000


_PROMISES = (
    "INSERT INTO rewards_promisedhour (store_id, program_id, hour, cost) "
    "SELECT store_id, program_id, {hour}, sum(cost) FROM rewards_reward "
    "WHERE state IN ('pending', 'due', 'redeemed') AND cost > 0 GROUP BY 1, 2, 3"
)
_HOUR = {
    "sqlite": "CAST(strftime('%s', granted_at) AS INTEGER) / 3600",
    "postgresql": "floor(extract(epoch FROM granted_at) / 3600)::integer",
}


def promise(connection: Connection) -> None:
    """Sum anew what all programmes have promised, hour by hour."""
    connection.begin()
    connection.change("DELETE FROM rewards_promisedhour", [()])
    connection.change(_PROMISES.format(hour=_HOUR[connection.vendor]), [()])
    connection.commit()


class Books:
    """The rewards and the ledger of one store's sample. `copied`: the ids of what is copied with
    them; what is not among them stays who it is."""

    def __init__(self, connection: Connection, store: str, copied: Collection[str]) -> None:
        from wordmouth.ledger import chain
        from wordmouth.stores.vault import derived_key

        self._connection = connection
        self._store = store
        self._names = {table: connection.columns()[table][0] for table in _TABLES}
        self._rewards, self._accounts, self._postings = map(self._sample, _TABLES)
        self._postings.sort(key=lambda row: int(row["seq"]))
        own = {row["id"] for row in (*self._rewards, *self._postings)}
        self._copied = {*copied, *own}
        self._copied |= {row["id"] for row in self._accounts if self._is_copied(row["name"])}
        self._heads: dict[str, tuple[int, str]] = {}
        self._opened: set[str] = set()
        self._stamp = chain.Stamp()
        self._key = derived_key("coupons")

    def _sample(self, table: str) -> list[Row]:
        names = self._names[table]
        rows = (dict(zip(names, row, strict=True)) for row in self._connection.rows(table, names))
        return [row for row in rows if row["store_id"] == self._store]

    def _is_copied(self, text: str) -> bool:
        return any(found.group() in self._copied for found in _ID.finditer(text))

    def copy(self, numbers: Iterable[tuple[int, str]]) -> None:
        """Make these copies, as those of other rows (`copies.Copier.copy`)."""
        if not self._postings:
            return
        last = self._postings[-1]
        self._heads[""] = int(last["seq"]), str(last["hash"])
        made = ((table, row) for k, store in numbers for table, row in self._one(tag(k), store))
        while some := list(islice(made, _TOGETHER)):
            self._connection.begin()
            for table in _TABLES:
                rows = [tuple(row.values()) for name, row in some if name == table]
                self._connection.insert(table, self._names[table], rows)
            self._connection.commit()
        self._seal()

    def _one(self, own: str, store: str) -> Iterator[tuple[str, Row]]:
        """One copy: rewards, the accounts that are not there yet, postings."""
        names = {}
        for row in self._rewards:
            yield _TABLES[0], self._reward(row, own, store)
        for row in self._accounts:
            account = self._text(row, own, store)
            names[account["id"]] = account["name"]
            if account["id"] != row["id"] and account["id"] not in self._opened:
                self._opened.add(account["id"])
                yield _TABLES[1], self._sealed(account)
        for row in self._postings:
            yield _TABLES[2], self._posting(self._text(row, own, store), store, names)

    def _text(self, row: Row, own: str, store: str) -> Row:
        """The row with other ids in all its texts."""

        def other(found: re.Match[str]) -> str:
            if found.group() in self._copied:
                return other_id(found.group(), own)
            if store and (found[1] in _OF_A_STORE or found[1] == "acc"):
                return other_id(found.group(), store)
            return found.group()

        return {
            name: _ID.sub(other, value) if isinstance(value, str) else value
            for name, value in row.items()
        }

    def _reward(self, row: Row, own: str, store: str) -> Row:
        from wordmouth.kit.ids import derived_code

        made = self._text(row, own, store)
        kind, referral, _, place = made["key"].split(":")
        owed_by = f"{made['advocate_id']}|{made['version_id']}|{_OFFER}"
        digest = hashlib.sha256(owed_by.encode()).hexdigest()[:12]
        made["key"] = f"{kind}:{referral}:{digest}:{place}"
        made["code"] = derived_code("WM", made["id"], self._key)
        return made

    def _sealed(self, account: Row) -> Row:
        from wordmouth.ledger import chain

        sealed = chain.Sealed(
            store_id=account["store_id"],
            id=account["id"],
            name=account["name"],
            unit=account["unit"],
            opened_at=chain.microseconds(_moment(account["opened_at"])),
        )
        account["seal"] = self._stamp.account(sealed)
        return account

    def _posting(self, row: Row, store: str, names: dict[str, str]) -> Row:
        from wordmouth.ledger import chain

        seq, previous = self._heads.get(store, (0, chain.START))
        link = chain.Link(
            store_id=row["store_id"],
            seq=seq + 1,
            id=row["id"],
            reference=row["reference"],
            source_id=row["source_id"],
            source=names[row["source_id"]],
            destination_id=row["destination_id"],
            destination=names[row["destination_id"]],
            unit=row["unit"],
            amount=int(row["amount"]),
            at=chain.microseconds(_moment(row["at"])),
            mirrors=row["mirrors_id"],
            previous=previous,
        )
        posted = self._stamp.posting(link)
        self._heads[store] = seq + 1, posted
        return {**row, "seq": str(seq + 1), "previous": previous, "hash": posted}

    def _seal(self) -> None:
        """The heads of all chains, where they are now."""
        rows: list[tuple[Any, ...]] = []
        for end, (seq, posted) in self._heads.items():
            store = other_id(self._store, end) if end else self._store
            rows.append((store, str(seq), posted, self._stamp.head(store, seq, posted)))
        self._connection.begin()
        own = [(seq, posted, seal, store) for store, seq, posted, seal in rows[:1]]
        self._connection.change(
            "UPDATE ledger_head SET seq = CAST(? AS bigint), hash = ?, seal = ? WHERE store_id = ?",
            own,
        )
        self._connection.insert("ledger_head", ("store_id", "seq", "hash", "seal"), rows[1:])
        self._connection.commit()


def _moment(text: str) -> datetime:
    """A moment as a database tells it as text."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
