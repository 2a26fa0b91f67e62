"""The newest SQLite there is: the wheel's where the system's is older.

SQLite before 3.51.3 can damage a write-ahead log when two connections checkpoint at once. The
wheel `pysqlite3` brings its own, newer SQLite; where that is so it takes the place of `sqlite3`
in the whole process, before Django or anybody else opens a database.
"""

from __future__ import annotations

import importlib
import sqlite3
import sys


def prefer_newest() -> None:
    """Swap in the wheel's SQLite when it is newer. Call before Django is loaded; once is enough."""
    try:
        wheel = importlib.import_module("pysqlite3")
    except ImportError:
        return
    if wheel.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = wheel
        sys.modules["sqlite3.dbapi2"] = importlib.import_module("pysqlite3.dbapi2")


def version() -> str:
    """The version of SQLite that this process uses, such as `3.53.4`."""
    return str(sys.modules["sqlite3"].sqlite_version)
