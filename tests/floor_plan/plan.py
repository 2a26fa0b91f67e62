"""What the floor plan says, read from the one place that says it, and the sources it rules."""

import ast
import functools
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
ENGINE = SOURCE / "wordmouth"
DEMO = SOURCE / "wordmouth_demo"
SHOPS = ROOT / "shops"


@functools.cache
def pyproject() -> dict[str, object]:
    """Return pyproject.toml as it stands."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@functools.cache
def levels() -> dict[str, int]:
    """Return each room's level: 0 is the foundation; a room may know only lower levels."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]  # type: ignore[index]
    layers = next(c["layers"] for c in contracts if c["id"] == "floor-plan")
    return {
        room.strip(" ()"): level
        for level, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }


@dataclass(frozen=True)
class Source:
    """One Python file of the product: where it is and what it says."""

    path: str
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The file's dotted name in parts, for instance (wordmouth, orders, services)."""
        parts = Path(self.path).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @property
    def room(self) -> str | None:
        """The room that the file belongs to, or None outside the engine."""
        return self.parts[1] if self.parts[0] == "wordmouth" and len(self.parts) > 1 else None

    @property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, filename=self.path)


def is_product(path: Path) -> bool:
    """Say whether a file is the product's own code: neither a test nor a migration."""
    return not {"tests", "migrations", "__pycache__"}.intersection(path.parts) and (
        path.name != "conftest.py"
    )


def sources(*folders: Path) -> list[Source]:
    """Return the product's files below the given folders (all of src by default)."""
    return [
        Source(str(path.relative_to(folder if folder.parent == ROOT else SOURCE)), path.read_text())
        for folder in folders or (SOURCE,)
        for path in sorted(folder.rglob("*.py"))
        if is_product(path.relative_to(ROOT))
    ]


def imported_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and dotted name of everything that is imported, at any depth of the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"
