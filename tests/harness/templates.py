"""No model reaches a template: every rendering in every test is watched.

A model in a context lets a template ask the database whatever it likes, outside any store's
scope, and ties pages to tables. Doors hand frozen structs to templates instead.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest
from django.db.models import Model, QuerySet
from django.db.models.manager import BaseManager
from django.test.signals import template_rendered
from django.utils.functional import LazyObject, empty

# The models of these packages are guarded; other people's (a shop's, Django's own) are theirs.
GUARDED = ("wordmouth.",)
_DEPTH = 8


def models_in(value: object, path: str, depth: int = _DEPTH) -> Iterator[str]:
    """Yield a line for each guarded model, query set or manager found in `value`."""
    if isinstance(value, LazyObject):
        wrapped = value.__dict__.get("_wrapped", empty)
        value = None if wrapped is empty else wrapped
    if isinstance(value, Model | QuerySet | BaseManager):
        model = type(value) if isinstance(value, Model) else value.model
        if model.__module__.startswith(GUARDED):
            yield f"{path} is a {type(value).__name__} of {model._meta.label}"
    elif depth > 0:
        for name, part in _parts(value):
            yield from models_in(part, f"{path}{name}", depth - 1)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield f"[{key!r}]", part
    elif isinstance(value, list | tuple | set | frozenset):
        for index, part in enumerate(value):
            yield f"[{index}]", part
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield f".{name}", getattr(value, name, None)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield f".{field.name}", getattr(value, field.name, None)


@pytest.fixture(autouse=True)
def template_guard() -> Iterator[list[str]]:
    """Fail the test in which a template was handed a model, naming the place in the context."""
    found: list[str] = []

    def look(template: Any, context: Any, **_: object) -> None:
        for layer in context.dicts:
            for name, value in layer.items():
                found.extend(f"{template.name}: {line}" for line in models_in(value, str(name)))

    template_rendered.connect(look, weak=False)
    yield found
    template_rendered.disconnect(look)
    assert not found, "a model reached a template:\n" + "\n".join(dict.fromkeys(found))
