"""The one way to write: one store, one transaction, its events handled before it commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connection, transaction
from django_scopes import scope

from wordmouth.kit import events
from wordmouth.kit.gate import FairGate
from wordmouth.stores.memory import remembering

WRITE_GATE = FairGate()
"""SQLite has one writer. Threads of this process queue here, first come, first served, instead of
polling the file's lock; other processes wait for the file's lock itself."""


def write_gate() -> AbstractContextManager[object]:
    """The queue of this process's writers on SQLite; nothing on PostgreSQL."""
    return WRITE_GATE if connection.vendor == "sqlite" else nullcontext()


@contextmanager
def store_write(store_id: str) -> Iterator[None]:
    """Write in one store: all of it or nothing, alone in that store, scoped to it.

    Events emitted inside are handed to the reactions before the commit, so what follows from a
    fact is stored with the fact. No network, no waiting inside.
    """
    with write_gate(), transaction.atomic(), scope(store=store_id):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [store_id])
        with remembering(), events.collecting():
            yield


@contextmanager
def store_read(store_id: str) -> Iterator[None]:
    """Read in one store."""
    with scope(store=store_id):
        yield
