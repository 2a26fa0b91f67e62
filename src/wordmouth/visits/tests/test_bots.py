"""Who counts as a person: link previews and programs do not, phones and in-app browsers do."""

from __future__ import annotations

from pathlib import Path

import pytest

from wordmouth.visits.bots import is_bot, is_in_advance, is_person

LISTS = Path(__file__).parent / "user_agents"
PROGRAMS = (LISTS / "programs.txt").read_text().splitlines()

PEOPLE = (LISTS / "people.txt").read_text().splitlines()


@pytest.mark.parametrize("user_agent", ["", " ", *PROGRAMS])
def test_programs_do_not_count(user_agent):
    assert is_bot(user_agent)


@pytest.mark.parametrize("user_agent", PEOPLE)
def test_people_count(user_agent):
    assert not is_bot(user_agent)


@pytest.mark.parametrize("text", ["Mozilla/5.0 " + "x" * 100_000, "\0", "é" * 600, "(" * 512])
def test_no_text_is_too_strange(text):
    assert is_bot(text) in (True, False)


def test_a_page_fetched_in_advance_was_asked_for_by_nobody():
    assert is_in_advance({b"sec-purpose": b"Prefetch;prerender"})
    assert is_in_advance({b"x-purpose": b"preview"})
    assert not is_in_advance({b"sec-fetch-mode": b"navigate", b"purpose": b""})


def test_a_person_opens_with_get():
    headers = {b"user-agent": PEOPLE[0].encode()}
    assert is_person("GET", headers)
    assert not is_person("HEAD", headers)
    assert not is_person("GET", {**headers, b"purpose": b"prefetch"})
    assert not is_person("GET", {})
