"""What is different between two versions, and what is only noise."""

from __future__ import annotations

import subprocess

import pytest

from bench.compare import changes, checked_out, shown
from bench.figures import Sample
from bench.processes import ROOT, BenchFailed
from bench.side import in_turns


def sample(rate: float, cpu: float) -> Sample:
    return Sample(rate=rate, cpu_us=cpu, p50_ms=1, p99_ms=2)


def test_what_differs_by_more_than_both_spreads_is_a_change():
    rounds = {
        ("click", "sqlite"): [
            (sample(1000, 100), sample(1010, 60)),
            (sample(1100, 101), sample(900, 61)),
            (sample(900, 99), sample(1200, 59)),
        ],
        ("settle", "sqlite"): [(sample(1000, 100), sample(500, 200))] * 3,
    }
    found = {(each.path, each.figure): each for each in changes(rounds)}
    assert found["click", "rate/s"].verdict == ""
    assert found["click", "rate/s"].change == pytest.approx(0.01)
    assert found["click", "cpu-us"].verdict == "better"
    assert found["click", "cpu-us"].change == pytest.approx(-0.4)
    assert found["click", "p99-ms"].verdict == ""
    assert found["settle", "rate/s"].verdict == "worse"
    assert found["settle", "cpu-us"].verdict == "worse"
    lines = shown(changes(rounds)).splitlines()
    assert len(lines) == 9
    assert lines[2].split()[2:] == ["cpu-us", "100.0", "60.0", "-40.0%", "1.3%", "better"]


def test_one_round_that_says_otherwise_makes_it_noise():
    rounds = [(sample(1000, 100), sample(1500, 100))] * 4
    assert {each.verdict for each in changes({("click", "sqlite"): rounds})} == {"better", ""}
    rounds = [*rounds, (sample(1000, 100), sample(999, 100))]
    assert {each.verdict for each in changes({("click", "sqlite"): rounds})} == {""}


def test_nothing_measured_is_no_change():
    nothing = Sample(rate=0)
    assert {each.verdict for each in changes({("click", "sqlite"): [(nothing, nothing)]})} == {""}


def test_turns_change_and_answers_stay_in_their_places():
    order: list[str] = []

    def one() -> int:
        order.append("one")
        return 1

    def two() -> str:
        order.append("two")
        return "2"

    assert [in_turns(one, two, number) for number in range(2)] == [(1, "2"), (1, "2")]
    assert order == ["one", "two", "two", "one"]


def test_a_revision_that_is_not_there_is_told():
    with pytest.raises(BenchFailed, match="no-such-revision"), checked_out("no-such-revision"):
        pass


def test_a_revision_is_checked_out_beside_and_taken_away_again():
    if subprocess.run(["git", "-C", str(ROOT), "rev-parse"], capture_output=True).returncode:
        pytest.skip("no git checkout")
    with checked_out("HEAD") as files:
        assert (files / "src" / "wordmouth" / "__init__.py").exists()
        assert files != ROOT
    assert not files.exists()
