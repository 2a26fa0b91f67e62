"""The examples of docs/api.md, as requests."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_HEADING = re.compile(r"^### `(\w+) (\S+)`$", re.MULTILINE)
_CALL = re.compile(r"```sh\n(curl .*?)```(?:\s+```json\n(.*?)```)?", re.DOTALL)


class Example(NamedTuple):
    """One call of the page; `answer` is the JSON that stands below it."""

    operation: str
    call: str
    answer: str


def examples() -> list[Example]:
    """All calls, in the order of the page."""
    text = PAGE.read_text()
    headings = [(found.start(), f"{found[1]} {found[2]}") for found in _HEADING.finditer(text)]
    return [
        Example([name for start, name in headings if start < found.start()][-1], found[1], found[2])
        for found in _CALL.finditer(text)
    ]


class Request(NamedTuple):
    """A call, ready to be sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


def request_of(call: str, variables: dict[str, str]) -> Request:
    """What curl would send, with the variables filled in."""
    for name, value in variables.items():
        call = call.replace(f"${name}", value)
    words = shlex.split(call.replace("\\\n", " "))[1:]
    method, path, body = "GET", "", None
    headers: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = words.pop(0)
        else:
            path = word
    return Request(method, path, headers, body)


def shape_of(value: Any) -> Any:
    """The keys of an answer all the way down; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape_of(part) for key, part in value.items()}
    if isinstance(value, list):
        return [shape_of(part) for part in value[:1]]
    return None
