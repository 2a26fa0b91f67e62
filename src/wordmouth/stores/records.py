"""The web framework's objects, made without its constructor.

That one goes through the fields of a model several times and tells signals of it, which costs more
than deciding what stands in the row and writing it. Nothing here listens to those signals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import models
from django.db.models.base import ModelState

Record = TypeVar("Record", bound=models.Model)


class _Blank(NamedTuple):
    """The defaults of a model's columns: those that are the same each time, and those made anew."""

    same: Mapping[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


def new_record(model: type[Record], **values: Any) -> Record:
    """What `model(**values)` makes, from values by column; other columns have their defaults."""
    blank = _blank(model)
    record = model.__new__(model)
    held = record.__dict__
    held["_state"] = ModelState()
    held.update(blank.same)
    for name, make in blank.made:
        if name not in values:
            held[name] = make()
    held.update(values)
    return record


def stored_record(model: type[Record], alias: str, values: Mapping[str, Any]) -> Record:
    """What `model.from_db` makes: a row of the database `alias` with all of its columns."""
    record = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, alias
    record.__dict__.update(values, _state=state)
    return record


@lru_cache(maxsize=256)
def _blank(model: type[models.Model]) -> _Blank:
    same: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if callable(field.default) and field.has_default():
            made.append((field.attname, field.get_default))
        else:
            same[field.attname] = field.get_default()
    return _Blank(same, tuple(made))
