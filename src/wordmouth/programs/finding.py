"""What is wrong in a document, before anybody is told of it."""

from __future__ import annotations

import msgspec

Path = tuple[str | int, ...]
"""The way to a place of a document, counted from the part that was looked at."""


class Finding(msgspec.Struct, frozen=True):
    """One broken rule at `path`; `allowed` lists the choices where there are few."""

    path: Path
    message: str
    allowed: tuple[str, ...] = ()

    def below(self, *steps: str | int) -> Finding:
        """The same, counted from what lies around the part."""
        return Finding((*steps, *self.path), self.message, self.allowed)


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
