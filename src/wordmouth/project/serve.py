"""`wordmouth serve`: migrate, check, and serve web and worker in one process group."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from wordmouth.project import environment, garbage, logs, sqlite

if TYPE_CHECKING:
    from wordmouth.project.asgi import Application, Background

_MOST_WORKERS = 64
_STOP_SECONDS = 30
_CONNECTIONS = 1024
"""Of one process, each with one request at a time. More wait to be accepted, as many again; after
that the operating system lets nobody in. Without a bound of its own the server would divide its
backlog by the number of processes."""
_LARGEST_HEAD = 64 * 1024
_PR_SET_PDEATHSIG = 1


def run(
    host: str,
    port: int,
    *,
    worker: bool = True,
    companion: Callable[[], Background] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT; what is under way is finished and committed first.

    `worker`: also settle deliveries and carry out effects here. `companion` makes, inside a
    serving process, something else that runs beside the requests. Ends with SystemExit and words
    when the database cannot be used.
    """
    prepare()
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        "wordmouth",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=processes(),
        # Its own default would be any other loop that happens to be installed.
        loop=Loops.uvloop if find_spec("uvloop") else Loops.asyncio,
        websockets=False,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=_LARGEST_HEAD),
        backlog=_CONNECTIONS,
        backpressure=_CONNECTIONS,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_SECONDS,
    )
    loader = partial(load, worker, os.getpid(), companion)
    server.serve(target_loader=loader, wrap_loader=False)


def prepare() -> None:
    """Load Django, migrate the database and check that it keeps what it confirms.

    No connection stays open: the serving processes are made from this one.
    """
    logs.configure()
    sqlite.prefer_newest()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wordmouth.project.settings")
    import django

    django.setup()
    from django.db import DatabaseError, connections

    from wordmouth.kit.group_commit import Unavailable
    from wordmouth.project.durable import durable_database
    from wordmouth.project.upgrade import migrate

    try:
        migrate()
        connections.close_all()
        database = durable_database()
        database.open()
        database.close()
    except (DatabaseError, Unavailable) as error:
        raise SystemExit(f"The database cannot be used: {error}") from error
    finally:
        connections.close_all()
    garbage.collect_seldom()


def processes() -> int:
    """How many processes serve: one on SQLite, which has one writer; else WORDMOUTH_WORKERS."""
    from django.db import connection

    wanted = environment.number("WORDMOUTH_WORKERS", 1, 1, _MOST_WORKERS)
    if wanted > 1 and connection.vendor == "sqlite":
        raise environment.BadSetting(
            f"WORDMOUTH_WORKERS is {wanted}; SQLite has one writer and takes 1. "
            "Use PostgreSQL (DATABASE_URL) for more."
        )
    return wanted


def load(
    worker: bool, parent: int, companion: Callable[[], Background] | None = None
) -> Application:
    """The application, inside a serving process; it ends when its parent does, however."""
    # The parent's handlers came along with the fork and would swallow a signal to end that
    # arrives before the server has set its own.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            raise SystemExit("the process that started this one has ended")
    logs.configure()
    from wordmouth.project.asgi import build

    return build(worker=worker, companion=companion() if companion else None)
