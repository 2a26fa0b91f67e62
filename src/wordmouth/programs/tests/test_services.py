"""Programmes in the database: versions, freezing, moves, walls between stores."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from django.db import connection
from django_scopes import scope

from wordmouth.kit import clock, events
from wordmouth.programs import queries
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.errors import (
    ProgramEnded,
    ProgramInvalid,
    ProgramNotFound,
    StatusNotAllowed,
)
from wordmouth.programs.events import ProgramChanged
from wordmouth.programs.facts import Applied
from wordmouth.programs.history import histories
from wordmouth.programs.services import apply_document, set_status
from wordmouth.programs.tests.samples import give_10
from wordmouth.stores.services import create_store
from wordmouth.stores.transactions import store_read, store_write

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
DRAFT = ('"live"', '"draft"')
PAUSED = ('"live"', '"paused"')
ENDED = ('"live"', '"ended"')
LONGER = ("days = 14", "days = 30")


@pytest.fixture
def store(db: None) -> str:
    return create_store("Tea House").store.id


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as still:
        assert isinstance(still, clock.SetClock)
        yield still


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[ProgramChanged]:
    """The events that reach the reactions."""
    heard: list[ProgramChanged] = []
    monkeypatch.setattr(events, "_table", {ProgramChanged: [heard.extend]})
    return heard


def applied(store_id: str, *replacements: tuple[str, str]) -> Applied:
    with store_write(store_id):
        return apply_document(give_10(*replacements), by="test")


def test_a_live_document_makes_a_frozen_first_version(
    store: str, told: list[ProgramChanged]
) -> None:
    result = applied(store)
    with store_read(store):
        program = queries.program("give-10-get-10")
    assert result == Applied(
        program_id=program.id,
        version_id=program.version.id,
        number=1,
        changed=True,
        new_version=True,
    )
    assert program.id.startswith("prg_")
    assert (program.status, program.name) == ("live", "Give 10, get 10")
    assert program.version.frozen_at == program.version.created_at == START
    assert program.version.document == give_10()
    assert told == [
        ProgramChanged(
            store_id=store,
            program_id=program.id,
            version_id=program.version.id,
            status="live",
            status_before=None,
            new_version=True,
            by="test",
        )
    ]


def test_the_same_document_again_changes_nothing(store: str, told: list[ProgramChanged]) -> None:
    first, again = applied(store), applied(store)
    assert again == msgspec.structs.replace(first, changed=False, new_version=False)
    assert len(told) == 1


def test_offers_in_another_order_are_the_same_document(
    store: str, told: list[ProgramChanged]
) -> None:
    second = '[[offers]]\nkey = "half"\nfriend = {kind = "free_shipping"}\n[limits]\n'
    applied(store, ("[limits]\n", second))
    document = give_10(("[limits]\n", second))
    turned = msgspec.structs.replace(document, offers=document.offers[::-1])
    with store_write(store):
        assert apply_document(turned, by="test").changed is False
    assert len(told) == 1


def test_new_terms_of_a_live_programme_make_a_version_beside_the_frozen_one(
    store: str, still_clock: clock.SetClock
) -> None:
    first = applied(store)
    still_clock.move(timedelta(days=1))
    second = applied(store, LONGER)
    assert (second.number, second.new_version) == (2, True)
    with store_read(store):
        versions = queries.versions([first.version_id, second.version_id, "prv_none"])
        assert [v.number for v in queries.all_versions("give-10-get-10")] == [1, 2]
        assert queries.get_document("give-10-get-10") == give_10(LONGER)
    assert versions[first.version_id].document == give_10()
    assert versions[first.version_id].frozen_at == START
    assert versions[second.version_id].document == give_10(LONGER)
    assert versions[second.version_id].frozen_at == START + timedelta(days=1)
    assert set(versions) == {first.version_id, second.version_id}


def test_a_draft_is_replaced_and_frozen_when_it_goes_live(store: str) -> None:
    draft = applied(store, DRAFT)
    other = applied(store, DRAFT, LONGER)
    assert (other.version_id, other.number, other.new_version) == (draft.version_id, 1, True)
    with store_read(store):
        assert queries.version(draft.version_id).frozen_at is None
    live = applied(store, LONGER)
    assert (live.version_id, live.new_version) == (draft.version_id, False)
    with store_read(store):
        assert queries.version(draft.version_id).frozen_at == START
        assert queries.version(draft.version_id).document == give_10(LONGER)


def test_terms_changed_in_a_pause_are_not_frozen_until_live(store: str) -> None:
    applied(store)
    paused = applied(store, PAUSED, LONGER)
    again = applied(store, PAUSED, ("days = 14", "days = 7"))
    assert (paused.number, again.version_id) == (2, paused.version_id)
    with store_read(store):
        assert queries.version(again.version_id).frozen_at is None
    assert applied(store, ("days = 14", "days = 7")).version_id == paused.version_id
    with store_read(store):
        assert queries.version(again.version_id).frozen_at == START
        assert queries.all_versions("give-10-get-10")[0].document == give_10()


def test_name_and_status_change_without_a_version(store: str, told: list[ProgramChanged]) -> None:
    first = applied(store)
    renamed = applied(store, ('"Give 10, get 10"', '"Tea for two"'))
    assert (renamed.version_id, renamed.changed, renamed.new_version) == (
        first.version_id,
        True,
        False,
    )
    with store_write(store):
        set_status("give-10-get-10", "paused", by="test")
    with store_read(store):
        document = queries.version(first.version_id).document
    assert (document.name, document.status) == ("Tea for two", "paused")
    assert [(event.status_before, event.status) for event in told] == [
        (None, "live"),
        ("live", "live"),
        ("live", "paused"),
    ]


def test_the_past_is_known(store: str, still_clock: clock.SetClock) -> None:
    first = applied(store, DRAFT)
    still_clock.move(timedelta(days=1))
    applied(store)
    still_clock.move(timedelta(days=1))
    second = applied(store, LONGER)
    still_clock.move(timedelta(days=1))
    applied(store, PAUSED, LONGER)
    with store_read(store):
        past = histories([first.program_id])[first.program_id]
    days = [START + timedelta(days=number) for number in range(-1, 4)]
    assert [past.status_at(day) for day in days] == [None, "draft", "live", "live", "paused"]
    versions = [past.version_at(day) for day in days]
    assert versions == [None, first.version_id, first.version_id] + [second.version_id] * 2
    assert len(past.statuses) == 3


def test_a_move_that_is_not_allowed_leaves_everything(
    store: str, told: list[ProgramChanged]
) -> None:
    applied(store)
    with pytest.raises(StatusNotAllowed):
        applied(store, DRAFT, LONGER)
    applied(store, ENDED)
    with pytest.raises(ProgramEnded):
        applied(store, ENDED, LONGER)
    with pytest.raises(StatusNotAllowed):
        applied(store)
    with store_read(store):
        assert queries.get_document("give-10-get-10") == give_10(ENDED)
        assert len(queries.all_versions("give-10-get-10")) == 1
    assert len(told) == 2


def test_an_invalid_struct_is_refused(store: str) -> None:
    bad = msgspec.structs.replace(give_10(), offers=())
    with pytest.raises(ProgramInvalid), store_write(store):
        apply_document(bad, by="test")
    with store_read(store):
        assert queries.list_programs() == []


def test_the_live_programme_is_the_newest_live_one(store: str, still_clock: clock.SetClock) -> None:
    with store_read(store):
        assert queries.live_program() is None
        assert queries.open_program() is None
    for slug in ("one", "two", "three"):
        still_clock.move(timedelta(days=1))
        status = DRAFT if slug == "three" else ("days = 14", "days = 14")
        applied(store, ('"give-10-get-10"', f'"{slug}"'), status)
    with store_read(store):
        live = queries.live_program()
        assert live is not None
        assert live.slug == "two"
        assert queries.open_program() == live
        assert [program.slug for program in queries.list_programs()] == ["three", "two", "one"]
        assert queries.programs([live.id, "prg_none"]) == {live.id: live}


def test_a_plan_says_what_apply_then_does(store: str) -> None:
    def plan(*replacements: tuple[str, str]) -> str:
        with store_read(store):
            return queries.plan(give_10(*replacements)).consequence

    assert plan() == "The programme is made, with version 1."
    applied(store)
    assert plan() == "Nothing changes."
    assert plan(LONGER).startswith("Version 2 is made")
    assert plan(PAUSED) == "The terms stay as they are: version 1 goes on."
    with pytest.raises(StatusNotAllowed):
        plan(DRAFT)
    with store_read(store):
        (change,) = queries.plan(give_10(LONGER)).changes
        assert change.sentence == "hold.days: 14 becomes 30"
        assert queries.get_document("give-10-get-10") == give_10()


def test_what_is_not_there_is_said_with_what_is(store: str) -> None:
    with store_read(store), pytest.raises(ProgramNotFound, match="this store has none yet"):
        queries.program("x")
    applied(store)
    with store_read(store):
        with pytest.raises(ProgramNotFound, match="'x'; this store has give-10-get-10"):
            queries.program("x")
        with pytest.raises(ProgramNotFound, match="prv_none"):
            queries.version("prv_none")
        assert queries.find_program("x") is None


def test_stores_do_not_see_each_other(store: str) -> None:
    other = create_store("Coffee House").store.id
    mine = applied(store)
    with store_read(other):
        assert queries.list_programs() == []
        assert queries.live_program() is None
        assert queries.versions([mine.version_id]) == {}
        assert queries.programs([mine.program_id]) == {}
    theirs = applied(other)
    assert theirs.program_id != mine.program_id
    with scope(store=store):
        assert [program.id for program in queries.list_programs()] == [mine.program_id]


@pytest.mark.django_db(transaction=True)
def test_the_same_document_from_many_at_once_makes_one_version() -> None:
    store_id = create_store("Tea House").store.id
    results: list[Applied] = []

    def work(document: ProgramDocument) -> None:
        try:
            with store_write(store_id):
                results.append(apply_document(document, by="test"))
        finally:
            connection.close()

    run_together([lambda: work(give_10())] * 6)
    assert sorted(result.changed for result in results) == [False] * 5 + [True]
    assert len({result.version_id for result in results}) == 1


def run_together(jobs: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
