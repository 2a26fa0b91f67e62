"""A very small load on the real thing: starts and memory are told, and a lost row is found."""

from __future__ import annotations

import pytest

from bench import house
from bench.databases import connected
from bench.memory import Memory

PLAN = house.Plan(databases=("sqlite",), operations=50, codes=50, starts=1, seconds=0.3)


def test_the_house_is_measured_and_a_lost_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house, "_REST", 0.1)
    check = house.House.check

    def lose_and_check(built: house.House) -> list[str]:
        with connected(built._place.kind.address("house")) as connection:
            connection.change(
                "DELETE FROM visits_visit WHERE seq = (SELECT max(seq) FROM visits_visit)", [()]
            )
        return check(built)

    monkeypatch.setattr(house.House, "check", lose_and_check)
    (result,), findings = house.run(PLAN)
    assert len(findings) == 1
    assert findings[0].startswith("sqlite: visits acknowledged and lost: 1 (clk_")
    assert result.rested[-1][0] >= PLAN.operations
    assert all(0 < held.pss <= held.rss for _, held in result.rested)
    assert result.peak.pss >= result.rested[-1][1].pss
    assert len(result.row()) == len(house.HEAD)


def test_growth_is_that_of_the_second_half() -> None:
    rested = [(done, Memory(0, pss)) for done, pss in ((0, 80), (40, 100), (60, 110), (100, 112))]
    result = house.Result(database="sqlite", begun=[(1.0, 0.9)], rested=rested, peak=Memory(0, 120))
    assert result.growth == 2
