"""Programmes as files: shown before, applied, and refused with file and line."""

import json
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


BUDGET = """
[limits]
budget = {amount = 50000, days = 30}
"""


def in_euro(file) -> None:
    file.write_text(TOML.replace("[[offers]]", 'currency = "EUR"\n[[offers]]') + BUDGET)


def test_what_the_store_cannot_keep_is_told_with_file_and_line(door, made, file, able) -> None:
    product = '{kind = "free_product", product = "p-9"}'
    text = TOML.replace('{kind = "percent_off", value = 10}', product)
    file.write_text(text)
    for verb in ("plan", "apply"):
        said = door.refusal("program", verb, str(file))
        assert said.startswith(
            f"{file}:10: offers[0].friend.product: the product 'p-9' is not known"
        )
    plain = file.with_suffix(".json")
    plain.write_text(json.dumps(tomllib.loads(text)))
    assert door.refusal("program", "plan", str(plain)).startswith(f"{plain}: offers[0].friend")


def test_notes_stand_beside_the_plan(door, made, file) -> None:
    in_euro(file)
    shown = door("program", "plan", str(file))
    assert "Note: offers[0].friend counts nothing towards budget" in shown.stderr
    assert "Note" not in shown.stdout
    assert door.facts("program", "apply", str(file))["notes"]


def test_a_programme_is_stopped_and_resumed(door, made, file) -> None:
    in_euro(file)
    door("program", "apply", str(file))
    stopped = door.facts("program", "stop", "give-10", "--reason", "the code leaked")
    assert (stopped["status"], stopped["intake"]) == ("live", "stopped")
    assert (stopped["stop_reason"], stopped["takes_friends"]) == ("the code leaked", False)
    shown = door("program", "show", "give-10")
    assert tomllib.loads(shown.stdout)["status"] == "live"
    assert "The programme was stopped by command line on " in shown.stderr
    assert shown.stderr.splitlines()[0].endswith("UTC: the code leaked")
    assert "Of the budget €0.00 of €500.00 are promised (0%)." in shown.stderr
    header, row = door("program", "list").stdout.splitlines()
    assert header.split() == ["SLUG", "STATUS", "VERSION", "BUDGET", "NAME"]
    assert row.split()[:4] == ["give-10", "stopped", "1", "0%"]
    assert door("program", "resume", "give-10").stdout == "give-10 is live.\n"
    (facts,) = door.facts("program", "list")
    assert (facts["intake"], facts["takes_friends"]) == ("open", True)
    assert facts["budget"] == {"used": 0, "amount": 50000, "days": 30, "currency": "EUR"}
    assert "stopped" in door("program", "stop", "give-10", "--reason", "again").stdout
    assert door.facts("program", "resume", "give-10")["takes_friends"]


def test_a_stop_needs_a_reason(door, made, file) -> None:
    door("program", "apply", str(file))
    assert "--reason" in door.refusal("program", "stop", "give-10", status=2)
    assert "Say why" in door.refusal("program", "stop", "give-10", "--reason", " ")


def test_presets_are_listed_with_their_sentences(door) -> None:
    shown = door("program", "presets", "--currency", "usd").stdout
    assert "give-10-get-10\n    The friend gets 10% off" in shown
    assert "$10.00 off for every friend who buys" in shown
    facts = door.facts("program", "presets")
    assert len(facts) == 7
    assert all(each["sentence"].endswith(".") for each in facts)


def test_a_preset_is_a_file_to_apply(door, made) -> None:
    toml = door("program", "presets", "points").stdout
    assert toml.startswith("# The friend gets 50 points after the first order;")
    assert "points is new" in door("program", "apply", "-", given=toml).stdout
    as_json = door.facts("program", "presets", "free-product-after-five", "--product", "p-9")
    assert as_json["offers"][0]["advocate"][0]["product"] == "p-9"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("get-rich",), "there is no preset 'get-rich'; there are give-10-get-10, "),
        (("early-access",), "name it with --product"),
        (("points", "--currency", "EURO"), "'EURO' is not a currency of ISO 4217"),
    ],
)
def test_a_preset_that_cannot_be_had(door, words, said) -> None:
    assert said in door.refusal("program", "presets", *words, status=2)
