"""Mistakes in a document: all at once, each with its line, in words, with what is allowed."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, get_args

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from wordmouth.programs.document import Kind, ProgramDocument
from wordmouth.programs.errors import Problem, ProgramInvalid
from wordmouth.programs.finding import dotted
from wordmouth.programs.parse import (
    MAX_BYTES,
    MAX_PROBLEMS,
    parse_data,
    parse_json,
    parse_toml,
    to_data,
    to_toml,
)
from wordmouth.programs.tests.samples import GIVE_10, changed, give_10
from wordmouth.programs.tests.strategies import documents


def problems_of(text: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ProgramInvalid) as caught:
        parse_toml(text)
    return caught.value.problems


def problem_of(*replacements: tuple[str, str]) -> Problem:
    (problem,) = problems_of(changed(*replacements))
    return problem


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "words"),
    [
        ("value = 10,", "value = 110,", 16, "offers[0].friend.value", "1 to 100, not 110"),
        ("value = 10,", "value = 10.5,", 16, "offers[0].friend.value", "whole number, not 10.5"),
        ("value = 10,", "value = true,", 16, "offers[0].friend.value", "whole number, not true"),
        ("value = 10,", 'value = "10",', 16, "offers[0].friend.value", "whole number, not '10'"),
        ("value = 10,", "", 16, "offers[0].friend", "1 to 100, and has none or 0"),
        ("value = 1000\n", "value = 0\n", 20, "offers[0].advocate[0].value", "greater than 0"),
        ("value = 1000\n", "value = -5\n", 20, "offers[0].advocate[0].value", "from 0 to"),
        ("value = 1000\n", "value = 1000\nn = 5\n", 21, "offers[0].advocate[0].n", "every_nth"),
        ("min_order = 3000", "min_order = -1", 7, "eligibility.min_order", "from 0 to"),
        ('"EUR"', '"EURO"', 8, "eligibility.currency", "not a currency of ISO 4217"),
        ('"EUR"', '"eur"', 8, "eligibility.currency", "not a currency of ISO 4217"),
        ('currency = "EUR"\n', "", 5, "eligibility", "currency is missing"),
        ("days = 14", "days = 101", 11, "hold.days", "from 0 to 100, not 101"),
        ("fallback_days = 30", "fallback_days = -1", 12, "hold.fallback_days", "from 0 to 365"),
        ("attribution_days = 90", "attribution_days = 0", 4, "attribution_days", "1 to 3650"),
        ("expires_days = 30}", "expires_days = 0}", 16, "offers[0].friend.expires_days", "3650"),
        ("weight = 1\n", "weight = 0\n", 13, "offers", "at least one offer needs a weight"),
        ("weight = 1\n", "weight = -1\n", 15, "offers[0].weight", "from 0 to"),
        ('"give-10-get-10"', '"Give 10"', 1, "slug", "small letters"),
        ('"give-10-get-10"', '"x\\n"', 1, "slug", "small letters"),
        ('"Give 10, get 10"', '"  "', 2, "name", "on one line"),
        ('"Give 10, get 10"', '"a\\nb"', 2, "name", "on one line"),
        ('"control"', '"has space"', 14, "offers[0].key", "small letters"),
        ("[hold]\n", "[hold]\nhours = 1\n", 10, "hold.hours", "unknown key"),
        ("count = 20, ", "", 22, "limits.per_advocate", "limits nothing: add count"),
        ("amount = 500000", "amount = 0", 23, "limits.budget.amount", "from 1 to"),
        ('name = "Give 10, get 10"\n', "", 1, "", "name is missing"),
        ("attribution_days = 90", "attribution_days = 2026-01-01", 4, "attribution_days", "a date"),
    ],
)
def test_each_mistake_names_its_line_and_place(
    old: str, new: str, line: int, path: str, words: str
) -> None:
    problem = problem_of((old, new))
    assert (problem.line, problem.path) == (line, path)
    assert words in problem.message


def test_a_misspelt_key_gets_the_right_one_and_all_allowed() -> None:
    first, second = problems_of(changed(("value = 10,", "valeu = 10,")))
    assert str(first) == (
        "line 16, offers[0].friend.valeu: unknown key; did you mean value?; "
        "allowed: kind, value, percent, cap, product, access, name, cost, expires_days"
    )
    assert "and has none or 0" in second.message


def test_a_key_in_the_wrong_place_is_sent_home() -> None:
    problem = problem_of(("attribution_days = 90", "attribution_days = 90\nmin_order = 1"))
    assert problem.message == "min_order does not belong here but in [eligibility]"
    assert problem.line == 5


def test_a_misspelt_choice_gets_the_right_one_and_all_allowed() -> None:
    problem = problem_of(('"live"', '"lvie"'))
    assert problem == Problem(
        path="status",
        line=3,
        message="'lvie' is not possible here; did you mean live?",
        allowed=("draft", "live", "paused", "ended"),
    )


def test_a_kind_that_never_was_is_answered_with_those_there_are() -> None:
    problem = problem_of(('kind = "amount_off"', 'kind = "amount"'))
    assert problem.message.endswith("did you mean amount_off?")
    assert problem.allowed == get_args(Kind)


def test_free_shipping_takes_no_value() -> None:
    problem = problem_of(('kind = "percent_off"', 'kind = "free_shipping"'))
    assert problem.message == "free_shipping takes no value, not 10; leave it out"


def test_an_offer_gives_something() -> None:
    text = re.sub(r"friend = \{kind.*\n", "", GIVE_10).replace("[[offers.advocate]]", "[x]")
    messages = [problem.message for problem in problems_of(text)]
    assert "offer control gives nothing: add friend, advocate or both" in messages


def test_no_two_offers_share_a_key_and_no_side_gets_the_same_twice() -> None:
    second = '[[offers]]\nkey = "control"\n' + '[[offers.advocate]]\nkind = "free_shipping"\n' * 2
    first, last = problems_of(changed(("[limits]\n", second + "[limits]\n")))
    assert (first.path, first.line) == ("offers[1].key", 22)
    assert (last.path, last.line) == ("offers[1].advocate[1]", 25)


def test_a_budget_needs_a_currency_too() -> None:
    data = to_data(give_10())
    data["eligibility"] = {}
    data["offers"][0] = {"key": "a", "friend": {"kind": "free_shipping"}}
    with pytest.raises(ProgramInvalid, match=r"limits\.budget\.amount is an amount"):
        parse_data(data)
    del data["limits"]["budget"]
    assert parse_data(data).currency is None


def test_all_problems_come_at_once_in_the_order_of_the_lines() -> None:
    found = problems_of(changed(('"live"', '"on"'), ("days = 14", "days = 1e3"), ('"EUR"', '"?"')))
    assert [problem.line for problem in found] == [3, 8, 11]


def test_of_very_many_problems_the_first_are_told() -> None:
    found = problems_of(GIVE_10 + "".join(f"k{number} = 1\n" for number in range(70)))
    assert len(found) == MAX_PROBLEMS + 1
    assert [problem.line for problem in found[:2]] == [26, 27]
    assert str(found[-1]) == "line 1: there are 20 more problems; these come first"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('slug = "a"\nstatus = live\n', 2, "text stands in quotes"),
        ('slug = "a"\nslug = "b"\n', 2, "given before"),
        ('slug = "a"\n[hold\n', 2, ""),
        ('slug = "a\nname = 1\n', 1, ""),
        ("a = 1 b = 2", 1, "one key = value on a line"),
        ("[[offers]]\n[offers]\n", 2, "[[two brackets]]"),
        ("slug\n", 1, "key = value"),
        ("x = [1,\n2\n", 2, "ends too early"),
        ("a = " + "[" * 5000, 1, "nesting too deep"),
        ("a = " + "1" * 5000, 1, "a number is too long"),
        (b"a = 1\nb = '\xff'\n", 2, "not UTF-8"),
        ("#" * (MAX_BYTES + 1), 1, "at most 64 kB"),
        ("a = '\ud800'", 1, "surrogate"),
    ],
)
def test_what_is_no_toml_is_refused_with_the_line(text: str | bytes, line: int, words: str) -> None:
    (problem,) = problems_of(text)
    assert (problem.path, problem.line) == ("", line)
    assert words in problem.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('{"slug": "a",\n}', 2, "not valid JSON"),
        ('{"slug": "a", "slug": "b"}', None, 'the key "slug" is given twice'),
        ("[" * 100_000, None, "at most 64 kB"),
        ("[" * 60_000, None, "nesting too deep"),
        ("1" * 5000, None, "a number is too long"),
        ("[]", None, "takes a table, not a list"),
        ("null", None, "takes a table, not null"),
        ("", 1, "not valid JSON"),
    ],
)
def test_what_is_no_json_is_refused(text: str, line: int | None, words: str) -> None:
    with pytest.raises(ProgramInvalid) as caught:
        parse_json(text)
    (problem,) = caught.value.problems
    assert problem.line in (line, 1)
    assert words in problem.message


def test_the_error_is_a_problem_document() -> None:
    with pytest.raises(ProgramInvalid) as caught:
        parse_toml(changed(("value = 10,", "value = 110,")))
    body = caught.value.problem()
    assert (body["status"], body["code"]) == (422, "program_invalid")
    assert json.loads(json.dumps(body["problems"])) == [
        {
            "path": "offers[0].friend.value",
            "line": 16,
            "message": "percent_off takes a whole number from 1 to 100, not 110",
            "allowed": [],
        }
    ]


def paths_of(data: Any, path: tuple[str | int, ...] = ()) -> set[str]:
    """All places of a document, as people write them."""
    found = {dotted(path)}
    steps = data.items() if isinstance(data, dict) else enumerate(data)
    for step, value in steps:
        found.add(dotted((*path, step)))
        if isinstance(value, dict | list):
            found |= paths_of(value, (*path, step))
    return found


def check_places(text: str) -> None:
    """The text is valid, or every problem names a place it has and the line of that place."""
    try:
        parse_toml(text)
    except ProgramInvalid as error:
        data, lines = tomllib.loads(text), text.split("\n")
        places = paths_of(data)
        for problem in error.problems:
            assert problem.path in places
            assert problem.line is not None
            last = re.search(r"[a-z_]+$", problem.path)
            if last:
                assert last[0] in lines[problem.line - 1]


strange = st.one_of(
    st.none().map(lambda _: {}),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=8),
    st.sampled_from(["cash", "tier", "EUR", "live", "percent_of"]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["kind", "value", "zz"]), st.integers(), max_size=2),
    st.dates(),
)


def containers(data: Any) -> list[Any]:
    """All tables and lists of a document that hold something."""
    inside = data.values() if isinstance(data, dict) else data
    found = [data] if data else []
    return found + [
        c for value in inside if isinstance(value, dict | list) for c in containers(value)
    ]


@given(documents(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_mutated_document_is_valid_or_every_problem_has_its_place(
    document: ProgramDocument, data: st.DataObject
) -> None:
    plain = to_data(document)
    for _ in range(data.draw(st.integers(1, 3))):
        target = data.draw(st.sampled_from(containers(plain)))
        steps = list(target) if isinstance(target, dict) else range(len(target))
        step = data.draw(st.sampled_from(steps))
        match data.draw(st.sampled_from(["drop", "rename", "replace"])):
            case "rename" if isinstance(target, dict):
                target[f"{step}x"] = target.pop(step)
            case "replace":
                target[step] = data.draw(strange)
            case _:
                del target[step]
        if not plain:
            break
    check_places(tomlkit.dumps(plain))


@given(documents(), st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_text_is_valid_or_refused_with_lines(
    document: ProgramDocument, data: st.DataObject
) -> None:
    text = to_toml(document)
    at = data.draw(st.integers(0, len(text) - 1))
    cut = data.draw(st.integers(0, 3))
    piece = data.draw(st.text(st.sampled_from("[]{}\"'=,.\n\\#a1-_ \x00\u2028é"), max_size=3))
    damaged = text[:at] + piece + text[at + cut :]
    try:
        parse_toml(damaged)
    except ProgramInvalid as error:
        for problem in error.problems:
            assert problem.line is not None
            assert 1 <= problem.line <= damaged.count("\n") + 1
            assert problem.message


@given(st.recursive(strange, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
@settings(deadline=None)
def test_any_plain_data_is_refused_in_words(data: object) -> None:
    with pytest.raises(ProgramInvalid):
        parse_data(data)
