"""A very small past on the real thing: it is whole, and what is measured in it is accounted for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import growth
from bench.databases import connected
from bench.past import Size

PLAN = growth.Plan(
    databases=("sqlite",),
    paths=("click", "settle"),
    pasts=("grown",),
    rounds=1,
    seconds=0.3,
    connections=4,
    orders=500,
    visits=1500,
    stores=4,
    codes=1000,
    share=0.6,
    empty_codes=50,
)


def test_a_copied_past_is_as_if_it_had_been_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, Any] = {}
    grow = growth.Grown.grow

    def grow_and_look(side: growth.Grown, size: Size) -> None:
        grow(side, size)
        if size.orders:
            with connected(side.address) as connection:
                found["stores"] = [
                    count
                    for (count,) in connection.read(
                        "SELECT count(*) FROM orders_order GROUP BY store_id ORDER BY 1"
                    )
                ]
                ((found["visits"],),) = connection.read("SELECT count(*) FROM visits_visit")
            command = Path(sys.executable).with_name("wordmouth")
            found["proof"] = [
                subprocess.run(
                    [command, verb, "--store", side.shop.store],
                    env=side._environment,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                for verb in ("verify", "replay")
            ]

    monkeypatch.setattr(growth.Grown, "grow", grow_and_look)
    measured, findings = growth.run(PLAN)
    assert findings == []
    assert {(each.path, each.past) for each in measured} == {
        (path, past) for path in PLAN.paths for past in ("empty", "grown")
    }
    assert all(len(each.row()) == len(growth.HEAD) for each in measured)
    # The first batches are settled in the store with the largest share.
    assert found["stores"] == [100, 100, 300 + 1000]
    assert found["visits"] == 1500
    for done in found["proof"]:
        assert done.returncode == 0, done.stdout + done.stderr
