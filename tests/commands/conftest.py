"""Programs that tests start: the command itself, with a database and a folder of its own."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

WORDMOUTH = Path(sys.executable).with_name("wordmouth")
POSITION = "SELECT sum(position) FROM orders_importrun"
LOOK = Path(__file__).with_name("look.py")


class Programs:
    """Starts programs in one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """The command, running."""
        return subprocess.Popen(
            [WORDMOUTH, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words: str, status: int = 0) -> str:
        """What the command prints (on both outputs where it says nothing); it must end with
        `status`."""
        program = self.start(*words)
        said, complained = program.communicate(timeout=240)
        assert program.returncode == status, f"{said}\n{complained}"
        return said or complained

    def facts(self, *words: str) -> Any:
        """What the command prints with --json."""
        return json.loads(self(*words, "--json"))

    def look(self, slug: str = "cdnow") -> Any:
        """The orders of a store, as a count and a digest."""
        command = [sys.executable, str(LOOK), slug]
        return json.loads(subprocess.check_output(command, env=self.environment, text=True))

    def position(self) -> int:
        """How many rows all imports have taken, asked of the database itself: quick."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite:"):
            path = url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                (found,) = database.execute(POSITION).fetchone()
        else:
            with psycopg.connect(url) as server:
                (found,) = server.execute(POSITION).fetchone() or (0,)
        return int(found or 0)

    def measured(self, *words: str) -> tuple[float, int]:
        """Run the command to its good end; its CPU seconds and its largest size in kB."""
        command = [sys.executable, "-c", MEASURE, str(WORDMOUTH), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        seconds, size = done.stderr.split()[-2:]
        return float(seconds), int(size)


MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""A small process between: a child is counted as large as the process that started it."""


@pytest.fixture
def programs(program_environment: dict[str, str]) -> Programs:
    """The command with an empty database."""
    return Programs(program_environment)


@pytest.fixture
def make_programs(program_environment: dict[str, str]) -> Callable[[dict[str, str]], Programs]:
    """The command with other settings beside."""
    return lambda more: Programs({**program_environment, **more})
