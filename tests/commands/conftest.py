"""Programs that tests start: the command itself, with a database and a folder of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness.patience import START_SECONDS

WORDMOUTH = Path(sys.executable).with_name("wordmouth")
LOOK = Path(__file__).with_name("look.py")
KILLED = Path(__file__).with_name("killed.py")


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
        said, complained = program.communicate(timeout=START_SECONDS)
        assert program.returncode == status, f"{said}\n{complained}"
        return said or complained

    def facts(self, *words: str) -> Any:
        """What the command prints with --json."""
        return json.loads(self(*words, "--json"))

    def look(self, slug: str = "cdnow") -> Any:
        """The orders of a store, as a count and a digest."""
        command = [sys.executable, str(LOOK), slug]
        return json.loads(subprocess.check_output(command, env=self.environment, text=True))

    def killed(self, moment: str, row: int, *words: str) -> None:
        """The command dies at that moment of an import, as `killed.py` knows them."""
        command = [sys.executable, str(KILLED), moment, str(row), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == -signal.SIGKILL, done.stderr

    def largest_size(self, *words: str) -> int:
        """Run the command to its good end; the most memory that it held, in kB."""
        command = [sys.executable, "-c", MEASURE, str(WORDMOUTH), *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return int(done.stderr.split()[-1])


MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""
"""A small process between: a child is counted as large as the process that started it."""


@pytest.fixture
def first_programs(empty_environment: dict[str, str]) -> Programs:
    """The command with an empty database, as on the first day."""
    return Programs(empty_environment)


@pytest.fixture
def programs(program_environment: dict[str, str]) -> Programs:
    """The command with a database that has its tables and nothing in them."""
    return Programs(program_environment)


@pytest.fixture
def make_programs(program_environment: dict[str, str]) -> Callable[[dict[str, str]], Programs]:
    """The command with other settings beside."""
    return lambda more: Programs({**program_environment, **more})
