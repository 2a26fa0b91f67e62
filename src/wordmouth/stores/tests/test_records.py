"""Objects made without the web framework's constructor are those that it makes."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from wordmouth.outbox.models import Effect
from wordmouth.stores.records import new_record, stored_record

MODELS = [model for model in apps.get_models() if model.__module__.startswith("wordmouth.")]


def held(record: models.Model) -> dict[str, Any]:
    """Everything that an object holds."""
    return {name: value for name, value in vars(record).items() if name != "_state"}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_record_without_values_has_the_defaults(model: type[models.Model]) -> None:
    one, other = new_record(model), model()
    drawn = {field.attname for field in model._meta.concrete_fields if callable(field.default)}
    for name in vars(other).keys() - drawn - {"_state"}:
        assert vars(one)[name] == vars(other)[name], name
    assert vars(one).keys() == vars(other).keys()
    assert vars(one._state) == vars(other._state)


def test_a_record_has_what_it_is_given_and_defaults_of_its_own() -> None:
    values: dict[str, Any] = {"id": "eff_1", "store_id": "str_1", "kind": "try"}
    one, other = new_record(Effect, **values), new_record(Effect, **values)
    assert held(one) == held(Effect(**values))
    assert one == other
    assert one.payload is not other.payload, "what one holds is not held by another"
    one.payload["x"] = 1
    assert new_record(Effect).payload == {}


def test_a_stored_record_is_one_that_the_database_told() -> None:
    told = {field.attname: f"{field.attname}!" for field in Effect._meta.concrete_fields}
    one = stored_record(Effect, "default", told)
    other = Effect.from_db("default", list(told), list(told.values()))
    assert held(one) == held(other)
    assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db)
