"""Imports point left: the contracts of pyproject.toml hold, and each of them bites."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.floor_plan.plan import ENGINE, ROOT, SHOPS, imported_names, levels, sources

_LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
_HEADER = '"""Planted."""\n'


def _lint(source: Path) -> subprocess.CompletedProcess[str]:
    """Run the project's own contracts over the packages in `source`."""
    return subprocess.run(
        [
            sys.executable,
            *("-c", _LINT),
            *("--config", str(ROOT / "pyproject.toml"), "--no-cache", "--no-logo"),
        ],
        cwd=source,
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=False,
    )


def _plant(folder: Path, files: dict[str, str]) -> None:
    """Make a house with every room of the plan, empty but for the given files."""
    for room in levels():
        _write(folder / "wordmouth" / room / "__init__.py", "")
    _write(folder / "wordmouth" / "__init__.py", "")
    _write(folder / "wordmouth_demo" / "__init__.py", "")
    for name, text in files.items():
        _write(folder / name, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEADER + text)


def test_the_contracts_hold() -> None:
    result = _lint(ROOT / "src")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("broken", "files"),
    [
        ("Imports point left", {"wordmouth/orders/queries.py": "import wordmouth.referrals"}),
        ("Imports point left", {"wordmouth/orders/queries.py": "import wordmouth.catalog"}),
        ("Imports point left", {"wordmouth/kit/money.py": "import wordmouth.stores"}),
        ("Imports point left", {"wordmouth/attic/__init__.py": ""}),
        (
            "No circles, inside a room either",
            {
                "wordmouth/orders/a.py": "import wordmouth.orders.b",
                "wordmouth/orders/b.py": "import wordmouth.orders.a",
            },
        ),
        (
            "Rules, states and the kit know no Django",
            {"wordmouth/referrals/rules.py": "from django.db import models"},
        ),
        (
            "Rules, states and the kit know no Django",
            {
                "wordmouth/rewards/states.py": "import wordmouth.rewards.queries",
                "wordmouth/rewards/queries.py": "import django_scopes",
            },
        ),
        (
            "The demo knows nothing of the engine",
            {"wordmouth_demo/views.py": "from wordmouth.kit import ids"},
        ),
    ],
)
def test_a_broken_contract_is_caught(tmp_path: Path, broken: str, files: dict[str, str]) -> None:
    _plant(tmp_path, files)
    result = _lint(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.findall(r"^(.*) BROKEN", result.stdout, re.MULTILINE) == [broken]


def test_a_clean_house_passes(tmp_path: Path) -> None:
    _plant(tmp_path, {"wordmouth/referrals/services.py": "import wordmouth.orders"})
    assert _lint(tmp_path).returncode == 0


def unpackaged(root: Path) -> list[str]:
    """Name folders with code but no __init__.py: the import contracts would not see into them."""
    return sorted(
        {
            str(path.parent.relative_to(root))
            for path in root.rglob("*.py")
            if not (path.parent / "__init__.py").exists()
        }
    )


def test_every_folder_of_code_is_a_package(tmp_path: Path) -> None:
    assert unpackaged(ENGINE.parent) == []
    _write(tmp_path / "orders" / "services.py", "")
    assert unpackaged(tmp_path) == ["orders"]


def test_shop_plugins_know_nothing_of_the_engine() -> None:
    """A plug-in is installed in the shop, where the engine is not."""
    found = [
        f"{source.path}:{line} imports {name}"
        for source in sources(SHOPS)
        for line, name in imported_names(source.tree)
        if name.split(".")[0] in ("wordmouth", "wordmouth_demo")
    ]
    assert found == []
