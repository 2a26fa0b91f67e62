"""What of a store must not be seen from another: every text of its rows, read off the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model
from django_scopes import scopes_disabled

SHORTEST = 8
"""Shorter texts (`EUR`, `control`) may stand anywhere by chance."""


def models_of_stores() -> list[type[Model]]:
    """Every model of the engine whose rows belong to a store."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("wordmouth.")
        and any(field.name == "store" for field in model._meta.concrete_fields)
    ]


def rows_of(store_id: str) -> Iterator[dict[str, Any]]:
    """All rows of a store."""
    with scopes_disabled():
        for model in models_of_stores():
            rows = model._default_manager.filter(store_id=store_id).order_by("pk")
            yield from rows.values()


def fingerprint(store_id: str) -> str:
    """A digest of everything that a store has: another one means that something was written."""
    text = "\n".join(repr(sorted(row.items())) for row in rows_of(store_id))
    return hashlib.sha256(text.encode()).hexdigest()


def texts_of(store_id: str) -> set[str]:
    """Every text that stands in a row of the store: ids, codes, names, addresses, secrets."""
    found: set[str] = set()
    for row in rows_of(store_id):
        found |= set(_texts(row.values()))
    return {text for text in found if len(text) >= SHORTEST and text != store_id}


def _texts(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
