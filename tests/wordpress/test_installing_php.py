"""PHP is installed where it is missing and that is possible; else it is said what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.floor_plan.plan import ROOT

SCRIPT = ROOT / "scripts" / "install-php"
WANTED = "install -y -qq --no-install-recommends php-cli php-curl php-sqlite3"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine on which nothing is installed but the shell and what every system has."""
    for name in ("env", "true"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    has(tmp_path, "id", "echo 0")
    return tmp_path


def has(machine: Path, name: str, does: str) -> None:
    """The machine has a program that does this."""
    program = machine / name
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)


def install(machine: Path) -> tuple[str, str]:
    """What the script said, as news and as a warning. It never fails."""
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(machine)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr


def asked(machine: Path) -> list[str]:
    """What was asked of the package manager."""
    log = machine / "asked"
    return log.read_text().splitlines() if log.exists() else []


def debian(machine: Path, *, status: int = 0) -> None:
    """The machine has Debian's package manager; how it ends."""
    has(machine, "apt-get", f'echo "$*" >>"{machine}/asked"; exit {status}')


def test_php_that_is_there_is_left_alone(machine: Path) -> None:
    debian(machine)
    has(machine, "php", "exit 0")
    assert install(machine) == ("", "")
    assert asked(machine) == []


@pytest.mark.parametrize("php", ["", "exit 1"], ids=["no php", "php without its parts"])
def test_root_installs_it(machine: Path, php: str) -> None:
    debian(machine)
    if php:
        has(machine, "php", php)
    said, warned = install(machine)
    assert "Installing PHP" in said
    assert warned == ""
    assert asked(machine) == ["update -qq", WANTED]


def test_whoever_may_become_root_installs_it(machine: Path) -> None:
    debian(machine)
    has(machine, "id", "echo 1000")
    has(machine, "sudo", 'shift; exec "$@"')
    install(machine)
    assert asked(machine) == ["update -qq", WANTED]


@pytest.mark.parametrize("lacking", ["root", "packages", "network"])
def test_where_it_cannot_be_installed_it_is_said_how(machine: Path, lacking: str) -> None:
    if lacking != "packages":
        debian(machine, status=100)
    if lacking == "root":
        has(machine, "id", "echo 1000")
    _, warned = install(machine)
    assert "will be skipped" in warned
    assert "sudo apt-get install php-cli php-curl php-sqlite3" in warned
    assert len(asked(machine)) == (2 if lacking == "network" else 0)
