"""As much of GraphQL as the fake twin needs: it reads the text of a question, answers the fields
that were asked for and no others, refuses those that it does not have, and reckons the cost."""

from __future__ import annotations

import re
from typing import Any

import msgspec

_TOKENS = re.compile(r'"[^"]*"|\.\.\.|[A-Za-z_][A-Za-z0-9_]*|\$[A-Za-z_]\w*|-?\d+|[{}()\[\]:!,]')
_SIZE = 50
"""What a connection counts for that does not say how long it may be."""


class NoSuchField(Exception):
    """A question asks for what is not there."""


class Selected(msgspec.Struct):
    """A field with what is asked of it; `on` is the type, for a part that only one type has."""

    name: str
    first: int | None = None
    on: str = ""
    fields: list[Selected] = msgspec.field(default_factory=list)

    def cost(self) -> int:
        """Points: one for each thing, a connection as many as it may bring; scalars none."""
        inner = sum(each.cost() for each in self.fields)
        if self.on or not self.fields:
            return inner
        return (1 + inner) * self.first if self.first is not None else 1 + inner


class Question(msgspec.Struct):
    """The one operation of a text, such as `query Name($id: ID!) { ... }`."""

    name: str
    fields: list[Selected]

    def cost(self) -> int:
        return sum(each.cost() for each in self.fields)


def read(text: str) -> Question:
    """The question in a text. Raises NoSuchField where it is none."""
    tokens = _TOKENS.findall(text)
    if len(tokens) < 3 or tokens[0] not in ("query", "mutation"):
        raise NoSuchField("Parse error on the first token")
    at = 2
    if tokens[at] == "(":
        at = _after(tokens, at)
    fields, _ = _selection(tokens, at + 1)
    return Question(name=tokens[1], fields=fields)


def answer(fields: list[Selected], known: Any) -> Any:
    """Of what is known, what was asked for. Raises NoSuchField."""
    if known is None:
        return None
    if isinstance(known, list):
        return [answer(fields, each) for each in known]
    found: dict[str, Any] = {}
    for each in fields:
        if each.on:
            if known["__typename"] == each.on:
                found.update(answer(each.fields, known))
        elif each.name not in known:
            raise NoSuchField(f"Field '{each.name}' doesn't exist")
        elif isinstance(known[each.name], dict | list) and each.fields:
            found[each.name] = answer(each.fields, known[each.name])
        else:
            found[each.name] = known[each.name]
    return found


def _selection(tokens: list[str], at: int) -> tuple[list[Selected], int]:
    """The fields up to the closing brace, and what follows it."""
    fields: list[Selected] = []
    while tokens[at] != "}":
        if tokens[at] == "...":
            field = Selected(name="...", on=tokens[at + 2])
            at += 3
        else:
            field = Selected(name=tokens[at])
            at += 1
        if tokens[at] == "(":
            end = _after(tokens, at)
            given = tokens[at:end]
            if "first" in given:
                length = given[given.index("first") + 2]
                field.first = int(length) if length.isdigit() else _SIZE
            at = end
        if tokens[at] == "{":
            field.fields, at = _selection(tokens, at + 1)
        fields.append(field)
    return fields, at + 1


def _after(tokens: list[str], at: int) -> int:
    """The place behind the bracket that closes the one at `at`."""
    depth = 0
    while True:
        depth += {"(": 1, ")": -1}.get(tokens[at], 0)
        at += 1
        if depth == 0:
            return at
