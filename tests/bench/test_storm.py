"""A very short storm on the real thing: it is accounted for, and a lost row is found."""

from __future__ import annotations

import pytest

from bench import storm
from bench.databases import connected

PLAN = storm.Plan(
    databases=("sqlite",),
    paths=("click", "delivery"),
    seconds=0.5,
    times=2.0,
    connections=16,
    quiet_rate=20.0,
    worker=False,
)


def test_a_storm_is_accounted_for_and_a_lost_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storm, "_CODES", 50)
    monkeypatch.setattr(storm, "_SUSTAINED_SECONDS", 0.2)
    monkeypatch.setattr(storm, "_AFTERWARDS", 0.3)
    check = storm.Storms.check

    def lose_and_check(storms: storm.Storms) -> list[str]:
        with connected(storms._place.kind.address("storm")) as connection:
            connection.change(
                "DELETE FROM visits_visit WHERE seq = (SELECT max(seq) FROM visits_visit)", [()]
            )
        return check(storms)

    monkeypatch.setattr(storm.Storms, "check", lose_and_check)
    results, findings = storm.run(PLAN)
    assert len(findings) == 1
    assert findings[0].startswith("sqlite: visits acknowledged and lost: 1 (clk_")
    for result in results:
        for outcome in (result.storm, result.quiet, result.beside):
            assert outcome.taken + outcome.refused + outcome.outside == outcome.due
        assert result.storm.taken
        assert 0 < result.rss <= result.peak
        assert len(result.row()) == len(storm.HEAD)
