"""A very short measurement of the real thing: its counts agree, and a lost row is found."""

from __future__ import annotations

import msgspec

from bench import run
from bench.databases import connected

PLAN = run.Plan(
    databases=("sqlite",),
    paths=("click", "delivery"),
    rounds=1,
    seconds=0.3,
    connections=4,
    codes=50,
    limits=False,
)


def test_what_was_acknowledged_is_there_and_a_lost_row_is_found(tmp_path, monkeypatch, capsys):
    stored: dict[str, int] = {}

    def look_and_lose(address: str) -> None:
        with connected(address) as connection:
            for table, key in (("visits_visit", "seq"), ("inbox_delivery", "seq")):
                ((stored[table],),) = connection.read(f"SELECT count(*) FROM {table}")
                connection.change(
                    f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})", [()]
                )

    whole = run.run

    monkeypatch.setattr(run, "run", lambda plan: whole(plan, look_and_lose))
    latest = tmp_path / "latest.json"
    assert run.command(PLAN, latest) == 1
    said = capsys.readouterr()
    assert "WRONG: sqlite: visits acknowledged and lost: 1 (clk_" in said.err
    assert "WRONG: sqlite: deliveries acknowledged and lost: 1 (dlv_" in said.err
    # Nothing else is wrong: all others that were acknowledged are there, once.
    assert said.err.count("WRONG") == 2
    assert min(stored.values()) > 0
    click, delivery = msgspec.json.decode(latest.read_bytes())
    assert (click["path"], delivery["path"]) == ("click", "delivery")
    assert click["rate"] > 0
    assert delivery["cpu_us"] > 0
