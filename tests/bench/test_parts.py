"""Orders, answers, recordings and checks, each alone."""

from __future__ import annotations

from itertools import islice

import msgspec
import pytest

from bench import check, traffic
from bench.databases import connected
from bench.load import answer_length
from bench.orders import BODY_BYTES, Orders, code
from bench.recording import Batch, difference, picture, play
from wordmouth.advocates.rules import canonical_code


def test_an_order_has_its_size_its_name_and_perhaps_a_code():
    orders = Orders()
    named = msgspec.json.decode(orders.body("order-17", "WM-1"))["data"]
    plain = msgspec.json.decode(orders.body("order-18", None))["data"]
    assert (named["id"], named["attribution"]["code"]) == ("order-17", "WM-1")
    assert named["customer"]["email"] == "order-17@example.com"
    assert (plain["id"], plain["attribution"]["code"]) == ("order-18", None)
    assert abs(len(orders.body("order-17", "WM-12345678")) - BODY_BYTES) < 50


def test_codes_are_codes_and_all_different():
    assert len({code(number) for number in range(10_000)}) == 10_000
    assert canonical_code(code(123)) == code(123)


def test_requests_are_never_the_same():
    shop = traffic.Shop(store="str_1", secret="whsec_YQ==", back="str_2", codes=1000)
    for kind in ("delivery", "code"):
        asked = list(islice(traffic.KINDS[kind].requests(shop, "a"), 50))
        assert len(set(asked)) == 50
    clicks = list(islice(traffic.KINDS["click"].requests(shop, "a"), 50))
    assert len(set(clicks)) > 40
    assert clicks[0].startswith(b"GET /r/WM-")
    assert clicks[0].endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("answer", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcX", 41),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n", 41),
        (b"HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n", 35),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", 58),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n", None),
        (b"HTTP/1.1 200 OK\r\ncontent-le", None),
    ],
)
def test_the_end_of_an_answer_is_found(answer, length):
    assert answer_length(answer) == length


def test_what_is_lost_doubled_or_made_up_is_named():
    assert check.compare("visits", ["a", "b"], ["b", "a"]) == []
    assert check.compare("visits", ["a", "b"], ["b"]) == ["visits acknowledged and lost: 1 (a)"]
    assert check.compare("visits", ["a"], ["a", "a"]) == ["visits stored more than once: 1 (a)"]
    assert check.compare("visits", [], list("abcd")) == [
        "visits stored and never acknowledged: 4 (a, b, c, ...)"
    ]


_TABLES = """
CREATE TABLE a (id TEXT PRIMARY KEY, n INTEGER, m INTEGER);
CREATE TABLE b (id INTEGER PRIMARY KEY, a_id TEXT REFERENCES a DEFERRABLE INITIALLY DEFERRED);
INSERT INTO a VALUES ('old', 1, 1), ('same', 1, 1), ('gone', 1, 1);
"""


def test_a_recording_played_elsewhere_writes_the_same(tmp_path):
    first, second = (f"sqlite:///{tmp_path / name}" for name in ("first", "second"))
    with connected(first) as here, connected(second) as there:
        for connection in (here, there):
            for statement in _TABLES.strip().split(";\n"):
                connection.change(statement, [()])
        before = picture(here)
        here.begin()
        here.change("INSERT INTO b VALUES (?, ?)", [(1, "new"), (2, "old")])
        here.change("INSERT INTO a VALUES (?, ?, ?)", [("new", 5, 6)])
        here.change("UPDATE a SET n = ? WHERE id = ?", [(2, "old")])
        here.change("DELETE FROM a WHERE id = ?", [("gone",)])
        here.commit()
        written = difference(before, picture(here))
        assert sum(each.rows for each in written) == 5
        play(there, Batch(1, written))
        assert picture(there) == picture(here)
        assert difference(picture(here), picture(there)) == []
