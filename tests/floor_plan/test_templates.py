"""The guard that keeps models out of templates catches them, however deep they are hidden."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.apps import apps
from django.template import Context, Engine
from django.utils.functional import SimpleLazyObject
from django_scopes import scopes_disabled

from tests.harness.templates import models_in


class Struct(msgspec.Struct):
    inner: Any


@dataclass
class Data:
    inner: Any


def _order() -> Any:
    return apps.get_model("orders.Order")()


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (lambda order: order, "x"),
        (lambda order: [1, order], "x[1]"),
        (lambda order: {"a": (order,)}, "x['a'][0]"),
        (lambda order: Struct(order), "x.inner"),
        (lambda order: Data([order]), "x.inner[0]"),
    ],
)
def test_a_model_is_found(wrap, path: str) -> None:
    assert list(models_in(wrap(_order()), "x")) == [f"{path} is a Order of orders.Order"]


def test_a_query_set_a_manager_and_an_opened_lazy_object_are_found() -> None:
    store = apps.get_model("stores.Store")
    assert list(models_in([store.objects, store.objects.all()], "x")) == [
        "x[0] is a Manager of stores.Store",
        "x[1] is a QuerySet of stores.Store",
    ]
    lazy = SimpleLazyObject(_order)
    assert list(models_in(lazy, "x")) == []
    bool(lazy)
    assert list(models_in(lazy, "x")) == ["x is a Order of orders.Order"]


def test_plain_values_and_other_peoples_models_pass() -> None:
    other = apps.get_model("auth.User")()
    assert list(models_in([1, "a", None, SimpleNamespace(a=1), {"b": other}], "x")) == []


def test_every_rendering_is_watched(template_guard: list[str]) -> None:
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", {"part": "{{ order.id }}"})])
    with scopes_disabled():
        engine.from_string('{% include "part" %}').render(Context({"order": _order()}))
    assert "part: order is a Order of orders.Order" in template_guard
    template_guard.clear()
