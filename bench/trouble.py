"""`python -m bench.trouble`: how soon a shop is answered while all behind the door is in trouble.

Orders come at a steady rate, as from a busy shop. First all is well; then the worker is stopped;
then the worker runs, and both the mail server and the shop take connections and never answer.
What is acknowledged has to be stored each time.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench import check, open_loop
from bench.databases import Place, connected, kind_of
from bench.inside import PROGRAM
from bench.processes import ROOT, BenchFailed, serving, set_up
from bench.run import say
from bench.telling import carry_out

TROUBLES = ("none", "no-worker", "silence")
_CODES = 1_000
_CONNECTIONS = 64
_RIPE = PROGRAM.replace('after = "delivered"\ndays = 14', 'after = "paid"\ndays = 0')
"""A programme whose rewards are made in the shop as soon as an order is settled."""
_WAITING = "SELECT count(*) FROM outbox_effect WHERE state IN ('waiting', 'leased')"
HEAD = "database trouble due/s taken refused p50-ms p99-ms effects-waiting".split()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Which troubles, how many orders a second, and for how long in each."""

    databases: tuple[str, ...]
    troubles: tuple[str, ...]
    rate: float
    seconds: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One trouble on one database. `waiting`: mails, coupons and what else is still to be done."""

    database: str
    trouble: str
    plan: Plan
    outcome: open_loop.Outcome
    waiting: int

    def row(self) -> list[str]:
        """The result under HEAD."""
        return [
            self.database,
            self.trouble,
            f"{self.plan.rate:.0f}",
            f"{self.outcome.taken:,}",
            f"{self.outcome.refused + self.outcome.outside:,}",
            f"{self.outcome.p50_ms:.1f}",
            f"{self.outcome.p99_ms:.1f}",
            f"{self.waiting:,}",
        ]


@contextmanager
def silent() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen(512)
        yield int(ear.getsockname()[1])


class Troubles:
    """One database, and the server started anew in each trouble."""

    def __init__(self, plan: Plan, place: Place) -> None:
        self._plan, self._place = plan, place
        place.kind.fresh("trouble")
        self._environment = place.environment("trouble")
        self._shop = set_up(self._environment, _CODES)
        self._told = place.folder / "told"
        self._ripen()

    def _ripen(self) -> None:
        """Let orders earn rewards at once."""
        document = self._place.folder / "ripe.toml"
        document.write_text(_RIPE)
        command = [str(Path(sys.executable).with_name("wordmouth")), "program", "apply"]
        done = subprocess.run(
            [*command, str(document), "--store", "teehaus"],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise BenchFailed(f"the programme could not be changed:\n{done.stderr.decode()}")

    def run(self) -> Iterator[Result]:
        """Every trouble in turn."""
        for trouble in self._plan.troubles:
            say(f"{self._place.kind.name}: {trouble}")
            if trouble == "silence":
                with silent() as mail, silent() as shop:
                    yield self._measure(trouble, worker=True, mail=mail, shop=shop)
            else:
                yield self._measure(trouble, worker=trouble == "none", mail=0, shop=0)

    def _measure(self, trouble: str, *, worker: bool, mail: int, shop: int) -> Result:
        environment = {**self._environment, "WORDMOUTH_ALLOW_PRIVATE_SHOPS": "1"}
        if mail:
            environment["WORDMOUTH_SMTP_PORT"] = str(mail)
        with connected(self._place.kind.address("trouble")) as connection:
            address = f"http://127.0.0.1:{shop}/coupons" if shop else ""
            connection.change("UPDATE stores_connection SET coupon_url = ?", [(address,)])
        server = serving(environment, self._place.folder / "log", worker=worker)
        try:
            outcome = self._load(trouble, server.port)
            with connected(self._place.kind.address("trouble")) as connection:
                ((waiting,),) = connection.read(_WAITING)
        finally:
            server.kill()
        return Result(
            database=self._place.kind.name,
            trouble=trouble,
            plan=self._plan,
            outcome=outcome,
            waiting=int(waiting),
        )

    def _load(self, trouble: str, port: int) -> open_loop.Outcome:
        job = open_loop.Job(
            kind="delivery",
            port=port,
            shop=self._shop,
            name=trouble,
            connections=_CONNECTIONS,
            rate=self._plan.rate,
            seconds=self._plan.seconds,
            acknowledged=str(self._told),
        )
        done = subprocess.run(
            [sys.executable, "-m", "bench.open_loop"],
            cwd=ROOT,
            input=msgspec.json.encode(job),
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise BenchFailed(f"the load broke off:\n{done.stderr.decode()}")
        return msgspec.json.decode(done.stdout, type=open_loop.Outcome)

    def check(self, results: list[Result]) -> list[str]:
        """Everything that is not as it was acknowledged, in words."""
        findings = [
            f"{result.trouble}: {count} answers: {what}"
            for result in results
            for what, count in result.outcome.wrong.items()
        ]
        with connected(self._place.kind.address("trouble")) as connection:
            told = check.acknowledged(self._told)
            return findings + check.deliveries(connection, self._shop, told)


def run(plan: Plan) -> tuple[list[Result], list[str]]:
    """All troubles on every database, and what is wrong afterwards."""
    results: list[Result] = []
    findings: list[str] = []
    with TemporaryDirectory(prefix="wordmouth-trouble-") as made:
        for name in plan.databases:
            folder = Path(made) / name
            folder.mkdir()
            with ExitStack() as stack:
                kind = kind_of(name, folder)
                stack.callback(kind.close)
                say(f"{name}: making two stores")
                troubles = Troubles(plan, Place(kind, folder, ROOT / "src"))
                here = list(troubles.run())
                findings += [f"{name}: {finding}" for finding in troubles.check(here)]
                results += here
    return results, findings


def main() -> int:
    """Measure as the command line says; gives the exit status."""
    made = argparse.ArgumentParser(prog="python -m bench.trouble", description=__doc__)
    made.add_argument("--rate", type=float, default=50.0, help="orders a second")
    made.add_argument("--seconds", type=float, default=20.0, help="of each trouble")
    made.add_argument("--trouble", action="append", choices=TROUBLES)
    made.add_argument("--database", action="append", choices=["sqlite", "postgresql"])
    given = made.parse_args()
    plan = Plan(
        databases=tuple(given.database or ("sqlite", "postgresql")),
        troubles=tuple(given.trouble or TROUBLES),
        rate=given.rate,
        seconds=given.seconds,
    )
    return carry_out(
        f"{plan.rate:g} orders a second for {plan.seconds:g} s", HEAD, partial(run, plan)
    )


if __name__ == "__main__":
    sys.exit(main())
