"""Joining, codes and the way to one's own page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World
from wordmouth.advocates import queries, services
from wordmouth.advocates.errors import NoProgram
from wordmouth.advocates.rules import canonical_code, personal_code
from wordmouth.people.errors import BadEmail
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.errors import ProgramNotFound


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ana", "ANA-7K3"),
        ("Õnne-Mai", "ONNEMAI-7K3"),
        ("مريم", "7K3"),
        ("J", "7K3"),
        ("", "7K3"),
        ("Wolfeschlegelstein", "WOLFESCHLE-7K3"),
    ],
)
def test_a_code_begins_with_the_name_where_letters_allow(name: str, code: str) -> None:
    assert personal_code(name, "7K3") == code


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (" ana-7k3q9x ", "ANA-7K3Q9X"),
        ("ana 7k3q9x", "ANA-7K3Q9X"),
        ("../etc", ""),
        ("-ANA", ""),
        ("A" * 41, ""),
        ("ANÁ-1234", ""),
    ],
)
def test_a_code_has_one_spelling(told: str, code: str) -> None:
    assert canonical_code(told) == code


def test_the_same_address_is_the_same_advocate(world: World) -> None:
    first = world.advocate("an.a@gmail.com", "Ana")
    assert world.advocate("Ana+shop@googlemail.com") == first
    assert first.code.startswith("ANA-")
    found = queries.by_code(first.code.lower())
    assert found == (world.store.id, first)


def test_who_left_is_not_found_by_code_and_may_come_back(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    with world.write():
        services.leave(ana.id)
    assert queries.by_code(ana.code) is None
    assert world.advocate("ana@shop.example").status == "active"


def test_nobody_joins_what_is_not_live(world: World) -> None:
    with world.write():
        programs.set_status("give-10-get-10", "paused", by="test")
    with pytest.raises(NoProgram):
        world.advocate("ana@shop.example")


def test_bad_input_is_told_in_words(world: World) -> None:
    with pytest.raises(BadEmail, match="ana-at-shop"):
        world.advocate("ana-at-shop.example")
    ana = CustomerSnapshot(email="ana@shop.example")
    with world.write(), pytest.raises(ProgramNotFound):
        services.enrol(world.store.id, ana, "no-such-programme")


def test_a_key_to_the_page_opens_once_and_not_for_ever(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    with world.write():
        key, late = (services.portal_key(world.store.id, ana.id) for _ in range(2))
        assert services.use_portal_key("wrong") is None
        assert services.use_portal_key(key) == ana.id
        assert services.use_portal_key(key) is None
    world.clock.move(timedelta(days=8))
    with world.write():
        assert services.use_portal_key(late) is None
        assert services.prune_portal_keys() == 2
