"""Programmes as files: shown before, applied, and refused with file and line."""

import tomllib
from pathlib import Path

import pytest

from wordmouth.programs import queries
from wordmouth.stores.transactions import store_read

TOML = """slug = "give-10"
name = "Give 10"
status = "live"

[eligibility]
friend = "new_customers"

[[offers]]
key = "control"
friend = {kind = "percent_off", value = 10}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "give-10.toml"
    path.write_text(TOML)
    return path


def status(made) -> str | None:
    with store_read(made["store"]["id"]):
        found = queries.find_program("give-10")
    return found.status if found else None


def test_a_plan_is_shown_and_nothing_done(door, made, file) -> None:
    shown = door("program", "plan", str(file)).stdout
    assert "programme give-10 is new" in shown
    assert "version 1" in shown
    assert status(made) is None


def test_a_programme_is_applied_once(door, made, file) -> None:
    applied = door.facts("program", "apply", str(file), "--store", "tea-house")
    assert applied["applied"]["changed"]
    assert status(made) == "live"
    assert "Nothing changes." in door("program", "apply", str(file)).stdout
    file.write_text(TOML.replace("value = 10", "value = 15"))
    assert "value = 10} becomes {" in door("program", "plan", str(file)).stdout
    facts = door.facts("program", "list")
    assert [(each["slug"], each["status"], each["version"]) for each in facts] == [
        ("give-10", "live", 1)
    ]


def test_what_is_shown_can_be_applied_again(door, made, file, tmp_path) -> None:
    door("program", "apply", str(file))
    toml = door("program", "show", "give-10").stdout
    assert tomllib.loads(toml)["slug"] == "give-10"
    (tmp_path / "shown.toml").write_text(toml)
    (tmp_path / "shown.json").write_text(
        door("program", "show", "give-10", "--format", "json").stdout
    )
    for name in ("shown.toml", "shown.json"):
        assert "Nothing changes." in door("program", "plan", str(tmp_path / name)).stdout
    assert "Nothing changes." in door("program", "plan", "-", given=toml).stdout


def test_every_problem_is_told_with_file_line_and_what_is_allowed(door, made, file) -> None:
    file.write_text(TOML.replace('"live"', '"alive"').replace("percent_off", "percentoff"))
    said = door.refusal("program", "apply", str(file)).splitlines()
    assert said[0].startswith(f"{file}:3: status: ")
    assert "draft, live, paused, ended" in said[0]
    assert said[1].startswith(f"{file}:10: offers[0].friend.kind: ")
    assert status(made) is None


@pytest.mark.parametrize("content", [b"slug = ", b"\xff\xfe", b'{"slug": 1}'])
def test_what_is_no_document_is_refused(door, made, file, content) -> None:
    file.write_bytes(content)
    assert door.refusal("program", "plan", str(file)).startswith(f"{file}:1: ")


def test_a_file_that_is_not_there_is_a_usage_error(door, made) -> None:
    assert "does not exist" in door.refusal("program", "plan", "none.toml", status=2)


def test_a_programme_that_is_not_there(door, made, file) -> None:
    door("program", "apply", str(file))
    assert "this store has give-10" in door.refusal("program", "show", "give-11")


def test_which_store_is_asked_where_there_are_several(door, made, file) -> None:
    door("store", "create", "Coffee")
    said = door.refusal("program", "plan", str(file), status=2)
    assert "tea-house, coffee" in said
    assert "is made" in door("program", "plan", str(file), "--store", "coffee").stdout
