"""What a reward must be by its kind and by its schedule; each mistake with its place and what
would be right."""

from __future__ import annotations

from typing import get_args

import pytest

from wordmouth.programs.document import Kind, ProgramDocument, Schedule
from wordmouth.programs.errors import Problem, ProgramInvalid
from wordmouth.programs.parse import parse_data, parse_toml

HEAD = 'slug = "a"\nname = "A"\neligibility = {currency = "EUR"}\n[[offers]]\nkey = "a"\n'
FRIEND, ADVOCATE = "offers[0].friend", "offers[0].advocate[0]"
RIGHT = {
    "percent_off": "value = 10",
    "amount_off": "value = 500",
    "free_shipping": "",
    "free_product": 'product = "p-9"',
    "points": "value = 100",
    "store_credit": "value = 500",
    "cash": "value = 500",
    "gift_card": "value = 500",
    "early_access": 'access = {name = "new", until = 2030-01-31, products = ["p-9"]}',
    "custom": 'name = "a tea tasting"',
}
WHEN = {
    "each": "",
    "every_nth": "n = 5",
    "milestone": "n = 1",
    "tier": "from = 1",
}


def advocate(*lines: str) -> str:
    return HEAD + "[[offers.advocate]]\n" + "\n".join(lines) + "\n"


def friend(kind: str, keys: str) -> str:
    return HEAD + f'[offers.friend]\nkind = "{kind}"\n{keys}\n'


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ProgramInvalid) as caught:
        parse_toml(text)
    return caught.value.problems


def problem_of(text: str) -> Problem:
    (problem,) = problems_of(text)
    assert problem.line is not None
    return problem


def read(text: str) -> ProgramDocument:
    return parse_toml(text)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_is_for_both_sides(kind: str) -> None:
    assert read(friend(kind, RIGHT[kind])).offers[0].friend
    for schedule in get_args(Schedule):
        lines = (f'kind = "{kind}"', RIGHT[kind], f'schedule = "{schedule}"', WHEN[schedule])
        (reward,) = read(advocate(*lines)).offers[0].advocate
        assert (reward.kind, reward.schedule) == (kind, schedule)


@pytest.mark.parametrize(
    ("kind", "keys", "key", "words"),
    [
        ("percent_off", "value = 0", "value", "from 1 to 100, and has none or 0"),
        ("percent_off", "value = 101", "value", "from 1 to 100, not 101"),
        ("amount_off", "", "", "an amount in minor units greater than 0, and has none or 0"),
        ("gift_card", "value = 0", "value", "gift_card takes an amount in minor units"),
        ("points", "", "", "a number of points greater than 0"),
        ("cash", "", "", "value, an amount in minor units greater than 0, or percent"),
        ("free_shipping", "value = 3", "value", "takes no value, not 3; leave it out"),
        ("free_product", 'value = 3\nproduct = "p"', "value", "takes no value, not 3"),
        ("early_access", f"value = 3\n{RIGHT['early_access']}", "value", "takes no value"),
        ("custom", 'value = 3\nname = "x"', "value", "takes no value"),
        ("free_product", "", "", "free_product needs product, the shop's id"),
        ("points", 'value = 3\nproduct = "p"', "product", "belongs to free_product; with points"),
        ("early_access", "", "", "early_access needs access, a table that says what it opens"),
        ("points", f"value = 3\n{RIGHT['early_access']}", "access", "belongs to early_access"),
        ("custom", "", "", "custom needs name, what it is called"),
        ("cash", 'value = 3\nname = "x"', "name", "belongs to custom; with cash, leave it out"),
        ("cash", "value = 3\ncost = 3", "cost", "cash costs its value"),
        ("cash", "value = 3\ncap = 3", "cap", "without one, leave it out"),
        ("percent_off", "value = 5\npercent = 5", "percent", "write value = 5"),
        ("points", "value = 5\npercent = 5", "percent", "for store_credit and cash; with points"),
        (
            "early_access",
            'access = {name = "new", until = 2030-01-31}',
            "access",
            "opens nothing: add products, category or both",
        ),
        (
            "early_access",
            'access = {name = "new", until = "soon", category = "x"}',
            "access.until",
            "takes a day such as 2027-03-31, not 'soon'",
        ),
        (
            "early_access",
            'access = {name = "new", until = "2030-02-31", category = "x"}',
            "access.until",
            "'2030-02-31' is no day of the calendar",
        ),
        (
            "early_access",
            'access = {name = "new", until = 2030-01-31, products = ["p", "q", "p"]}',
            "access.products[2]",
            "'p' is in the list already",
        ),
        ("free_product", 'product = ""', "product", "the shop's own id"),
    ],
)
def test_a_value_that_does_not_fit_its_kind(kind: str, keys: str, key: str, words: str) -> None:
    for text, place in (
        (friend(kind, keys), FRIEND),
        (advocate(f'kind = "{kind}"', keys), ADVOCATE),
    ):
        problem = problem_of(text)
        assert problem.path == f"{place}.{key}".rstrip(".")
        assert words in problem.message


def test_a_value_and_a_share_at_once() -> None:
    problem = problem_of(advocate('kind = "cash"', "value = 5", "percent = 5"))
    assert problem.path == f"{ADVOCATE}.percent"
    assert problem.message == "cash takes value or percent, not both; leave one out"


def test_a_share_of_the_order_is_for_advocates_alone() -> None:
    problem = problem_of(friend("store_credit", "percent = 5\ncap = 100"))
    assert problem.path == f"{FRIEND}.percent"
    assert "a friend is promised theirs before there is an order" in problem.message
    (reward,) = read(advocate('kind = "cash"', "percent = 5", "cap = 100")).offers[0].advocate
    assert (reward.percent, reward.cap, reward.value) == (5, 100, 0)


@pytest.mark.parametrize(
    ("lines", "key", "words"),
    [
        ('schedule = "every_nth"', "", "every_nth needs n: at which multiple of friends"),
        ('schedule = "milestone"', "", "milestone needs n: at which count of friends"),
        ('schedule = "every_nth"\nn = 1', "n", 'write schedule = "each", or n of 2 or more'),
        ('schedule = "every_nth"\nn = 0', "n", "from 1 to 1000, not 0"),
        ('schedule = "tier"\nfrom = 1\nn = 3', "n", "belongs to every_nth and milestone"),
        ("n = 3", "n", "with each, leave it out"),
        ('schedule = "tier"', "", "tier needs from: the number of the friend it begins with"),
        ('schedule = "tier"\nfrom = 0', "from", "from 1 to 1000, not 0"),
        ('schedule = "tier"\nfrom = 4\nto = 3', "to", "write to = 4 or more, or leave it out"),
        ('schedule = "milestone"\nn = 3\nfrom = 3', "from", "from belongs to tier; with milestone"),
        ("to = 3", "to", "to belongs to tier; with each"),
        ("recurring = true", "recurring", "recurring belongs to tier; with each"),
        ('recurring = "yes"', "recurring", "takes true or false, without quotes, not 'yes'"),
        ("recurring = 1", "recurring", "takes true or false, without quotes, not 1"),
        ("starts = 2027-01-01", "starts", "belongs to every_nth, milestone and tier; with each"),
        ("max_times = 3", "max_times", "belongs to every_nth, milestone and tier; with each"),
        ('schedule = "milestone"\nn = 3\nmax_times = 2', "max_times", "a milestone pays once"),
        ('schedule = "tier"\nfrom = 3\nmax_times = 2', "max_times", "without recurring = true"),
        (
            'schedule = "milestone"\nn = 3\nstarts = 2027-01-01T00:00:00Z',
            "starts",
            "takes a day such as 2027-03-31, not a date or time",
        ),
    ],
)
def test_a_key_that_does_not_fit_the_schedule(lines: str, key: str, words: str) -> None:
    problem = problem_of(advocate('kind = "cash"', "value = 5", lines))
    assert problem.path == f"{ADVOCATE}.{key}".rstrip(".")
    assert words in problem.message


def test_the_schedules_keys_are_not_the_friends() -> None:
    problem = problem_of(friend("points", 'value = 5\nschedule = "each"'))
    assert problem.message == "schedule does not belong here but in [offers.advocate]"


def test_a_kind_that_there_is_not_is_answered_with_the_nearest() -> None:
    problem = problem_of(advocate('kind = "credit"'))
    assert "did you mean" in problem.message
    assert problem.allowed == get_args(Kind)


def test_dates_are_read_from_json_as_text() -> None:
    reward = {"kind": "cash", "value": 5, "schedule": "tier", "from": 2, "starts": "2027-01-01"}
    data = {
        "slug": "a",
        "name": "A",
        "eligibility": {"currency": "EUR"},
        "offers": [{"key": "a", "advocate": [reward]}],
    }
    (read_reward,) = parse_data(data).offers[0].advocate
    assert (read_reward.from_, str(read_reward.starts)) == (2, "2027-01-01")
