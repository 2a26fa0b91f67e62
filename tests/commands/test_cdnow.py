"""Real order history at size: the 69,659 orders of CDNOW (1997 and 1998), a music shop.

The data comes with the `lifetimes` package: Fader and Hardie, "Forecasting repeat sales at CDNOW:
A case study", Interfaces 31 (2001). Columns: customer, day, number of CDs, dollars.
"""

from importlib.util import find_spec
from pathlib import Path

import pytest

from wordmouth.cli.imports import BATCH

ORDERS = 69_659
MOST_KILOBYTES = 300_000

pytestmark = [pytest.mark.database, pytest.mark.timeout(1800)]


def cdnow() -> Path:
    spec = find_spec("lifetimes")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "datasets" / "CDNOW_master.txt"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    """The first 8,000 orders."""
    path = tmp_path / "part.txt"
    path.write_text("".join(cdnow().read_text().splitlines(keepends=True)[:8_001]))
    return path


@pytest.mark.sqlite_only("the same at a tenth of the size runs on PostgreSQL below")
def test_the_whole_history_twice_with_the_same_result(programs) -> None:
    programs("store", "create", "CDNOW", "--currency", "USD")
    kilobytes = programs.largest_size("import", "orders", str(cdnow()))
    first = programs.look()
    assert first["orders"] == ORDERS
    assert first["runs"] == [[ORDERS, ORDERS, 0]]
    assert kilobytes < MOST_KILOBYTES
    again = programs.facts("import", "orders", str(cdnow()), "--again")
    assert (again["orders"], again["changed"], again["bad"]) == (ORDERS, 0, 0)
    assert programs.look() == first
    assert "all is as it must be" in programs("verify")


def test_several_orders_of_one_day_are_kept_apart(programs, part) -> None:
    rows = [tuple(line.split()) for line in part.read_text().splitlines()[1:]]
    assert len(set(rows)) < len(rows)
    programs("store", "create", "CDNOW", "--currency", "USD")
    assert programs.facts("import", "orders", str(part))["changed"] == len(rows)
    assert programs.look()["orders"] == len(rows)


def test_killed_and_started_again_it_ends_as_if_it_had_not_been(programs, part) -> None:
    """Each kill strikes at another batch; nothing is lost, nothing is there twice."""
    programs("store", "create", "Killed", "--currency", "USD")
    words = ("import", "orders", str(part), "--store")
    for moment, row in (("written", 3_000), ("begun", 6_000)):
        programs.killed(moment, row, *words, "killed")
        found = programs.look("killed")
        kept = row - BATCH
        assert (found["orders"], found["runs"]) == (kept, [[kept, kept, 0]])
    rest = programs.facts(*words, "killed")
    assert rest["went_on_after"] == kept
    assert rest["orders"] == rest["changed"] == 8_000 - kept
    programs("store", "create", "Whole", "--currency", "USD")
    programs(*words, "whole")
    assert programs.look("killed") == programs.look("whole")


@pytest.mark.sqlite_only("nothing is written")
def test_other_options_and_json_say_the_same(programs, part) -> None:
    programs("store", "create", "CDNOW", "--currency", "USD")
    words = ("import", "orders", str(part), "--dry-run")
    plain = programs.facts(*words)
    said = ("--delimiter", "whitespace", "--map", "customer_id=customer_id", "--currency", "USD")
    assert programs.facts(*words, *said) == plain
    assert programs.look()["orders"] == 0
