"""The demo, running in a process group and a folder of its own, and people who visit it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.patience import until
from tests.harness.server import Server, python
from tests.journey.people import BROWSER, Person

LAUNCH = Path(__file__).with_name("launch.py")
COMMAND = Path(python("")[0]).with_name("wordmouth")


class Demo:
    """A running demo; `site` is its address."""

    def __init__(self, server: Server, environment: dict[str, str], log: Path) -> None:
        self._server, self._environment, self._log = server, environment, log
        self.site = f"http://127.0.0.1:{server.port}"

    def wait(self) -> None:
        """Until it says where to click: then the shop's past is known to the engine."""
        until(lambda: "Wordmouth is ready" in self.said(), self.said)
        assert "could not be told" not in self.said(), self.said()

    def desk_login(self) -> tuple[str, str]:
        """Name and password of the merchant, as told on the terminal."""
        found = re.search(r"user (\w+), password (\w+)", self.said())
        assert found, self.said()
        return found[1], found[2]

    def proves_itself(self, by: str) -> bool:
        """Whether `wordmouth verify` or `wordmouth replay` finds nothing amiss in it."""
        command = [str(COMMAND), by, "--store", "kohvik"]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True)
        return done.returncode == 0 and "all is as it must be" in done.stdout

    def said(self) -> str:
        """What it wrote on the terminal, whole."""
        return self._log.read_text(errors="replace")


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[Demo]:
    """The demo that `command` starts, until the block ends."""
    server = Server(command, environment, log)
    server.start()
    try:
        demo = Demo(server, environment, log)
        demo.wait()
        yield demo
    finally:
        server.kill()


@pytest.fixture
def demo(program_environment: dict[str, str], tmp_path: Path) -> Iterator[Demo]:
    """`wordmouth demo`, as a person starts it."""
    with running([str(COMMAND), "demo", "--port"], program_environment, tmp_path / "log") as made:
        yield made


@pytest.fixture
def forgetful_demo(program_environment: dict[str, str], tmp_path: Path) -> Iterator[Demo]:
    """The demo with a bug: fulfilment does not hear of rewards."""
    told = program_environment | {"WORDMOUTH_TEST_FORGET": "RewardChanged"}
    with running(python(LAUNCH), told, tmp_path / "log") as made:
        yield made


@pytest.fixture
def visitor(new_profile: Any) -> Callable[..., Person]:
    """A function that lets somebody come to a demo with a browser profile of their own."""

    def come(
        demo: Demo, email: str, first: str, last: str, who: type[Person] = Person, **profile: Any
    ) -> Person:
        page = new_profile(user_agent=BROWSER, **profile).new_page()
        return who(page, demo.site, email, first, last)

    return come
