"""Bringing the database to this version before anything is served."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wordmouth.project.plans import tell_sizes

_LOCK = 0x776F72646D6F7574
_done = False


class DatabaseTooNew(SystemExit):
    """A newer version of this program has changed the database."""


def pending() -> list[str]:
    """The migrations still to be applied, such as `orders.0002`; asked once they are none."""
    global _done
    if _done:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _done = not plan
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    """Migrate an empty or older database; processes that start together take turns.

    Raises DatabaseTooNew instead of touching the database of a newer version.
    """
    with _alone():
        executor = MigrationExecutor(connection)
        loader = executor.loader
        unknown = sorted(
            f"{app}.{name}"
            for app, name in loader.applied_migrations
            if app in loader.migrated_apps
            and (app, name) not in loader.disk_migrations
            and not _was_replaced(loader, app, name)
        )
        if unknown:
            raise DatabaseTooNew(
                "The database was made by a newer Wordmouth (it has "
                f"{', '.join(unknown[:3])}); install that version or restore an older backup."
            )
        if executor.migration_plan(loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        tell_sizes()


def _was_replaced(loader: object, app: str, name: str) -> bool:
    replaced = getattr(loader, "replacements", {})
    return any((app, name) in migration.replaces for migration in replaced.values())


@contextmanager
def _alone() -> Iterator[None]:
    """No other process migrates this database meanwhile."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
        return
    path = Path(str(connection.settings_dict["NAME"]) + ".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
