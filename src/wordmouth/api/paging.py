"""Lists, a page at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import BaseModel

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.requests import PageQuery
from wordmouth.api.shapes import Page

Row = TypeVar("Row")
Item = TypeVar("Item", bound=BaseModel)

_ID_TAIL = re.compile(r"_[0-9a-z]{26}")


def page_of(
    query: PageQuery,
    prefix: str,
    read: Callable[[int, str | None], Sequence[Row]],
    show: Callable[[Sequence[Row]], list[Item]],
) -> Page[Item]:
    """One page: `read(limit, starting_after)` asked for one more than shown, then `show`n as a set.

    Raises RequestInvalid where `starting_after` is not an id with this prefix.
    """
    check_id("query.starting_after", query.starting_after, prefix)
    rows = read(query.limit + 1, query.starting_after)
    return Page(data=show(rows[: query.limit]), has_more=len(rows) > query.limit)


def check_id(path: str, given: str | None, prefix: str) -> None:
    """Refuse what cannot be an id with this prefix. Raises RequestInvalid."""
    if given is None:
        return
    if not given.startswith(prefix) or not _ID_TAIL.fullmatch(given.removeprefix(prefix)):
        message = f"takes an id such as {prefix}_01kap..., not {given[:60]!r}"
        raise RequestInvalid([FieldError(path=path, message=message)])
