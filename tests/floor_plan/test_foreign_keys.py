"""Foreign keys point left as imports do; Django's string keys are invisible to import-linter."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.db.models import Model

from tests.floor_plan.plan import levels

_PREFIX = "wordmouth."


def _room(model: type[Model]) -> str | None:
    module = model.__module__
    return module.split(".")[1] if module.startswith(_PREFIX) else None


def wrong_way(checked: Iterable[type[Model]]) -> list[str]:
    """Name each relation that points at a room beside or above its own."""
    level = levels()
    complaints = []
    for model in checked:
        room = _room(model)
        for field in model._meta.get_fields(include_hidden=True):
            target = field.related_model
            if room is None or not field.is_relation or field.auto_created:
                continue
            assert isinstance(target, type), f"{model.__name__}.{field.name} points at nothing"
            other = _room(target)
            if other is not None and other != room and level[other] >= level[room]:
                complaints.append(f"{room}.{model.__name__}.{field.name} points at {other}")
    return complaints


def test_foreign_keys_point_left() -> None:
    assert wrong_way(apps.get_models(include_auto_created=True)) == []


@pytest.mark.django_isolate_apps("wordmouth.orders")
@pytest.mark.parametrize("target", ["referrals.Referral", "catalog.Product", "orders.Order"])
def test_a_key_to_the_right_is_caught(target: str) -> None:
    from django.apps.registry import apps as real

    class Bad(models.Model):
        __module__ = "wordmouth.orders.models"
        planted = models.ForeignKey(real.get_model(target), models.CASCADE, related_name="+")

        class Meta:
            app_label = "orders"

    room = target.split(".")[0]
    expected = [] if room == "orders" else [f"orders.Bad.planted points at {room}"]
    assert wrong_way([Bad]) == expected
