"""The line of every key of any TOML text."""

from __future__ import annotations

import tomllib
from typing import Any

import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from wordmouth.programs.lines import Lines

TEXT = """\
a = 1 # [not.a.header]
b.c."d.e" = '''
x = 1
'''
[f]
g = [
  1,   # one
  {h = 2, i = [3,
    4]},
]

[[j]]
k = 1
[[j.l]]
m = "[[j]]"
[j.n]
o = 1
[[j]]
k = 2
  [[j.l]]
  m = {p = {q = 1}}
["é"]
'r' = 1
"""


def test_every_way_to_write_a_key_has_its_line() -> None:
    lines = Lines(TEXT)
    expected: dict[tuple[str | int, ...], int] = {
        (): 1,
        ("a",): 1,
        ("b",): 2,
        ("b", "c", "d.e"): 2,
        ("f",): 5,
        ("f", "g"): 6,
        ("f", "g", 0): 7,
        ("f", "g", 1): 8,
        ("f", "g", 1, "i"): 8,
        ("f", "g", 1, "i", 1): 9,
        ("j",): 12,
        ("j", 0): 12,
        ("j", 0, "k"): 13,
        ("j", 0, "l", 0): 14,
        ("j", 0, "l", 0, "m"): 15,
        ("j", 0, "n", "o"): 17,
        ("j", 1): 18,
        ("j", 1, "k"): 19,
        ("j", 1, "l", 0): 20,
        ("j", 1, "l", 0, "m", "p", "q"): 21,
        ("é", "r"): 23,
    }
    assert {path: lines.of(path) for path in expected} == expected


def test_what_the_text_does_not_name_has_the_line_around_it() -> None:
    assert Lines(TEXT).of(("j", 1, "l", 0, "nowhere", 3)) == 20


keys = st.integers(0, 10**6).map(lambda number: f"k{number}e")
values = st.recursive(
    st.integers() | st.text("ab\n'\"#[]=\\ é", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def keyed_paths(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """All paths that end in a key."""
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    found: list[tuple[str | int, ...]] = []
    for step, value in steps:
        found += [(*path, step)] if isinstance(step, str) else []
        if isinstance(value, dict | list):
            found += keyed_paths(value, (*path, step))
    return found


@given(st.dictionaries(keys, values, max_size=4))
@settings(deadline=None)
def test_the_line_of_a_key_holds_the_key(data: dict[str, Any]) -> None:
    text = tomlkit.dumps(data)
    lines = Lines(text)
    for path in keyed_paths(tomllib.loads(text)):
        assert str(path[-1]) in text.split("\n")[lines.of(path) - 1]
