"""What is done by the clock, and how often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
import structlog

from wordmouth.advocates import services as advocates
from wordmouth.api import jobs as api
from wordmouth.integrations import following
from wordmouth.kit import clock
from wordmouth.messages import jobs as messages
from wordmouth.payouts import jobs as payouts
from wordmouth.referrals import jobs as referrals
from wordmouth.rewards import budgets
from wordmouth.rewards import jobs as rewards
from wordmouth.visits import services as visits

log = structlog.get_logger(__name__)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to do again and again. It must bear being done too often and by several at once."""

    name: str
    every: timedelta
    run: Callable[[], object]


JOBS: tuple[Job, ...] = (
    Job(name="release_holds", every=timedelta(seconds=5), run=referrals.release_holds),
    Job(name="expire_rewards", every=timedelta(seconds=30), run=rewards.expire),
    Job(name="refresh_budgets", every=timedelta(minutes=1), run=budgets.refresh),
    Job(name="look_at_payouts", every=timedelta(minutes=1), run=payouts.look),
    Job(name="adopt_shops", every=timedelta(minutes=1), run=following.adopt),
    Job(name="follow_shops", every=timedelta(seconds=5), run=following.follow),
    Job(name="tally_visits", every=timedelta(seconds=10), run=visits.tally),
    Job(name="tell_what_ends_soon", every=timedelta(hours=1), run=messages.tell_what_ends_soon),
    Job(name="prune_replies", every=timedelta(hours=1), run=api.prune),
    Job(name="prune_portal_keys", every=timedelta(hours=1), run=advocates.prune_portal_keys),
)


class Timetable:
    """Runs jobs when they are due by `kit.clock`. A clock that was moved, forward or back, makes
    them due at once."""

    def __init__(self, jobs: Sequence[Job] = JOBS) -> None:
        self._jobs = jobs
        self._last: dict[str, datetime] = {}

    def run_due(self) -> int:
        """Run what is due, each on its own: one that fails is logged, the others go on. Gives
        how many ran."""
        return sum(self._run(job) for job in self._jobs if self._is_due(job))

    def _is_due(self, job: Job) -> bool:
        last = self._last.get(job.name)
        return last is None or not timedelta(0) <= clock.now() - last < job.every

    def _run(self, job: Job) -> int:
        self._last[job.name] = clock.now()
        try:
            job.run()
        except Exception:
            log.exception("job.failed", job=job.name)
            return 0
        return 1
