"""The README: its commands exist, its list of rooms is whole, its example works as it stands."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.floor_plan.plan import ROOT
from tests.harness.patience import PATIENCE
from tests.harness.server import Server

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    """The code blocks of that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_its_targets_are_in_the_makefile() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", "\n".join([*blocks("sh"), README])))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test"} <= named
    assert named - targets - {"it"} == set()


def test_it_lists_every_room_once() -> None:
    table = README.partition("## Where things are")[2].partition("\n\n`src/wordmouth_demo/`")[0]
    listed = [name for row in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE)
              for name in re.findall(r"`(\w+)`", row)]  # fmt: skip
    rooms = [path.parent.name for path in (ROOT / "src" / "wordmouth").glob("*/__init__.py")]
    assert sorted(listed) == sorted(rooms)


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text()
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "shops").glob("*.md")]
    missing = [
        path.name
        for path in pages
        if path.name != "index.md" and f"({path.relative_to(ROOT / 'docs')})" not in index
    ]
    assert missing == []


def test_its_pictures_are_small() -> None:
    for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README):
        assert (ROOT / name).stat().st_size < 300_000, name


@pytest.mark.database
@pytest.mark.timeout(1200)
def test_a_shop_connects_as_it_says(program_environment: dict[str, str], tmp_path: Path) -> None:
    create, serve = (shlex.split(line) for line in blocks("sh")[1].splitlines())
    made = json.loads(run(create, program_environment))
    server = Server([*program(serve), "--port"], program_environment, tmp_path / "log")
    server.start()
    try:
        (example,) = blocks("python")
        names: dict[str, Any] = {}
        exec(compile(example, "README.md", "exec"), names)
        site = f"http://127.0.0.1:{server.port}"
        store, secret = made["store"]["id"], made["webhook_secret"]
        assert names["tell"](names["order"], store, secret, site) == 202
        assert told(server, made["api_key"], "1001")["totals"]["grand"] == 5400
    finally:
        server.kill()


def program(command: list[str]) -> list[str]:
    """The command, by the environment that runs this test."""
    name = Path(command[0]).name
    return [str(Path(sys.executable).with_name(name)), *command[1:]]


def run(command: list[str], environment: dict[str, str]) -> str:
    """What the command prints."""
    ended = subprocess.run(
        program(command), env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def told(server: Server, key: str, order: str) -> dict[str, Any]:
    """The order by the API, once the engine has settled its delivery."""
    deadline = time.monotonic() + PATIENCE
    while True:
        status, _headers, body = server.get(
            f"/api/v1/orders/{order}", Authorization=f"Bearer {key}"
        )
        if status == 200:
            return dict(json.loads(body))
        assert status == 404, body
        assert time.monotonic() < deadline, "the order did not become known"
        time.sleep(0.05)
