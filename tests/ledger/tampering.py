"""What somebody who can write to the database, and has no key, may do to the books.

Each act picks its rows at random, writes directly, and says in words what it did.
"""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.ledger.hands import ACCOUNT, HEAD, KEYS, POSTING, TABLES, Hands, Record

Act = Callable[[Hands, Random], str]


def write(hands: Hands, table: str, row: Record, **values: Any) -> None:
    """Change columns of a row."""
    columns = ", ".join(f"{column} = %s" for column in values)
    key = KEYS[table]
    hands.run(f"UPDATE {table} SET {columns} WHERE {key} = %s", *values.values(), row[key])


def insert(hands: Hands, table: str, row: Record) -> None:
    marks = ", ".join(["%s"] * len(row))
    hands.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", *row.values())


def delete(hands: Hands, table: str, row: Record) -> None:
    hands.run(f"DELETE FROM {table} WHERE {KEYS[table]} = %s", row[KEYS[table]])


def other(value: Any, column: str, rows: list[Record], draw: Random) -> Any:
    """Another value of the same kind: of another row, or slightly different."""
    elsewhere = [row[column] for row in rows if row[column] not in (value, None)]
    if elsewhere and draw.random() < 0.5:
        return draw.choice(elsewhere)
    if value is None:
        return rows[0]["id"]
    if isinstance(value, int):
        return value + draw.choice([-1, 1, 10, 1000])
    if isinstance(value, datetime):
        return value + timedelta(microseconds=draw.choice([-1, 1, 86_400_000_000]))
    if column in ("at", "opened_at"):
        moment = datetime.fromisoformat(value) + timedelta(microseconds=draw.choice([-1, 1, 9**9]))
        return draw.choice([str(moment), value.replace(" ", "T"), value + "+00:00", "yesterday"])
    place = draw.randrange(len(value))
    sign = draw.choice([sign for sign in "0123456789abcdef" if sign != value[place]])
    return value[:place] + sign + value[place + 1 :]


def of_another_type(value: Any, draw: Random) -> Any:
    """What SQLite takes in any column; bytes, too, that in base64 read like the text there."""
    choices: list[Any] = [7, 12.5, b"bytes", "text"]
    if value is not None:
        choices.append(None)
    if isinstance(value, int):
        choices.append(value + 0.25)
    if isinstance(value, str) and len(value) == 64:
        choices += [b64decode(value)] * 3
    return draw.choice(choices)


def chain(hands: Hands) -> list[Record]:
    """The postings of the store that has most of them, by their numbers."""
    rows = hands.rows(POSTING)
    counts = Counter(row["store_id"] for row in rows)
    return [row for row in rows if row["store_id"] == counts.most_common(1)[0][0]]


def head_of(hands: Hands, rows: list[Record]) -> Record:
    return next(head for head in hands.rows(HEAD) if head["store_id"] == rows[0]["store_id"])


def change_a_column(hands: Hands, draw: Random) -> str:
    table = draw.choices(TABLES, [8, 3, 1])[0]
    rows = hands.rows(table)
    row = draw.choice(rows)
    column = draw.choice(list(row))
    value = other(row[column], column, rows, draw)
    if not hands.typed and draw.random() < 0.2:
        value = of_another_type(row[column], draw)
    write(hands, table, row, **{column: value})
    return f"{table}.{column} of {row[KEYS[table]]}: {row[column]!r} -> {value!r}"


def change_one(hands: Hands, draw: Random, column: str) -> str:
    """Another value in one column of a posting."""
    rows = hands.rows(POSTING)
    row = draw.choice(rows)
    value = other(row[column], column, rows, draw)
    write(hands, POSTING, row, **{column: value})
    return f"{column} of {row['seq']}: {row[column]} -> {value}"


def move_in_time(hands: Hands, draw: Random) -> str:
    return change_one(hands, draw, "at")


def forget_what_it_undoes(hands: Hands, draw: Random) -> str:
    """An undoing says that it undoes nothing: it could be posted once more."""
    row = draw.choice([row for row in chain(hands) if row["mirrors_id"] is not None])
    write(hands, POSTING, row, mirrors_id=None)
    return f"posting {row['seq']} undoes nothing"


def change_the_unit_everywhere(hands: Hands, draw: Random) -> str:
    """A posting and both its accounts say another unit: by themselves all would agree."""
    row = draw.choice(chain(hands))
    for table, id in ((ACCOUNT, row["source_id"]), (ACCOUNT, row["destination_id"])):
        write(hands, table, {"id": id}, unit="USD")
    write(hands, POSTING, row, unit="USD")
    return f"unit of {row['seq']} and its accounts"


def delete_a_row(hands: Hands, draw: Random) -> str:
    table = draw.choices(TABLES, [8, 3, 1])[0]
    rows = hands.rows(table)
    row = draw.choice([rows[0], rows[-1], draw.choice(rows), draw.choice(rows)])
    delete(hands, table, row)
    return f"{table}: {row[KEYS[table]]} deleted"


def delete_and_close_the_gap(hands: Hands, draw: Random) -> str:
    """The rows after the deleted one are numbered and linked anew, the head follows."""
    rows = chain(hands)
    place = draw.randrange(len(rows))
    delete(hands, POSTING, rows[place])
    previous = rows[place]["previous"]
    for row in rows[place + 1 :]:
        write(hands, POSTING, row, seq=row["seq"] - 1, previous=previous)
        previous = row["hash"]
    write(hands, HEAD, head_of(hands, rows), seq=len(rows) - 1, hash=previous)
    return f"posting {place + 1} deleted, the others moved up"


def plausible(hands: Hands, draw: Random, seq: int) -> Record:
    """A posting that could have been: of accounts and an amount that are there."""
    rows = chain(hands)
    like = draw.choice(rows)
    fresh = f"{draw.getrandbits(128):026x}"[:26]
    return like | {
        "id": f"ent_{fresh}",
        "seq": seq,
        "reference": f"rwd_{fresh}:promise:1",
        "mirrors_id": None,
        "previous": rows[min(seq, len(rows) + 1) - 2]["hash"] if seq > 1 else "0" * 64,
        "hash": draw.choice([f"{draw.getrandbits(256):064x}", like["hash"]]),
    }


def append_a_posting(hands: Hands, draw: Random) -> str:
    """A posting after the newest; the head may follow, with the best seal there is."""
    rows = chain(hands)
    made = plausible(hands, draw, len(rows) + 1)
    insert(hands, POSTING, made)
    moved = draw.random() < 0.5
    if moved:
        write(hands, HEAD, head_of(hands, rows), seq=made["seq"], hash=made["hash"])
    return f"posting {made['seq']} appended, head moved: {moved}"


def squeeze_a_posting_in(hands: Hands, draw: Random) -> str:
    """A posting in the middle; the rows after it get other numbers."""
    rows = chain(hands)
    seq = draw.randint(1, len(rows))
    made = plausible(hands, draw, seq)
    for row in reversed(rows[seq - 1 :]):
        write(hands, POSTING, row, seq=row["seq"] + 1)
    write(hands, POSTING, rows[seq - 1], previous=made["hash"])
    insert(hands, POSTING, made)
    write(hands, HEAD, head_of(hands, rows), seq=len(rows) + 1)
    return f"posting {seq} squeezed in"


def open_an_account(hands: Hands, draw: Random) -> str:
    like = draw.choice(hands.rows(ACCOUNT))
    insert(hands, ACCOUNT, like | {"id": f"acc_{draw.getrandbits(100):025x}", "name": "mine"})
    return "an account opened"


def send_it_elsewhere(hands: Hands, draw: Random) -> str:
    """A posting's destination becomes a new account, opened as it should be."""
    row = draw.choice(chain(hands))
    like = next(a for a in hands.rows(ACCOUNT) if a["id"] == row["destination_id"])
    made = like | {"id": f"acc_{draw.getrandbits(100):025x}", "name": "available:eve2"}
    insert(hands, ACCOUNT, made | {"opened_at": row["at"]})
    write(hands, POSTING, row, destination_id=made["id"])
    return f"posting {row['seq']} sent to {made['id']}"


def swap_names(hands: Hands, draw: Random) -> str:
    """Two accounts of one unit change names: every sum stays, and belongs to another."""
    rows = hands.rows(ACCOUNT)
    first = draw.choice(rows)
    alike = [row for row in rows if row["unit"] == first["unit"] and row["name"] != first["name"]]
    second = draw.choice(alike)
    write(hands, ACCOUNT, first, name="between")
    write(hands, ACCOUNT, second, name=first["name"])
    write(hands, ACCOUNT, first, name=second["name"])
    return f"{first['name']} and {second['name']} swapped"


def swap_contents(hands: Hands, draw: Random) -> str:
    """Two rows say what the other said, in each other's place or with its number and hash."""
    first, second = draw.sample(chain(hands), 2)
    kept = draw.choice([("id",), ("id", "seq"), ("id", "seq", "previous", "hash")])
    for row in (first, second):
        write(hands, POSTING, row, seq=-row["seq"], reference=f"-{row['seq']}", mirrors_id=None)
    for row, said in ((first, second), (second, first)):
        old = {column: row[column] for column in kept if column != "id"}
        new = {column: value for column, value in said.items() if column not in kept}
        write(hands, POSTING, row, **old, **new)
    return f"{first['seq']} and {second['seq']} swapped but for {kept}"


def swap_numbers(hands: Hands, draw: Random) -> str:
    first, second = draw.sample(chain(hands), 2)
    write(hands, POSTING, first, seq=-1)
    write(hands, POSTING, second, seq=first["seq"])
    write(hands, POSTING, first, seq=second["seq"])
    return f"numbers {first['seq']} and {second['seq']} swapped"


def copy_over(hands: Hands, draw: Random) -> str:
    """A row says again what another said: paid twice."""
    first, second = draw.sample(chain(hands), 2)
    said = {c: first[c] for c in ("source_id", "destination_id", "amount", "unit", "at")}
    write(hands, POSTING, second, **said)
    if said == {column: second[column] for column in said}:
        write(hands, POSTING, second, amount=second["amount"] + 1)
    return f"{first['seq']} copied over {second['seq']}"


def cut_the_end(hands: Hands, draw: Random) -> str:
    """The newest postings go, and the head may be set back to what is then the newest."""
    rows = chain(hands)
    left = len(rows) - draw.randint(1, 20)
    for row in rows[left:]:
        delete(hands, POSTING, row)
    back = draw.random() < 0.7
    if back:
        write(hands, HEAD, head_of(hands, rows), seq=left, hash=rows[left - 1]["hash"])
    return f"cut to {left}, head set back: {back}"


def cut_the_beginning(hands: Hands, draw: Random) -> str:
    rows = chain(hands)
    gone = draw.randint(1, 20)
    for row in rows[:gone]:
        delete(hands, POSTING, row)
    write(hands, POSTING, rows[gone], previous="0" * 64)
    return f"the first {gone} cut"


ACTS: dict[Act, int] = {
    change_a_column: 12,
    move_in_time: 2,
    forget_what_it_undoes: 1,
    change_the_unit_everywhere: 1,
    delete_a_row: 4,
    delete_and_close_the_gap: 2,
    append_a_posting: 2,
    squeeze_a_posting_in: 1,
    open_an_account: 1,
    send_it_elsewhere: 1,
    swap_names: 1,
    swap_contents: 3,
    swap_numbers: 2,
    copy_over: 1,
    cut_the_end: 2,
    cut_the_beginning: 1,
}
"""Every act, and how often its turn comes beside the others."""


def tamper(hands: Hands, draw: Random, number: int) -> str:
    """Do one of them; the number says which, so that a run of them leaves none out."""
    turns = [act for act, often in ACTS.items() for _ in range(often)]
    act = turns[number % len(turns)]
    return f"{act.__name__}: {act(hands, draw)}"
