"""The work behind the doors: settles deliveries, carries out effects, does what the clock says.

In the serving process (threads), and on PostgreSQL also as processes of their own, as many as
wanted (`python -m wordmouth.project.work`).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import msgspec
import structlog
from django.db import close_old_connections, connection, connections

from wordmouth.inbox import queries as inbox
from wordmouth.kit import clock, interrupts
from wordmouth.outbox import services as outbox
from wordmouth.outbox.circuits import Circuits
from wordmouth.project.effects import SHARED_PLACES, Lane
from wordmouth.project.periodic import JOBS, Timetable
from wordmouth.project.settle import settle_store

log = structlog.get_logger(__name__)

EFFECT_THREADS = 4
IDLE_SECONDS = 1.0
LONGEST_REST_SECONDS = 30.0
MAX_ROUNDS = 1000
ENDINGS = (signal.SIGTERM, signal.SIGINT)
LEADER_LOCK = 0x776D_7065_7269_6F64
"""PostgreSQL's advisory lock of the one worker that runs the periodic jobs."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What `run_until_idle` did: deliveries settled, effects carried out (with or without
    success)."""

    settled: int
    effects: int


def run_until_idle(now: datetime | None = None) -> Done:
    """Do everything there is to do at this moment (or at `now`), in this thread; then return.

    For tests, simulations and commands. An effect whose next try is later stays for later.
    """
    settled = effects = 0
    with clock.using(clock.SetClock(now)) if now else nullcontext():
        for _ in range(MAX_ROUNDS):
            new = _exhaust(_settle_all)
            for job in JOBS:
                job.run()
            carried_out = _exhaust(Lane().step)
            settled, effects = settled + new, effects + carried_out
            if not new and not carried_out:
                return Done(settled=settled, effects=effects)
    raise RuntimeError(f"There was still something to do after {MAX_ROUNDS} rounds.")


def _settle_all() -> int:
    return sum(settle_store(store_id) for store_id in inbox.stores_with_work())


def _exhaust(step: Callable[[], int]) -> int:
    total = 0
    while moved := step():
        total += moved
    return total


class Settler:
    """Settles one batch of each store in turn. A store whose batch fails rests for a while (1 s,
    then twice as long, at most 30 s) and does not hold up the others."""

    def __init__(self, settle: Callable[[str], int] = settle_store) -> None:
        self._settle = settle
        self._resting: dict[str, tuple[float, float]] = {}

    def step(self) -> int:
        """One batch of every store that has deliveries waiting; how many deliveries."""
        return sum(self._one(store_id) for store_id in inbox.stores_with_work())

    def _one(self, store_id: str) -> int:
        rest, until = self._resting.get(store_id, (0.0, 0.0))
        if time.monotonic() < until:
            return 0
        try:
            settled = self._settle(store_id)
        except Exception:
            log.exception("settle.failed", store=store_id)
            rest = min(max(2 * rest, 1.0), LONGEST_REST_SECONDS)
            self._resting[store_id] = (rest, time.monotonic() + rest)
            return 0
        self._resting.pop(store_id, None)
        return settled


class Worker:
    """The loops as threads of this process. `wake()` makes them look at once instead of within
    a second."""

    def __init__(self, effect_threads: int = EFFECT_THREADS) -> None:
        self._effect_threads = effect_threads
        self._stopping = threading.Event()
        self._bells: list[threading.Event] = []
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start the loops and have every commit that asks for effects ring for them."""
        circuits = Circuits(SHARED_PLACES)
        self._loop("settle", Settler().step)
        for number in range(self._effect_threads):
            # One of them has the patience for places that do not answer.
            lane = Lane(circuits, patient=number == 0)
            self._loop(f"effects-{number}", lane.step)
        self._loop("periodic", _led(Timetable().run_due))
        outbox.install_bell(self.wake)

    def wake(self) -> None:
        """There is something to do. Cheap, from any thread."""
        for bell in self._bells:
            bell.set()

    def stop(self, timeout: float = 20.0) -> bool:
        """Let every loop end what it is at, at most `timeout` seconds; whether all did.

        What does not end in time loses nothing: its lease runs out and it is done again.
        """
        outbox.install_bell(None)
        self._stopping.set()
        self.wake()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self, name: str, step: Callable[[], int]) -> None:
        bell = threading.Event()
        self._bells.append(bell)
        thread = threading.Thread(
            target=self._run, args=(name, step, bell), name=f"wordmouth-{name}", daemon=True
        )
        self._threads.append(thread)
        thread.start()

    def _run(self, name: str, step: Callable[[], int], bell: threading.Event) -> None:
        rest = 0.0
        try:
            while not self._stopping.is_set():
                bell.clear()
                moved = 0
                try:
                    close_old_connections()
                    moved = step()
                    rest = 0.0
                except Exception:
                    log.exception("worker.step_failed", loop=name)
                    rest = min(max(2 * rest, IDLE_SECONDS), LONGEST_REST_SECONDS)
                if rest:
                    self._stopping.wait(rest)
                elif not moved:
                    bell.wait(IDLE_SECONDS)
        finally:
            connections.close_all()


def _led(step: Callable[[], int]) -> Callable[[], int]:
    """Run `step` only in the one process that leads; on SQLite that is this one. The lock
    belongs to the database connection and is free again when that ends."""

    def guarded() -> int:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LEADER_LOCK])
                row = cursor.fetchone()
            if row is None or not row[0]:
                return 0
        return step()

    return guarded


def main() -> int:
    """Work until told to stop (SIGTERM, SIGINT); gives the exit status.

    For PostgreSQL: on SQLite the serving process is the one writer and works itself.
    """
    if connection.vendor != "postgresql":
        sys.stderr.write(
            "A worker of its own needs PostgreSQL; on SQLite `wordmouth serve` does the work.\n"
        )
        return 2
    interrupts.hold_back(*ENDINGS)
    worker = Worker()
    worker.start()
    log.info("worker.started", pid=os.getpid())
    interrupts.next_of(*ENDINGS)
    ended = worker.stop()
    log.info("worker.stopped", clean=ended)
    return 0 if ended else 1
