"""A very short trouble on the real thing: it is accounted for, and a lost row is found."""

from __future__ import annotations

import pytest

from bench import trouble
from bench.databases import connected

PLAN = trouble.Plan(databases=("sqlite",), troubles=("silence",), rate=40.0, seconds=0.5)


def test_trouble_is_accounted_for_and_a_lost_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "_CODES", 20)
    check = trouble.Troubles.check

    def lose_and_check(troubles: trouble.Troubles, results: list[trouble.Result]) -> list[str]:
        with connected(troubles._place.kind.address("trouble")) as connection:
            connection.change(
                "DELETE FROM inbox_delivery WHERE seq = (SELECT max(seq) FROM inbox_delivery)", [()]
            )
        return check(troubles, results)

    monkeypatch.setattr(trouble.Troubles, "check", lose_and_check)
    results, findings = trouble.run(PLAN)
    assert len(findings) == 1
    assert findings[0].startswith("sqlite: deliveries acknowledged and lost: 1 (dlv_")
    (result,) = results
    assert result.outcome.taken == result.outcome.due
    assert len(result.row()) == len(trouble.HEAD)
    assert result.waiting, "nobody took the mails"
