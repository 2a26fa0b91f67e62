"""`ledger balance|export|head` and `verify --head`."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from beancount import loader
from django.db import connection

from tests.world import START, World, at, paid
from wordmouth.cli.tests.door import Door
from wordmouth.ledger import triggers
from wordmouth.ledger.models import Posting
from wordmouth.project import audit

PROMISED = "Liabilities:Referral:Promised:Coupons"
PROGRAM = "Expenses:Referral:Give-10-get-10"


@pytest.fixture
def slug(world: World) -> str:
    """A store in which a friend bought on the second day, and the hold ended."""
    ana = world.advocate("ana@shop.example")
    claim = world.claim(ana.code, "fe@mail.example")
    world.tell(paid("1", "fe@mail.example", at(1), codes=(claim.coupon_code,)))
    world.move(40)
    return world.store.slug


def test_balances_are_shown_in_the_words_of_accountants(door: Door, slug: str) -> None:
    lines = door("ledger", "balance", slug).stdout.splitlines()
    assert lines[0].split() == ["account", "balance", "unit"]
    rows = {(cells[0], cells[2]): cells[1] for cells in map(str.split, lines[1:])}
    assert rows[PROGRAM, "EUR"] == "10.00"
    assert rows["Liabilities:Referral:Earned:Coupons", "EUR"] == "-10.00"
    assert rows["sum", "EUR"] == "0.00"
    assert rows["sum", "CPN"] == "0"


def test_a_balance_of_the_past_is_what_it_was(door: Door, slug: str) -> None:
    first = START.date()
    before = door.facts("ledger", "balance", slug, "--at", str(first - timedelta(days=1)))
    assert before["balances"] == []
    early = door.facts("ledger", "balance", slug, "--at", str(first))
    promised = {"account": PROMISED, "unit": "EUR", "amount": -1000, "written": "-10.00"}
    assert promised in early["balances"]
    moment = (START + timedelta(days=41)).isoformat()
    now = door.facts("ledger", "balance", slug, "--at", moment)
    assert now["balances"] == door.facts("ledger", "balance", slug)["balances"]
    assert {"account": PROGRAM, "unit": "EUR", "amount": 1000, "written": "10.00"} in now[
        "balances"
    ]
    assert all(line["amount"] == 0 for line in now["sums"])


def test_some_accounts_can_be_picked(door: Door, slug: str) -> None:
    found = door.facts("ledger", "balance", slug, "--account", "liabilities")
    assert {line["account"].split(":")[0] for line in found["balances"]} == {"Liabilities"}
    assert "No account has 'xyz' in its name; there are " in door.refusal(
        "ledger", "balance", slug, "--account", "xyz"
    )
    by_holder = door.facts("ledger", "balance", slug, "--by-holder", "--account", ":Adv-")
    assert by_holder["balances"]


@pytest.mark.parametrize("when", ["yesterday", "2026-13-01", "2026-03-01T12:00:00"])
def test_a_moment_is_written_in_one_way(door: Door, slug: str, when: str) -> None:
    told = door.refusal("ledger", "balance", slug, "--at", when, status=2)
    assert f"{when!r} is no date; it is a date as 2026-03-31, or a moment as" in told


def test_a_store_without_postings_says_so(door: Door, world: World) -> None:
    result = door("ledger", "balance", world.store.slug)
    assert (result.stdout, result.stderr) == ("", "Nothing was posted yet.\n")


def test_the_journal_is_a_table(door: Door, slug: str) -> None:
    rows = list(csv.DictReader(io.StringIO(door("ledger", "export", slug).stdout)))
    assert [row["seq"] for row in rows] == [str(seq) for seq in range(1, len(rows) + 1)]
    assert len(rows) == audit.verify(stored(slug)).postings


def stored(slug: str) -> str:
    from wordmouth.stores import queries

    return queries.store_by_slug(slug).id


def test_the_journal_is_a_file_for_beancount(door: Door, slug: str, tmp_path: Path) -> None:
    file = tmp_path / "tea.beancount"
    day = str((START + timedelta(days=3)).date())
    told = door(
        "ledger", "export", slug, "--format", "beancount", "--from", day, "--output", str(file)
    )
    assert f"postings are in {file}; the head is " in told.stderr
    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    assert any(getattr(entry, "narration", "") == "Opening balances" for entry in entries)
    assert list(tmp_path.iterdir()) == [file]


def test_days_are_checked(door: Door, slug: str) -> None:
    told = door.refusal("ledger", "export", slug, "--from", "1.3.2026", status=2)
    assert "'1.3.2026' is no date; it is written as 2026-03-31." in told
    span = ("--from", "2026-03-02", "--to", "2026-03-01")
    told = door.refusal("ledger", "export", slug, *span, status=2)
    assert "--from 2026-03-02 is later than --to 2026-03-01." in told


def test_a_file_that_cannot_be_written_is_told_in_words(
    door: Door, slug: str, tmp_path: Path
) -> None:
    told = door.refusal("ledger", "export", slug, "--output", str(tmp_path / "no" / "tea.csv"))
    assert "No such file or directory" in told


def test_a_head_that_was_noted_is_found_on_the_chain(door: Door, slug: str, world: World) -> None:
    head = door("ledger", "head", slug).stdout.strip()
    facts = door.facts("ledger", "head", slug)
    assert head == f"{facts['seq']}:{facts['hash']}"
    world.claim(world.advocate("bea@shop.example").code, "fi@mail.example")
    world.move(60)
    assert "all is as it must be" in door("verify", "--store", slug, "--head", head).stdout
    result = door("verify", "--store", slug, "--head", f"1:{facts['hash']}", status=1)
    assert "posting 1 is not the one whose head was given" in result.stdout
    told = door.refusal("verify", "--store", slug, "--head", "nonsense")
    assert "'nonsense' is no head of a ledger" in told


def test_a_head_needs_a_store(door: Door, slug: str, world: World) -> None:
    head = door("ledger", "head", slug).stdout.strip()
    World(world.clock)
    assert "Which store?" in door.refusal("verify", "--head", head, status=2)


def test_verify_tells_of_a_row_that_was_changed(door: Door, slug: str) -> None:
    from django_scopes import scopes_disabled

    with connection.cursor() as cursor:
        for statement in triggers.ALL[connection.vendor].undo:
            cursor.execute(statement)
    with scopes_disabled():
        Posting.objects.filter(seq=2).update(amount=77)
    result = door("verify", status=1)
    assert "posting 2 does not say what was posted: its hash does not fit" in result.stdout
