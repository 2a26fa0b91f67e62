"""Pages of programmes that give more than coupons, and of those that take nobody now."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.stage import Stage
from tests.world import GIVE_10_GET_10, START
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("able")]


@pytest.fixture
def stage(world) -> Stage:
    return Stage(world)


def offer(stage: Stage, friend: dict[str, Any], *advocate: dict[str, Any]) -> None:
    """Make this the programme's only offer, in a store that has tea."""
    tea = ProductSnapshot(id="p-9", name="Assam", updated_at=START)
    given = {"key": "control", "friend": friend, "advocate": list(advocate)}
    with stage.world.write():
        catalog.take(stage.world.store.id, [tea])
        programs.apply_document(parse_data({**GIVE_10_GET_10, "offers": [given]}), by="test")


def read(address: str) -> str:
    """A page as text, spaces made single."""
    return " ".join(Client().get(address).content.decode().split())


def test_a_product_is_called_by_its_name(stage: Stage) -> None:
    tea = {"kind": "free_product", "product": "p-9"}
    offer(stage, tea, {**tea, "schedule": "milestone", "n": 3})
    landing = read(f"/s/{stage.world.store.slug}")
    assert "Give Assam for free, get Assam for free after 3 friends." in landing
    ana = stage.world.advocate("ana@shop.example")
    friend = read(f"/s/{stage.world.store.slug}/from/{ana.code}")
    assert "Assam for free with your first order" in friend


@pytest.mark.parametrize(
    ("friend", "line"),
    [
        ({"kind": "points", "value": 50}, "50 points after your first order"),
        ({"kind": "free_shipping"}, "free shipping with your first order"),
        ({"kind": "amount_off", "value": 500}, "€5.00 off your first order"),
    ],
)
def test_a_friend_reads_for_which_order(stage: Stage, friend: dict[str, Any], line: str) -> None:
    offer(stage, friend)
    ana = stage.world.advocate("ana@shop.example")
    assert line in read(f"/s/{stage.world.store.slug}/from/{ana.code}")


def test_every_limit_stands_on_the_landing_page(stage: Stage) -> None:
    limits = {
        "per_advocate": {"value": 50000, "days": 365},
        "per_advocate_total": {"count": 100},
        "budget": {"amount": 777700, "days": 30},
    }
    with stage.world.write():
        programs.apply_document(parse_data({**GIVE_10_GET_10, "limits": limits}), by="test")
    landing = read(f"/s/{stage.world.store.slug}")
    assert "You get rewards of at most €500.00 within 365 days." in landing
    assert "You are rewarded for at most 100 friends in all." in landing
    assert "7,777" not in landing


@pytest.mark.parametrize("how", ["stopped", "full"])
def test_pages_offer_nothing_that_cannot_be_claimed(stage: Stage, how: str) -> None:
    world, root = stage.world, f"/s/{stage.world.store.slug}"
    ana = world.advocate("ana@shop.example")
    with world.write():
        if how == "stopped":
            programs.stop("give-10-get-10", "the code leaked", by="test")
        else:
            programs.close_intake(ana.program_id, "full")
    assert "The programme is taking a break" in read(root)
    friend = read(f"{root}/from/{ana.code}")
    assert "10% off" not in friend
    assert "the code leaked" not in friend
    assert Client().get(f"/s/-/{world.store.id}/widget.json").json() == {"live": False}
    code = Client().get(f"/api/v1/codes/{ana.code}")
    assert (code.status_code, code.json()["code"]) == (409, "not_claimable")
    with world.write():
        if how == "stopped":
            programs.resume("give-10-get-10", by="test")
        else:
            programs.open_intake(ana.program_id)
    assert "10% off" in read(f"{root}/from/{ana.code}")
