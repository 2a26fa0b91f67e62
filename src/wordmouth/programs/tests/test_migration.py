"""Programmes of an older version come through the migrations, and back."""

from __future__ import annotations

import pytest
from django_scopes import scopes_disabled

from tests.harness.migrations import Migrate
from wordmouth.kit import clock
from wordmouth.programs import queries, services
from wordmouth.programs.tests.samples import give_10
from wordmouth.stores.services import create_store
from wordmouth.stores.transactions import store_read, store_write

BEFORE = [("programs", "0001_initial")]


@pytest.fixture
def store(migrate: Migrate):
    store_id = create_store("Tea House").store.id
    with store_write(store_id):
        services.apply_document(give_10(), by="test")
        services.stop("give-10-get-10", "why", by="test")
    return store_id


def test_back_and_forth(store: str, migrate: Migrate) -> None:
    with store_read(store):
        before = queries.program("give-10-get-10")
    old = migrate(BEFORE)
    with scopes_disabled():
        row = old.get_model("programs", "Program")._base_manager.get(id=before.id)
        old.get_model("programs", "StatusChange")(
            store_id=store, program_id=row.id, status="paused", at=clock.now()
        ).save()
    assert row.status == "live"
    migrate()
    with store_read(store):
        after = queries.program("give-10-get-10")
        moves = queries.moves("give-10-get-10")
    assert (after.intake, after.stop_reason, after.budget_level) == ("open", "", "")
    assert after.version == before.version
    assert [(move.status, move.by) for move in moves] == [
        ("live", ""),
        ("stopped", ""),
        ("paused", ""),
    ]
