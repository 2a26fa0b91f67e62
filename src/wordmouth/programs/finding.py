"""What is wrong in a document, before anybody is told of it."""

from __future__ import annotations

import json
import re

import msgspec

Path = tuple[str | int, ...]
"""The way to a place of a document, counted from the part that was looked at."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STEP = re.compile(r"([A-Za-z0-9_-]+)|\[(\d+)\]")


class Finding(msgspec.Struct, frozen=True):
    """One broken rule at `path`; `allowed` lists the choices where there are few."""

    path: Path
    message: str
    allowed: tuple[str, ...] = ()


def dotted(path: Path) -> str:
    """A path as people write it: `offers[0].friend.value`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            key = step if _BARE_KEY.fullmatch(step) else json.dumps(step)
            text += f".{key}" if text else key
    return text


def undotted(text: str) -> Path:
    """The path that is written so, as far as its keys need no quotes."""
    steps = _STEP.findall(text)
    return tuple(int(number) if number else key for key, number in steps)


def shown(value: object) -> str:
    """A value as it is quoted in a message: short and on one line."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def repeated(path: Path, values: tuple[str, ...]) -> list[Finding]:
    """A finding for every value of a list that stands above in it already."""
    return [
        Finding((*path, index), f"{shown(value)} is in the list already; leave it out")
        for index, value in enumerate(values)
        if value in values[:index]
    ]
