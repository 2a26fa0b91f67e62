"""On which line of a TOML text each key stands.

The standard library's parser keeps no positions, so a second, tolerant parser (tree-sitter)
is asked for them alone: what the text means is always the standard library's answer.
"""

from __future__ import annotations

import tomllib
from collections import Counter

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from wordmouth.programs.finding import Path

_TOML = Language(tree_sitter_toml.language())
_DEEPEST = 20
"""No document is nested deeper; what lies below takes the line of what surrounds it."""


class Lines:
    """The lines of a TOML text that is known to be valid."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {(): 1}
        self._entries: Counter[Path] = Counter()
        for child in Parser(_TOML).parse(text.encode()).root_node.named_children:
            if child.type == "pair":
                self._pair(child, (), 0)
            elif child.type in ("table", "table_array_element"):
                self._section(child)

    def of(self, path: Path) -> int:
        """The line (from 1) of `path`, or of the nearest thing around it that the text names."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _section(self, node: Node) -> None:
        """A `[header]` or `[[header]]` and the pairs below it."""
        header, *rest = node.named_children
        *parents, last = _keys(header)
        base: Path = ()
        for key in parents:
            base = self._into_last_entry(self._down(base, key, header))
        base = self._down(base, last, header)
        if node.type == "table_array_element":
            self._entries[base] += 1
        base = self._into_last_entry(base)
        self._lines[base] = _line(header)
        for child in rest:
            if child.type == "pair":
                self._pair(child, base, 0)

    def _down(self, base: Path, key: str, node: Node) -> Path:
        """`key` below `base`; a key that is new here stands on the line of `node`."""
        path = (*base, key)
        self._lines.setdefault(path, _line(node))
        return path

    def _into_last_entry(self, path: Path) -> Path:
        """In a header, the name of a list of tables stands for its last entry."""
        entries = self._entries[path]
        return (*path, entries - 1) if entries else path

    def _pair(self, node: Node, base: Path, depth: int) -> None:
        """A `key = value`, where the key may be dotted."""
        name, *values = node.named_children
        for key in _keys(name):
            base = self._down(base, key, name)
        for value in values:
            self._value(value, base, depth + 1)

    def _value(self, node: Node, base: Path, depth: int) -> None:
        if depth > _DEEPEST:
            return
        inside = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for child in inside:
                self._pair(child, base, depth)
        elif node.type == "array":
            for index, child in enumerate(inside):
                self._lines[(*base, index)] = _line(child)
                self._value(child, (*base, index), depth + 1)


def _keys(node: Node) -> list[str]:
    """The parts of a key, which may be bare, quoted or dotted."""
    if node.type == "dotted_key":
        return [key for child in node.named_children for key in _keys(child)]
    text = (node.text or b"").decode()
    if node.type == "quoted_key":
        return list(tomllib.loads(f"{text} = 0"))
    return [text]


def _line(node: Node) -> int:
    return int(node.start_point.row) + 1
