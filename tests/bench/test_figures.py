"""From rounds to figures, and from figures to what is shown."""

from __future__ import annotations

import msgspec
import pytest

from bench import report
from bench.figures import Measured, Sample, percentile, row_of, spread


def sample(rate: float, **more: float | bool) -> Sample:
    return msgspec.structs.replace(Sample(rate=rate, cpu_us=100, p50_ms=1, p99_ms=9), **more)


def measured(path: str = "click", limits: tuple[Sample, ...] = ()) -> Measured:
    return Measured(
        path=path,
        database="sqlite",
        prior_orders=1000,
        rounds=[sample(1000, cpu_us=90), sample(1200, cpu_us=80), sample(800, cpu_us=110)],
        limits=list(limits),
    )


def test_a_percentile_is_one_of_the_values():
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile(values, 1) == 100
    assert percentile([7.0], 0.5) == percentile([7.0], 0.99) == 7
    assert percentile([], 0.5) == 0


def test_the_spread_is_half_of_the_middle_half_by_the_median():
    assert spread([100, 90, 110, 10, 500]) == pytest.approx(0.1)
    assert spread([5]) == spread([0, 0, 0]) == 0


def test_a_row_has_the_medians_and_the_median_of_the_ratios():
    row = row_of(measured(limits=(sample(2000), sample(4000), sample(3200))))
    assert row.rate == 1000
    assert row.cpu_us == 90
    assert row.limit == 3200
    assert row.ratio_to_limit == 0.3  # of 0.5, 0.3 and 0.25


def test_without_a_limit_there_is_no_ratio():
    row = row_of(measured())
    assert row.limit is None
    assert row.ratio_to_limit is None


def test_the_table_stands_in_columns():
    shown = report.figures([measured(), measured("delivery", (sample(2000),) * 3)])
    lines = shown.splitlines()
    assert lines[0].split() == report.HEAD
    assert lines[1].split() == [
        *("click", "sqlite", "1,000", "1,000", "90", "1.0", "9.0", "-", "-", "10%"),
    ]
    assert lines[2].split()[-3:] == ["2,000", "0.500", "10%"]
    assert len({len(line) for line in lines}) == 1
    assert "at least" not in shown


def test_a_limit_that_the_load_generator_set_is_marked():
    shown = report.figures([measured(limits=(sample(2000, crowded=True),))])
    assert "2,000+" in shown
    assert "+ at least" in shown


def test_what_is_kept_is_a_list_that_programs_read(tmp_path):
    file = tmp_path / "latest.json"
    report.keep([measured(limits=(sample(2000),) * 3), measured("code")], file)
    first, second = msgspec.json.decode(file.read_bytes())
    assert first == {
        "path": "click",
        "database": "sqlite",
        "prior_orders": 1000,
        "rate": 1000.0,
        "cpu_us": 90.0,
        "p50_ms": 1.0,
        "p99_ms": 9.0,
        "limit": 2000.0,
        "ratio_to_limit": 0.5,
    }
    assert second["limit"] is second["ratio_to_limit"] is None
    assert report.read(file) == [row_of(measured(limits=(sample(2000),) * 3)),
                                 row_of(measured("code"))]  # fmt: skip
