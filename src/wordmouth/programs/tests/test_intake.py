"""Who may come in: the budget closes a programme and opens it again, the kill switch holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from wordmouth.kit import clock, events
from wordmouth.kit.events import Event
from wordmouth.programs import queries, services
from wordmouth.programs.errors import ProgramNotFound, StopReasonMissing
from wordmouth.programs.events import BudgetWarned, IntakeChanged
from wordmouth.programs.facts import ProgramFacts
from wordmouth.programs.history import histories
from wordmouth.programs.states import budget_level
from wordmouth.programs.tests.samples import give_10
from wordmouth.stores.services import create_store
from wordmouth.stores.transactions import store_read, store_write

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
SLUG = "give-10-get-10"


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as still:
        assert isinstance(still, clock.SetClock)
        yield still


@pytest.fixture
def store(db: None) -> str:
    store_id = create_store("Tea House").store.id
    with store_write(store_id):
        services.apply_document(give_10(), by="ana")
    return store_id


@pytest.fixture
def told(store: str, monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """The events of intake that reach the reactions."""
    heard: list[Event] = []
    table = {IntakeChanged: [heard.extend], BudgetWarned: [heard.extend]}
    monkeypatch.setattr(events, "_table", table)
    return heard


def now(store_id: str) -> ProgramFacts:
    with store_read(store_id):
        return queries.program(SLUG)


def note(store_id: str, used: int, amount: int = 1000) -> None:
    with store_write(store_id):
        services.note_budget(now(store_id).id, used, amount)


def stop(store_id: str, reason: str) -> ProgramFacts:
    with store_write(store_id):
        return services.stop(SLUG, reason, by="ana")


def resume(store_id: str) -> ProgramFacts:
    with store_write(store_id):
        return services.resume(SLUG, by="bo")


@pytest.mark.parametrize(
    ("used", "amount", "level"),
    [
        (0, 1000, ""),
        (799, 1000, ""),
        (800, 1000, "warned"),
        (999, 1000, "warned"),
        (1000, 1000, "full"),
        (1700, 1000, "full"),
        (1, 1, "full"),
        (0, 0, ""),
        (500, 0, ""),
    ],
)
def test_how_much_of_a_budget_is_used(used: int, amount: int, level: str) -> None:
    assert budget_level(used, amount) == level


def test_a_budget_warns_closes_and_opens_again(store: str, told: list[Event]) -> None:
    program = now(store)
    assert (program.intake, program.takes_friends, program.standing) == ("open", True, "live")
    note(store, 500)
    assert told == []
    note(store, 800)
    note(store, 900)
    warned = BudgetWarned(store_id=store, program_id=program.id, used=800, amount=1000)
    assert told == [warned]
    assert (now(store).budget_level, now(store).takes_friends) == ("warned", True)
    note(store, 1000)
    note(store, 1200)
    closed = IntakeChanged(store_id=store, program_id=program.id, intake="full", before="open")
    assert told == [warned, closed]
    full = now(store)
    assert (full.status, full.intake, full.standing) == ("live", "full", "full")
    assert not full.takes_friends
    note(store, 900)
    opened = IntakeChanged(store_id=store, program_id=program.id, intake="open", before="full")
    assert told == [warned, closed, opened]
    note(store, 0)
    note(store, 1000)
    assert closed in told[3:]
    assert [one.used for one in told[3:] if isinstance(one, BudgetWarned)] == [1000]


def test_without_a_budget_it_opens(store: str) -> None:
    note(store, 1000)
    note(store, 0, 0)
    assert (now(store).intake, now(store).budget_level) == ("open", "")


def test_intake_is_closed_and_opened_by_hand_of_other_rooms(store: str, told: list[Event]) -> None:
    program = now(store)
    for _ in range(2):
        with store_write(store):
            services.close_intake(program.id, "full")
    assert now(store).intake == "full"
    for _ in range(2):
        with store_write(store):
            services.open_intake(program.id)
    assert now(store).intake == "open"
    assert len(told) == 2


def test_the_kill_switch(store: str, told: list[Event]) -> None:
    stopped = stop(store, "  the code\n is on a  coupon site ")
    assert (stopped.status, stopped.intake, stopped.standing) == ("live", "stopped", "stopped")
    assert stopped.stop_reason == "the code is on a coupon site"
    assert not stopped.takes_friends
    with store_read(store):
        assert queries.open_program() is None
        assert queries.live_program() == stopped
    assert resume(store) == now(store)
    assert (now(store).intake, now(store).stop_reason) == ("open", "")
    assert resume(store).takes_friends
    assert [(one.before, one.intake) for one in told if isinstance(one, IntakeChanged)] == [
        ("open", "stopped"),
        ("stopped", "open"),
    ]


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_stop_needs_a_reason(store: str, reason: str) -> None:
    with pytest.raises(StopReasonMissing, match="people will ask"):
        stop(store, reason)
    assert now(store).takes_friends


def test_a_programme_that_is_not_there(store: str) -> None:
    with store_write(store):
        with pytest.raises(ProgramNotFound):
            services.stop("x", "why", by="ana")
        with pytest.raises(ProgramNotFound):
            services.resume("x", by="ana")


def test_a_budget_does_not_open_what_was_stopped(store: str) -> None:
    stop(store, "why")
    note(store, 1000)
    note(store, 0)
    assert now(store).intake == "stopped"
    note(store, 1000)
    assert resume(store).intake == "full"
    note(store, 0)
    assert now(store).intake == "open"


def test_a_full_programme_can_be_stopped(store: str) -> None:
    note(store, 1000)
    stop(store, "why")
    note(store, 0)
    assert resume(store).intake == "open"


def test_the_past_is_known(store: str, still_clock: clock.SetClock) -> None:
    program_id = now(store).id
    still_clock.move(timedelta(days=1))
    note(store, 1000)
    still_clock.move(timedelta(days=1))
    stop(store, "one")
    stop(store, "another")
    still_clock.move(timedelta(days=1))
    resume(store)
    still_clock.move(timedelta(days=1))
    note(store, 0)
    with store_read(store):
        past = histories([program_id])[program_id]
        moves = queries.moves(SLUG)
        assert queries.last_move(SLUG) == moves[-1]
    days = [START + timedelta(days=number) for number in range(5)]
    assert [past.status_at(day) for day in days] == ["live", "full", "stopped", "full", "live"]
    assert [(move.status, move.by, move.reason) for move in moves] == [
        ("live", "ana", ""),
        ("full", "budget", ""),
        ("stopped", "ana", "one"),
        ("stopped", "ana", "another"),
        ("full", "bo", ""),
        ("live", "budget", ""),
    ]


def test_a_stop_outlasts_a_pause(store: str) -> None:
    stop(store, "why")
    for status in ("paused", "live"):
        with store_write(store):
            services.set_status(SLUG, status, by="ana")
        assert now(store).intake == "stopped"
        assert not now(store).takes_friends
    with store_read(store):
        assert [move.status for move in queries.moves(SLUG)] == [
            *("live", "stopped", "paused", "stopped")
        ]


def test_the_newest_open_programme_takes_the_friends(
    store: str, still_clock: clock.SetClock
) -> None:
    still_clock.move(timedelta(days=1))
    with store_write(store):
        services.apply_document(give_10((f'"{SLUG}"', '"newer"')), by="ana")
        assert queries.open_program() == queries.program("newer")
        services.stop("newer", "why", by="ana")
        assert queries.open_program() == queries.program(SLUG)
        assert queries.live_program() == queries.program("newer")
