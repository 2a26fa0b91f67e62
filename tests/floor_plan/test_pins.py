"""The pins: every dependency has one, each with its hashes, and none names where it came from."""

import re

import pytest

from tests.floor_plan.plan import ROOT, pyproject

_FILES = ["run.txt", "dev.txt", "uv.txt", "data.txt"]


def _normal(requirement: str) -> str:
    name = re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned(text: str) -> dict[str, str]:
    """Return each pinned package with its block of lines."""
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {_normal(block): block for block in blocks}


def complaints(text: str) -> list[str]:
    """Name what makes a file of pins unsafe or tied to one machine."""
    found = [
        f"{name} is not pinned by hash"
        for name, block in _pinned(text).items()
        if not re.match(r"[\w.-]+==\S+", block) or "--hash=sha256:" not in block
    ]
    if re.search(r"https?://|file:|--(extra-)?index-url|--find-links|(?<![\w.])/\w", text):
        found.append("it names an address or a folder of one machine")
    return found


@pytest.mark.parametrize("name", _FILES)
def test_pins_are_hashed_and_name_no_place(name: str) -> None:
    assert complaints((ROOT / "requirements" / name).read_text()) == []


def test_every_dependency_is_pinned() -> None:
    document: dict[str, object] = pyproject()
    project = {_normal(r) for r in document["project"]["dependencies"]}  # type: ignore[index]
    groups = document["dependency-groups"]
    development = {_normal(r) for group in groups.values() for r in group}  # type: ignore[attr-defined]
    run = _pinned((ROOT / "requirements" / "run.txt").read_text())
    dev = _pinned((ROOT / "requirements" / "dev.txt").read_text())
    assert project <= run.keys()
    assert project | development <= dev.keys()


def test_what_runs_is_what_was_tested() -> None:
    run = _pinned((ROOT / "requirements" / "run.txt").read_text())
    dev = _pinned((ROOT / "requirements" / "dev.txt").read_text())
    differing = [name for name in run if run[name].split(" ")[0] != dev.get(name, "").split(" ")[0]]
    assert differing == []


def test_a_bad_pin_is_caught() -> None:
    good = "click==8.1 \\\n    --hash=sha256:00\n    # via wordmouth (pyproject.toml)\n"
    assert complaints(good) == []
    assert complaints("click==8.1\n") == ["click is not pinned by hash"]
    assert complaints("click>=8.1 --hash=sha256:00\n") == ["click is not pinned by hash"]
    for line in ("--index-url https://example.org/simple\n", "--find-links ./wheels\n"):
        assert complaints(line + good) == ["it names an address or a folder of one machine"]
