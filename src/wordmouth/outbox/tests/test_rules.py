"""Pauses, states and circuits: pure."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import CheckConstraint, Q
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.outbox import rules, states
from wordmouth.outbox.circuits import Circuits
from wordmouth.outbox.models import Effect

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_the_pauses_grow_to_a_little_over_two_days():
    pauses = [rules.pause(attempt, None, 0.0) for attempt in range(1, 14)]
    known = [pause for pause in pauses if pause is not None]
    assert known[:5] == [
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=2),
        timedelta(minutes=10),
        timedelta(hours=1),
    ]
    assert pauses[len(rules.BACKOFF) :] == [None, None]
    assert timedelta(hours=48) < sum(known, timedelta()) < timedelta(hours=49)


@given(st.integers(1, 20), st.none() | st.floats(-10, 1e9), st.floats(0, 1))
def test_a_pause_is_bounded(attempts, retry_after, noise):
    pause = rules.pause(attempts, retry_after, noise)
    if pause is None:
        assert attempts > len(rules.BACKOFF)
        return
    step = rules.BACKOFF[attempts - 1]
    longest = max(step, rules.LONGEST_PAUSE) if retry_after is not None else step
    assert step <= pause <= longest * (1 + rules.JITTER)


def test_what_the_outside_asks_for_prolongs_but_never_shortens():
    assert rules.pause(1, 90, 0.0) == timedelta(seconds=90)
    assert rules.pause(5, 90, 0.0) == timedelta(hours=1)
    assert rules.pause(1, 10**9, 0.0) == rules.LONGEST_PAUSE


def test_every_state_is_in_the_table_and_in_the_database():
    (check,) = [c for c in Effect._meta.constraints if isinstance(c, CheckConstraint)]
    assert isinstance(check.condition, Q)
    ((_, allowed),) = check.condition.deconstruct()[1]
    assert set(states.MOVES) == set(allowed)
    assert {target for targets in states.MOVES.values() for target in targets} <= set(states.MOVES)


def test_what_is_done_stays_done_and_what_is_dead_can_be_revived():
    assert states.MOVES[states.DONE] == {states.WAITING}
    assert states.MOVES[states.DEAD] == {states.WAITING}
    assert set(states.sources(states.LEASED)) == set(states.OUTSTANDING)


KINDS = ["coupon.issue", "coupon.revoke", "mail.send"]


@pytest.fixture
def circuits():
    return Circuits(shared=["mail"])


def test_a_shop_that_failed_is_left_to_the_patient_one(circuits):
    circuits.failed("a", "coupon.issue", NOW)
    later = NOW + timedelta(seconds=6)
    both = {"coupon.issue", "coupon.revoke"}
    assert circuits.avoided("a", KINDS, NOW, patient=False) == both
    assert circuits.avoided("a", KINDS, NOW, patient=True) == both, "it rests"
    assert circuits.avoided("a", KINDS, later, patient=False) == both
    assert not circuits.avoided("a", KINDS, later, patient=True)
    assert not circuits.avoided("b", KINDS, NOW, patient=False), "the others are served"


def test_an_answer_heals_it(circuits):
    circuits.failed("a", "coupon.issue", NOW)
    circuits.answered("a", "coupon.revoke")
    assert not circuits.avoided("a", KINDS, NOW, patient=False)


def test_it_is_asked_ever_more_rarely_but_at_least_once_a_minute(circuits):
    rests = []
    for _ in range(20):
        circuits.failed("a", "coupon.issue", NOW)
        rests.append(
            next(
                seconds
                for seconds in range(1, 100)
                if not circuits.avoided("a", KINDS, NOW + timedelta(seconds=seconds), patient=True)
            )
        )
    assert rests[:5] == [5, 10, 20, 40, 60]
    assert rests[-1] == 60


def test_the_mail_server_is_everybodys(circuits):
    circuits.failed("a", "mail.send", NOW)
    assert circuits.avoided("b", KINDS, NOW, patient=False) == {"mail.send"}
