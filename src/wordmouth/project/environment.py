"""Settings from the environment, in the words of docs/settings.md."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(SystemExit):
    """A setting cannot be used; the text says which and what is allowed."""


def text(name: str, default: str = "") -> str:
    """A setting, or the content of the file that `NAME_FILE` names."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: {error}") from error
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """A setting that is on (1, true, yes, on) or off (0, false, no, off)."""
    given = text(name).lower()
    if given in ("",):
        return default
    if given in ("1", "true", "yes", "on"):
        return True
    if given in ("0", "false", "no", "off"):
        return False
    raise BadSetting(f"{name} is {given!r}; allowed are 1, true, yes, on, 0, false, no, off")


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    given = text(name, str(default))
    if not given.isdigit() or not low <= int(given) <= high:
        raise BadSetting(f"{name} is {given!r}; it takes a whole number from {low} to {high}")
    return int(given)


def data_folder() -> Path:
    """Where the database, its secret and media live."""
    return Path(text("WORDMOUTH_DATA", "data")).absolute()


def secret(folder: Path) -> str:
    """The installation's secret: given, or made once and kept in the data folder."""
    given = text("WORDMOUTH_SECRET")
    if given:
        if len(given) < 32:
            raise BadSetting("WORDMOUTH_SECRET is too short; it takes at least 32 characters")
        return given
    path = folder / "secret"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
    return path.read_text().strip()


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's settings for `DATABASE_URL`: `sqlite:///FILE` or `postgresql://...`."""
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        return _sqlite(folder / "wordmouth.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        return _sqlite(Path(path) if path.startswith("/") else folder / path)
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise BadSetting(
        f"DATABASE_URL begins with {parts.scheme!r}; allowed are sqlite:///FILE and postgresql://"
    )


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000"
            ),
        },
        "TEST": {"NAME": str(path) + ".test"},
    }
