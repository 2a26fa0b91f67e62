"""The page on programmes describes every key as it is, and its examples hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect

from wordmouth.programs.document import AVAILABLE_KINDS, AVAILABLE_SCHEDULES, ProgramDocument
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.parse import parse_toml
from wordmouth.programs.rules import check_reward
from wordmouth.programs.states import ALLOWED

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "programmes.md").read_text()
EXAMPLES = sorted((DOCS / "programmes").glob("*.toml"))
HEADINGS = {
    "": "The programme",
    "offers.friend": "rewards",
    "offers.advocate": "rewards",
}


def fields_of(node: inspect.Type, header: str = "") -> Iterator[tuple[str, inspect.Field]]:
    """Every key of the document with the header that it stands under."""
    match node:
        case inspect.Metadata(type=inner):
            yield from fields_of(inner, header)
        case inspect.UnionType(types=types):
            for inner in types:
                yield from fields_of(inner, header)
        case inspect.VarTupleType(item_type=item):
            yield from fields_of(item, header)
        case inspect.StructType(fields=fields):
            for field in fields:
                yield header, field
                yield from fields_of(field.type, f"{header}.{field.encode_name}".lstrip("."))


FIELDS = list(fields_of(inspect.type_info(ProgramDocument)))


def rows(heading: str) -> dict[str, list[str]]:
    """The table below a heading: the cells of each row by the key in its first cell."""
    section = re.split(r"^#+ ", PAGE.split(f"\n### {heading}\n")[1], flags=re.MULTILINE)[0]
    cells = [line.strip("|").split(" | ") for line in section.splitlines() if line[:3] == "| `"]
    return {row[0].strip(" `"): [cell.strip() for cell in row] for row in cells}


def leaf(node: inspect.Type) -> inspect.Type:
    """The type below limits, descriptions and "or nothing"."""
    match node:
        case inspect.Metadata(type=inner):
            return leaf(inner)
        case inspect.UnionType(types=types):
            return leaf(next(t for t in types if not isinstance(t, inspect.NoneType)))
    return node


@pytest.mark.parametrize(("header", "field"), FIELDS)
def test_every_key_has_its_row(header: str, field: inspect.Field) -> None:
    table = rows(HEADINGS.get(header, header))
    name = field.encode_name if field.required else f"[{field.encode_name}]"
    assert name in table
    _, meaning, allowed, default, example = table[name]
    assert meaning
    assert (default == "required") == field.required
    assert field.encode_name in example or not example
    if isinstance(field.default, str | int) and field.encode_name != "value":
        assert default.strip("`") == str(field.default)
    node = leaf(field.type)
    if isinstance(node, inspect.IntType) and node.le is not None and node.le <= 3650:
        assert f"{node.ge} to {node.le}" in allowed or field.encode_name == "n"
    if isinstance(node, inspect.LiteralType) and field.encode_name not in ("kind", "schedule"):
        assert set(re.findall(r"`(\w+)`", allowed)) == set(node.values)


def test_no_row_describes_a_key_that_is_not_there() -> None:
    described = {
        (heading, key.strip("[]"))
        for heading in {HEADINGS.get(header, header) for header, _ in FIELDS}
        for key in rows(heading)
    }
    assert described == {
        (HEADINGS.get(header, header), field.encode_name) for header, field in FIELDS
    }


def test_the_page_names_what_this_version_gives() -> None:
    table = rows("rewards")
    assert tuple(re.findall(r"`(\w+)`", table["kind"][2])) == AVAILABLE_KINDS
    assert tuple(re.findall(r"`(\w+)`", table["[schedule]"][2])) == AVAILABLE_SCHEDULES


def test_the_page_shows_every_move_of_the_status() -> None:
    for before, allowed in ALLOWED.items():
        first = f"`{before}`" if before else "(new)"
        moves = ", ".join(f"`{after}`" for after in allowed) or "(nothing)"
        assert f"| {first} | {moves} |" in PAGE


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_valid_and_linked(path: Path) -> None:
    document = parse_toml(path.read_bytes())
    assert f"(programmes/{path.name})" in PAGE
    for offer in document.offers:
        rewards: list[Any] = [*filter(None, [offer.friend]), *offer.advocate]
        assert all(not list(check_reward(reward)) for reward in rewards)


def test_the_mistakes_on_the_page_are_told_as_it_says() -> None:
    section = PAGE.split("## When something is wrong")[1]
    document, told = re.findall(r"```(?:toml|text)\n(.*?)```", section, re.DOTALL)
    with pytest.raises(ProgramInvalid) as caught:
        parse_toml(document)
    assert "\n".join(map(str, caught.value.problems)) + "\n" == told


def test_the_examples_in_the_tables_are_toml() -> None:
    for heading in {HEADINGS.get(header, header) for header, _ in FIELDS}:
        for row in rows(heading).values():
            tomllib.loads(row[-1].strip("` |"))
