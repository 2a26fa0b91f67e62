"""The worker: everything that waits gets done, whatever breaks on the way."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.harness.patience import PATIENCE, Watch, until
from tests.worker.shipments import order
from wordmouth.fulfilment.tests.world import START, World, set_clock, world
from wordmouth.inbox import services as inbox
from wordmouth.messages import registry
from wordmouth.outbox import rules
from wordmouth.project import adapters
from wordmouth.project import worker as working
from wordmouth.project.effects import Lane
from wordmouth.project.periodic import JOBS, Job, Timetable
from wordmouth.project.settle import settle_store
from wordmouth.project.worker import Settler, Worker, run_until_idle
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards
from wordmouth.stores.transactions import store_read, store_write


class Postbox:
    """A mailer that keeps what it is handed."""

    def __init__(self):
        self.mails = []

    def send(self, mail):
        self.mails.append(mail)


@pytest.fixture(autouse=True)
def postbox():
    box = Postbox()
    registry.install(box)
    yield box
    adapters.install()


def deliver(tea, number, **changes):
    """The shop's order arrives as a delivery."""
    body = json.dumps({"type": "order.snapshot", "data": order(number, **changes)}).encode()
    with store_write(tea.store_id):
        inbox.receive(tea.store_id, "generic", f"msg-{len(body)}-{number}", {}, body)


def with_advocate_reward(tea):
    """Let the programme reward the advocate as well."""
    from wordmouth.fulfilment.tests import world as small
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_toml

    offers = '\n[[offers.advocate]]\nschedule = "each"\nkind = "amount_off"\nvalue = 1000\n'
    with store_write(tea.store_id):
        programs.apply_document(parse_toml(small.PROGRAM + offers), by="test")


@pytest.mark.django_db
def test_one_referral_from_delivery_to_the_advocates_coupon(postbox):
    with set_clock() as standing, world() as tea:
        with_advocate_reward(tea)
        friend = tea.claim()
        done = run_until_idle()
        assert done.effects >= 1
        assert tea.shop.active() == {friend.code: 1}
        deliver(tea, 1, codes=[friend.code])
        assert run_until_idle().settled == 1
        with store_read(tea.store_id):
            (referral,) = referrals.page()
        assert referral.status == "pending"
        standing.move(timedelta(days=2))
        deliver(tea, 1, codes=[friend.code], delivered=True)
        run_until_idle()
        with store_read(tea.store_id):
            (referral,) = referrals.page()
            assert not rewards.page(advocate=referral.advocate_id, state="due")
        # The same moment by the argument instead of the clock.
        run_until_idle(now=START + timedelta(days=40))
        with store_read(tea.store_id):
            (reward,) = rewards.page(advocate=referral.advocate_id, state="due")
        assert tea.coupon(reward).state == "issued"
        assert reward.code in tea.shop.active()
        assert postbox.mails
        idle = run_until_idle(now=START + timedelta(days=40))
        assert (idle.settled, idle.effects) == (0, 0), "nothing is left to do"


@pytest.mark.django_db
def test_something_that_never_ends_is_said(monkeypatch):
    monkeypatch.setattr(working, "_settle_all", iter([1, 0] * 2000).__next__)
    monkeypatch.setattr(working, "JOBS", ())
    with pytest.raises(RuntimeError, match="after 1000 rounds"):
        run_until_idle()


@pytest.fixture
def worker():
    made = Worker()
    yield made
    assert made.stop(PATIENCE), "a loop did not end"


@pytest.mark.django_db(transaction=True)
def test_the_threads_do_what_arrives_and_stop(worker, monkeypatch):
    """Nobody looks by himself within the test's time: each is called by a commit or by `wake`."""
    monkeypatch.setattr(working, "IDLE_SECONDS", 10 * PATIENCE)
    with world() as tea:
        worker.start()
        friend = tea.claim()
        until(lambda: tea.coupon(friend).state == "issued")
        deliver(tea, 1, codes=[friend.code])
        worker.wake()

        def settled():
            with store_read(tea.store_id):
                return len(referrals.page()) == 1

        until(settled)
        assert worker.stop(PATIENCE)
        names = {thread.name for thread in threading.enumerate()}
        assert not {name for name in names if name.startswith("wordmouth-")}


@pytest.mark.django_db(transaction=True)
def test_a_slow_shop_does_not_slow_the_others(worker, monkeypatch):
    """The slow shop has all it may have at once and answers nothing; the other's coupons are made.

    The clock stands, so that no lease ends, and a call waits longer than the test: what is held
    stays held until the test lets go, however slow the machine is.
    """
    monkeypatch.setattr(adapters._http, "_total_seconds", 10 * PATIENCE)
    with set_clock(), world("Slow") as slow, world("Fine") as fine:
        slow.shop.hold = threading.Event()
        worker.start()
        for _ in range(rules.PER_STORE):
            slow.claim()
            until(lambda: len(slow.shop.requests) == slow.friends)
        for _ in range(6):
            slow.claim()
        asked = [fine.claim() for _ in range(8)]
        until(lambda: all(fine.coupon(reward).state == "issued" for reward in asked))
        assert slow.effects() == {"leased": rules.PER_STORE, "waiting": 6}
        slow.shop.hold.set()
        until(lambda: slow.effects() == {"done": 6 + rules.PER_STORE})


@pytest.mark.django_db(transaction=True)
def test_a_loop_that_fails_goes_on(worker, monkeypatch):
    failures = iter([RuntimeError("once"), RuntimeError("twice")])
    real = Lane.step

    def step(lane):
        for failure in failures:
            raise failure
        return real(lane)

    monkeypatch.setattr(Lane, "step", step)
    with world() as tea:
        worker.start()
        reward = tea.claim()
        until(lambda: tea.coupon(reward).state == "issued")


@pytest.mark.django_db
def test_a_store_that_cannot_be_settled_rests_and_holds_nobody_up(monkeypatch):
    watch = Watch()
    monkeypatch.setattr(working, "time", watch)
    with set_clock():
        broken, fine = World("Broken"), World("Fine")
        deliver(broken, 1)
        deliver(fine, 1)
        asked = []

        def settle(store_id):
            asked.append(store_id)
            if store_id == broken.store_id:
                raise RuntimeError("the batch is cursed")
            return settle_store(store_id)

        settler = Settler(settle)
        assert settler.step() == 1
        assert settler.step() == 0
        assert sorted(asked) == sorted([broken.store_id, fine.store_id]), "it rests"
        asked.clear()
        for seconds in (1.0, 1.0, 1.0, 3.9, 0.1):
            watch.move(seconds)
            settler.step()
        assert asked == [broken.store_id] * 3, "after one second, two more, four more"


@pytest.mark.django_db
def test_a_backlog_of_one_store_delays_another_by_one_batch():
    with set_clock():
        stormed, quiet = World("Stormed"), World("Quiet")
        for number in range(12):
            deliver(stormed, number)
        deliver(quiet, 1)
        asked = []

        def settle(store_id):
            asked.append(store_id)
            return settle_store(store_id, 4)

        settler = Settler(settle)
        assert [settler.step() for _ in range(4)] == [4 + 1, 4, 4, 0]
        assert asked.count(quiet.store_id) == 1
        assert quiet.store_id in asked[:2]


def test_jobs_are_due_by_the_clock_and_when_it_is_moved():
    ran = []
    jobs = [
        Job(name="often", every=timedelta(seconds=5), run=lambda: ran.append("often")),
        Job(name="daily", every=timedelta(days=1), run=lambda: ran.append("daily")),
    ]
    with set_clock() as standing:
        timetable = Timetable(jobs)
        counts = []
        for moved in (0, 4, 1, 86_395, -3600, 0):
            standing.move(timedelta(seconds=moved))
            counts.append(timetable.run_due())
    assert counts == [2, 0, 1, 2, 2, 0]


def test_a_job_that_fails_does_not_stop_the_next():
    ran = []

    def cursed():
        raise ZeroDivisionError

    every = timedelta(seconds=5)
    jobs = [Job(name="cursed", every=every, run=cursed)]
    jobs.append(Job(name="fine", every=every, run=lambda: ran.append(1)))
    assert Timetable(jobs).run_due() == 1
    assert ran == [1]


@pytest.mark.django_db
def test_every_job_bears_being_run_twice():
    with set_clock():
        World()
        for job in (*JOBS, *JOBS):
            job.run()
    assert len({job.name for job in JOBS}) == len(JOBS)


@pytest.mark.django_db
def test_on_sqlite_the_serving_process_leads():
    assert working._led(lambda: 7)() == 7


@pytest.mark.postgresql_only("on SQLite there is one process and it leads")
@pytest.mark.django_db(transaction=True)
def test_of_several_workers_one_runs_the_periodic_jobs():
    led = working._led(lambda: 1)
    assert led() == 1
    assert led() == 1
    elsewhere = []

    def other_process():
        elsewhere.append(led())
        connections.close_all()

    thread = threading.Thread(target=other_process)
    thread.start()
    thread.join()
    assert elsewhere == [0]
    connection.close()
    thread = threading.Thread(target=other_process)
    thread.start()
    thread.join()
    assert elsewhere == [0, 1], "the next one leads when the leader is gone"


@pytest.mark.database
def test_the_worker_as_a_process(program_environment):
    """On PostgreSQL it works until it is told to stop; on SQLite it says who does the work."""
    run = [sys.executable, "-m", "wordmouth.project.work"]
    postgresql = program_environment["DATABASE_URL"].startswith("postgresql")
    if not postgresql:
        done = subprocess.run(
            run,
            env=program_environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 2
        assert "needs PostgreSQL" in done.stderr
        return
    with subprocess.Popen(
        run, env=program_environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "worker.started" in line:
                break
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
