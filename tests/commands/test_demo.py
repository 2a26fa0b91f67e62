"""The demo in one command, and its clock."""

import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.harness.patience import PATIENCE, START_SECONDS, Watch
from wordmouth.programs.parse import parse_toml
from wordmouth.project import demo as demo_module
from wordmouth.project.demo import PROGRAM, READ_AGAIN_SECONDS, DemoClock, is_loopback

PLACES = ("/demo/", "/demo/shop/", "/demo/inbox/", "/demo/control/", "/s/kohvik", "/desk/login")


class Demo:
    """`wordmouth demo` while it runs."""

    def __init__(self, programs) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.site = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.program: subprocess.Popen[str] = programs.start(
            "demo", "--port", self.site.rpartition(":")[2]
        )
        self.said: list[str] = []
        self.ready = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self.said.append(line)
            if "Stop with Ctrl+C" in line:
                self.ready.set()

    def page(self, path: str) -> str:
        with urlopen(self.site + path, timeout=PATIENCE) as answer:
            assert answer.status == 200
            return str(answer.read().decode())

    def stop(self) -> None:
        self.program.send_signal(signal.SIGTERM)
        self.program.wait(PATIENCE)


@pytest.fixture
def demo(first_programs) -> Iterator[Demo]:
    started = Demo(first_programs)
    yield started
    if started.program.poll() is None:
        started.stop()


@pytest.mark.database
@pytest.mark.timeout(1200)
def test_one_command_starts_everything_and_stops_cleanly(demo, first_programs) -> None:
    assert demo.ready.wait(START_SECONDS), demo.said
    said = "".join(demo.said)
    for path in PLACES[:-1]:
        assert demo.site + path in said
    for path in PLACES:
        demo.page(path)
    password = said.partition("password ")[2].partition(")")[0]
    assert password in demo.page("/demo/")
    assert "mari.tamm@example.com" in demo.page("/demo/control/")
    first_programs.environment["WORDMOUTH_DEMO"] = "1"
    assert "all is as it must be" in first_programs("verify")
    assert "all is as it must be" in first_programs("replay")
    demo.stop()
    assert demo.program.returncode == 0
    again = Demo(first_programs)
    assert again.ready.wait(START_SECONDS), again.said
    assert f"password {password}" in "".join(again.said)
    again.stop()
    assert [store["slug"] for store in first_programs.facts("store", "list")] == ["kohvik"]


def test_the_clock_runs_ahead_in_every_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch()
    monkeypatch.setattr(demo_module, "time", watch)
    path = tmp_path / "demo-clock.json"
    here, there = DemoClock(path), DemoClock(path)
    before = datetime.now(UTC)
    assert before <= here.now() <= there.now() <= datetime.now(UTC)
    here.move(timedelta(days=14))
    here.move(timedelta(days=1))
    assert here.now() >= before + timedelta(days=15)
    watch.move(READ_AGAIN_SECONDS)
    assert here.now() <= there.now() <= here.now(), "both tell the same time"
    assert json.loads(path.read_text()) == {"ahead_seconds": 15 * 86400}
    assert os.listdir(tmp_path) == ["demo-clock.json"]
    path.unlink()
    assert there.now() >= before + timedelta(days=15), "it was looked at a moment ago"
    watch.move(READ_AGAIN_SECONDS)
    assert there.now() <= datetime.now(UTC)


def test_moves_at_once_all_count(tmp_path: Path) -> None:
    clock = DemoClock(tmp_path / "demo-clock.json")
    threads = [threading.Thread(target=clock.move, args=(timedelta(days=1),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() > datetime.now(UTC) + timedelta(days=19, hours=23)


def test_the_password_is_shown_only_on_this_machine() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert is_loopback("localhost")
    assert not is_loopback("0.0.0.0")
    assert not is_loopback("192.0.2.7")
    assert not is_loopback("shop.example")


def test_the_demo_s_programme_is_what_its_guide_says() -> None:
    document = parse_toml(PROGRAM)
    assert document.status == "live"
    assert document.eligibility.min_order == 2000
    guide = Path(__file__).parents[2] / "src/wordmouth_demo/templates/wordmouth_demo/guide.html"
    assert "€20 or more" in guide.read_text()
