"""Nothing crosses stores: every model belongs to one, is read through it and indexed by it."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model
from django_scopes import ScopedManager, scopes_disabled
from django_scopes.exceptions import ScopeError

# Models that belong to no store, each with the reason.
GLOBAL: dict[str, str] = {
    "stores.Store": "is the store",
    "stores.StoreVersion": "one number for each store; caches ask for those of many at once",
    "visits.TallyCursor": "one mark in the append-only table of visits, which all stores share",
}

# Unique constraints and indexes that do not lead with the store, each with the reason.
STORELESS: dict[str, str] = {
    "stores.ApiKey.digest": "a key is looked up before its store is known",
    "stores.Member.user": "who logs in is known before the store is chosen",
}


def _engine_models() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("wordmouth.")]


def unscoped(checked: Iterable[type[Model]]) -> list[str]:
    """Name models without a store, or that can be read without naming one."""
    complaints = []
    for model in checked:
        label = model._meta.label
        names = {field.name for field in model._meta.get_fields()}
        if label in GLOBAL:
            continue
        if "store" not in names:
            complaints.append(f"{label} has no store")
        elif not _is_walled(model):
            complaints.append(f"{label} can be queried without a store")
    return complaints


def _is_walled(model: type[Model]) -> bool:
    try:
        model._default_manager.all()
    except ScopeError:
        return True
    return False


def storeless_keys(checked: Iterable[type[Model]]) -> list[str]:
    """Name unique constraints and indexes that do not lead with the store."""
    return [
        f"{name} leads with {leader}, not with the store"
        for model in checked
        if model._meta.label not in GLOBAL
        for name, leader in _keys(model)
        if leader != "store" and name not in STORELESS
    ]


def _keys(model: type[Model]) -> Iterator[tuple[str, str]]:
    """Yield the name and the leading column of each key but the primary key."""
    meta = model._meta
    for field in meta.local_concrete_fields:
        if (field.unique or getattr(field, "db_index", False)) and not field.primary_key:
            yield f"{meta.label}.{field.name}", field.name
    for index in meta.indexes:
        yield f"{meta.label}.{index.name}", _leader(index.fields, index.expressions)
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield (
                f"{meta.label}.{constraint.name}",
                _leader(constraint.fields, constraint.expressions),
            )
    for together in meta.unique_together:
        yield f"{meta.label}.unique_together", together[0]


def _leader(fields: Iterable[str], expressions: Iterable[object]) -> str:
    names = [name.lstrip("-") for name in fields]
    return names[0] if names else getattr(next(iter(expressions)), "name", "an expression")


def test_every_model_belongs_to_a_store() -> None:
    assert unscoped(_engine_models()) == []


def test_every_key_leads_with_the_store() -> None:
    assert storeless_keys(_engine_models()) == []


def test_every_exception_is_needed_and_has_a_reason() -> None:
    labels = {model._meta.label for model in _engine_models()}
    keys = {name for model in _engine_models() for name, _ in _keys(model)}
    assert GLOBAL.keys() <= labels
    assert STORELESS.keys() <= keys
    for name, reason in (GLOBAL | STORELESS).items():
        assert len(reason) > 10, f"{name}: say why"


@pytest.mark.django_isolate_apps("wordmouth.orders")
def test_an_unscoped_model_is_caught() -> None:
    class Homeless(models.Model):
        class Meta:
            app_label = "orders"

    class Open(models.Model):
        store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+")

        class Meta:
            app_label = "orders"

    class Walled(models.Model):
        store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+")
        objects = ScopedManager(store="store")

        class Meta:
            app_label = "orders"

    assert unscoped([Homeless, Open, Walled]) == [
        "orders.Homeless has no store",
        "orders.Open can be queried without a store",
    ]
    with scopes_disabled():
        assert unscoped([Walled]) == ["orders.Walled can be queried without a store"]


@pytest.mark.django_isolate_apps("wordmouth.orders")
def test_a_key_without_the_store_is_caught() -> None:
    class Bad(models.Model):
        store = models.ForeignKey("stores.Store", models.CASCADE, related_name="+", db_index=False)
        external_id = models.CharField(max_length=10, unique=True)
        number = models.CharField(max_length=10, db_index=True)

        class Meta:
            app_label = "orders"
            indexes = (
                models.Index(fields=["-number"], name="bad_index"),
                models.Index(fields=["store", "number"], name="good_index"),
            )
            constraints = (
                models.UniqueConstraint(fields=["number"], name="bad_unique"),
                models.UniqueConstraint(fields=["store", "number"], name="good_unique"),
                models.UniqueConstraint(models.F("number"), name="bad_expression"),
            )

    assert storeless_keys([Bad]) == [
        "orders.Bad.external_id leads with external_id, not with the store",
        "orders.Bad.number leads with number, not with the store",
        "orders.Bad.bad_index leads with number, not with the store",
        "orders.Bad.bad_unique leads with number, not with the store",
        "orders.Bad.bad_expression leads with number, not with the store",
    ]
