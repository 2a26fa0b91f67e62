"""The page on programmes describes every key as it is, and its examples hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest
from msgspec import inspect

from wordmouth.programs.document import AFTER_ORDER_KINDS, Kind, ProgramDocument, Schedule
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.parse import parse_toml
from wordmouth.programs.presets import ACCESS_LASTS, PRESETS, Choices, Preset
from wordmouth.programs.sentences import describe
from wordmouth.programs.states import ALLOWED

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "programmes.md").read_text()
EXAMPLES = sorted((DOCS / "programmes").glob("*.toml"))
HEADINGS = {
    "": "The programme",
    "offers.friend": "rewards",
    "offers.advocate": "rewards",
    "offers.friend.access": "access",
    "offers.advocate.access": "access",
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
        assert default.strip("`") == ("false" if field.default is False else str(field.default))
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


def listed(heading: str) -> list[str]:
    """The first cells of the table below a heading of the fourth level."""
    section = re.split(r"^#+ ", PAGE.split(f"\n#### {heading}\n")[1], flags=re.MULTILINE)[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_the_page_names_every_kind_and_schedule() -> None:
    table = rows("rewards")
    assert tuple(re.findall(r"`(\w+)`", table["kind"][2])) == get_args(Kind)
    assert tuple(re.findall(r"`(\w+)`", table["[schedule]"][2])) == get_args(Schedule)
    assert tuple(listed("Kinds")) == get_args(Kind)
    assert tuple(listed("Schedules")) == get_args(Schedule)


def test_the_page_tells_at_which_kinds_the_friend_waits() -> None:
    kinds = PAGE.split("\n#### Kinds\n")[1].split("\n#### ")[0]
    late = set(re.findall(r"^\| `(\w+)` \|.*\| after the order \|$", kinds, re.MULTILINE))
    assert late == AFTER_ORDER_KINDS


def test_the_page_shows_every_move_of_the_status() -> None:
    for before, allowed in ALLOWED.items():
        first = f"`{before}`" if before else "(new)"
        moves = ", ".join(f"`{after}`" for after in allowed) or "(nothing)"
        assert f"| {first} | {moves} |" in PAGE


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_valid_and_linked(path: Path) -> None:
    document = parse_toml(path.read_bytes())
    assert document.slug
    assert f"(programmes/{path.name})" in PAGE


@pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)
def test_every_preset_is_on_the_page_with_its_sentence_and_its_file(preset: Preset) -> None:
    day = date(2027, 3, 31) - ACCESS_LASTS
    document = preset.document(Choices(currency="EUR", product="p-9", today=day))
    name, sentence = preset.name, describe(document, document.offers[0])
    assert f"| `{name}` | {sentence} | [{name}.toml](programmes/{name}.toml) |" in PAGE
    assert parse_toml((DOCS / "programmes" / f"{name}.toml").read_bytes()) == document


def test_the_tiers_on_the_page_are_valid() -> None:
    (tiers,) = (
        text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "tier" in text
    )
    head = 'slug = "a"\nname = "A"\neligibility = {currency = "EUR"}\n[[offers]]\nkey = "a"\n'
    assert len(parse_toml(head + tiers).offers[0].advocate) == 3


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
