"""The command line inside the test's own database: loading and migrating are done already."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from click.testing import CliRunner, Result

from wordmouth.cli.main import build
from wordmouth.cli.project import Check
from wordmouth.integrations.accounts import Provider, ShopProvider
from wordmouth.ledger.facts import Finding
from wordmouth.project import audit


class Stage:
    """Stands in for the wiring; `calls` says which of the long verbs were asked for."""

    def __init__(self) -> None:
        self.calls: list[object] = []
        self.checks: list[Check] = []
        self.report: audit.Report | None = None

    def load(self) -> None:
        """The test has loaded everything."""

    def adapters(self) -> Sequence[str]:
        return ["generic", "oscar"]

    def providers(self) -> Mapping[str, Provider]:
        from wordmouth.project.adapters import PROVIDERS

        return PROVIDERS

    def shops(self) -> Mapping[str, ShopProvider]:
        from wordmouth.project.adapters import SHOPS

        return SHOPS

    def follow(self, store_id: str, adapter: str) -> None:
        from wordmouth.integrations import following

        following.begin(store_id, adapter)

    def serve(self, host: str, port: int, *, worker: bool) -> None:
        self.calls.append(("serve", host, port, worker))

    def demo(self, host: str, port: int) -> None:
        self.calls.append(("demo", host, port))

    def verify(self, store_id: str, head: str | None = None) -> audit.Report:
        return self.report or audit.verify(store_id, head)

    def replay(self, store_id: str) -> audit.Report:
        return self.report or audit.replay(store_id)

    def mend(self) -> Sequence[str]:
        from wordmouth.project import shop_health

        return shop_health.mend()

    def examine(self) -> Sequence[Check]:
        return self.checks


class Door:
    """Runs commands and reads what they print."""

    def __init__(self) -> None:
        self.stage = Stage()

    def __call__(self, *words: str, status: int = 0, given: str | None = None) -> Result:
        """Run a command that must end with `status`."""
        command = build(self.stage)
        result = CliRunner().invoke(command, words, input=given, prog_name="wordmouth")
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    def facts(self, *words: str) -> Any:
        """What a command prints with --json."""
        return json.loads(self(*words, "--json").stdout)

    def refusal(self, *words: str, status: int = 1) -> str:
        """What a command that fails says to the person."""
        result = self(*words, status=status)
        assert result.stdout == ""
        return result.stderr


def finding(where: str, what: str) -> audit.Report:
    """A report with one thing wrong."""
    return audit.Report(
        referrals=2,
        rewards=3,
        postings=4,
        findings=[Finding(where=where, what=what)],
    )
