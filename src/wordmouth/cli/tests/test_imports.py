"""The import of order history: what is taken, refused, gone on with and done again."""

import json
from pathlib import Path

import pytest

from wordmouth.cli import imports
from wordmouth.orders import queries, services
from wordmouth.people import queries as people
from wordmouth.stores.transactions import store_read

HEAD = "id,date,email,total\n"


def row(number: int, total: str = "9.50") -> str:
    return f"{number},2026-01-02,buyer{number}@b.example,{total}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + "".join(row(number) for number in range(1, 26)))
    return path


@pytest.fixture
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 10)


def count(made) -> int:
    with store_read(made["store"]["id"]):
        return queries.count()


def test_orders_and_their_buyers_are_known_afterwards(door, made, file, small_batches) -> None:
    facts = door.facts("import", "orders", str(file))
    assert (facts["orders"], facts["changed"], facts["bad"]) == (25, 25, 0)
    with store_read(made["store"]["id"]):
        order = queries.order("17")
        person = people.find("buyer17@b.example")
    assert order is not None
    assert person is not None
    assert (order.person_id, order.grand, order.currency) == (person.id, 950, "EUR")
    assert order.paid_at == order.placed_at


def test_what_is_read_as_what_is_said_before(door, made, tmp_path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("id,date,email,total,note\n1,2026-01-02,a@b.example,9,hello\n")
    said = door("import", "orders", str(path)).stderr
    assert "id as id, date as placed_at, email as email, total as grand" in said
    assert "Columns left out: note." in said


def test_a_finished_file_is_not_taken_twice_unless_asked(door, made, file) -> None:
    door("import", "orders", str(file))
    assert "--again" in door("import", "orders", str(file)).stdout
    again = door.facts("import", "orders", str(file), "--again")
    assert (again["orders"], again["changed"]) == (25, 0)
    assert count(made) == 25


def test_read_in_another_way_it_is_another_import(door, made, file) -> None:
    door("import", "orders", str(file))
    facts = door.facts("import", "orders", str(file), "--amounts", "major", "--unpaid")
    assert not facts["finished_before"]


def test_bad_rows_refuse_the_file(door, made, file) -> None:
    with file.open("a") as opened:
        opened.write(row(26, "-1") + row(27))
    said = door("import", "orders", str(file), status=1).stderr
    assert f"{file}:27: '-1' is negative" in said
    assert "1 of 27 rows cannot be read; nothing was imported" in said
    assert count(made) == 0


def test_bad_rows_are_skipped_where_asked(door, made, file, small_batches) -> None:
    with file.open("a") as opened:
        opened.write(row(26, "-1") + row(27))
    facts = door.facts("import", "orders", str(file), "--on-bad", "skip")
    assert (facts["orders"], facts["bad"]) == (26, 1)
    assert facts["problems"] == [{"line": 27, "problem": "'-1' is negative; an amount is not"}]
    assert count(made) == 26


def test_many_bad_rows_are_counted_not_all_printed(door, made, tmp_path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + "".join(row(number, "x") for number in range(50)))
    said = door("import", "orders", str(path), status=1).stderr
    assert "... and 30 more." in said
    assert said.count("is no amount") == 20


def test_a_dry_run_writes_nothing(door, made, file) -> None:
    assert "25 orders can be read" in door("import", "orders", str(file), "--dry-run").stdout
    assert count(made) == 0
    assert door.facts("import", "orders", str(file))["orders"] == 25


def interrupted(monkeypatch, door, file, after: int) -> None:
    """Import with a failure after so many batches."""
    taken = services.take_history
    calls = []

    def failing(*given, **named):
        calls.append(given)
        if len(calls) > after:
            raise OSError("No space left on device")
        return taken(*given, **named)

    monkeypatch.setattr(services, "take_history", failing)
    assert "No space left" in door("import", "orders", str(file), status=1).stderr
    monkeypatch.setattr(services, "take_history", taken)


def test_an_interrupted_import_goes_on(door, made, file, small_batches, monkeypatch) -> None:
    interrupted(monkeypatch, door, file, after=1)
    assert count(made) == 10
    facts = door.facts("import", "orders", str(file))
    assert (facts["went_on_after"], facts["orders"]) == (10, 15)
    assert count(made) == 25


def test_an_interrupted_import_can_start_over(door, made, file, small_batches, monkeypatch) -> None:
    interrupted(monkeypatch, door, file, after=2)
    facts = door.facts("import", "orders", str(file), "--no-resume")
    assert (facts["went_on_after"], facts["orders"], facts["changed"]) == (0, 25, 5)


def test_two_imports_of_one_file_do_not_mix(door, made, file, small_batches, monkeypatch) -> None:
    taken = services.take_history
    calls = []

    def raced(store_id, run, *given, **named):
        calls.append(run)
        if len(calls) == 2:
            run = calls[0]
        return taken(store_id, run, *given, **named)

    monkeypatch.setattr(services, "take_history", raced)
    said = door("import", "orders", str(file), status=1).stderr
    assert "Another import of this file is under way" in said
    assert count(made) == 10


def test_json_lines_are_order_snapshots(door, made, tmp_path) -> None:
    path = tmp_path / "orders.jsonl"
    snapshot = {
        "id": "1001",
        "updated_at": "2026-01-02T00:00:00Z",
        "currency": "EUR",
        "totals": {"grand": 4900},
        "customer": {"email": "a@b.example"},
    }
    bad = snapshot | {"currency": "EURO"}
    path.write_text(json.dumps(snapshot) + "\n" + json.dumps(bad) + "\n")
    said = door("import", "orders", str(path), status=1).stderr
    assert f"{path}:2: currency" in said
    assert door.facts("import", "orders", str(path), "--on-bad", "skip")["orders"] == 1


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("--map", "total"), 2, "COLUMN=FIELD"),
        (("--map", "total=sum"), 2, "There is no field 'sum'"),
        (("--map", "totl=grand"), 1, "no column 'totl'"),
        (("--map", "total="), 1, "No column is known to say grand"),
        (("--delimiter", "ab"), 2, "--delimiter takes one sign"),
        (("--currency", "euro"), 2, "ISO 4217"),
        (("--encoding", "utf-9"), 2, "no encoding 'utf-9'"),
        (("--no-header",), 2, "--columns"),
        (("--date-format", "%d.%m.%Y"), 1, "expected is %d.%m.%Y"),
        (("--amounts", "minor"), 1, "no whole number of minor units"),
        (("--store", "nobody"), 1, "There is no store 'nobody'"),
    ],
)
def test_wrong_options_are_explained(door, made, file, words, status, complaint) -> None:
    assert complaint in door("import", "orders", str(file), *words, status=status).stderr
    assert count(made) == 0


def test_other_options_are_obeyed(door, made, tmp_path) -> None:
    path = tmp_path / "orders.txt"
    path.write_text("1;02.01.2026;950;a@b.example\n")
    facts = door.facts(
        *("import", "orders", str(path), "--no-header", "--columns", "no,day,sum,email"),
        *("--map", "no=id", "--map", "day=placed_at", "--map", "sum=grand"),
        *("--delimiter", "semicolon", "--date-format", "%d.%m.%Y", "--amounts", "minor"),
        *("--currency", "usd", "--format", "csv"),
    )
    assert facts["orders"] == 1
    with store_read(made["store"]["id"]):
        order = queries.order("1")
    assert order is not None
    assert (order.grand, order.currency) == (950, "USD")
