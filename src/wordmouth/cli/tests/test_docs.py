"""The documents name every command, option, field and setting, and none that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from wordmouth.cli.main import COMMANDS
from wordmouth.orders.importing.columns import FIELDS

ROOT = Path(__file__).parents[4]
DOCS = ROOT / "docs"
READS = re.compile(
    r"""(?:\b(?:env\.|environment\.)?(?:text|flag|number)\(\s*|os\.environ\.get\()"([A-Z_]+)\""""
)


def commands(listed=COMMANDS, path: str = "wordmouth") -> Iterator[tuple[str, click.Command]]:
    for command in listed:
        here = f"{path} {command.name}"
        if isinstance(command, click.Group):
            yield from commands(command.commands.values(), here)
        else:
            yield here, command


def sections(document: str, level: str) -> dict[str, str]:
    """The text under each heading of a level."""
    text = (DOCS / document).read_text()
    parts = re.split(rf"^{level} (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_command_has_its_section() -> None:
    assert list(sections("commands.md", "##")) == [name for name, _ in commands()]


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_option_has_its_row(name: str, command: click.Command) -> None:
    section = sections("commands.md", "##")[name]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    there = [
        "/".join([*each.opts, *each.secondary_opts])
        if isinstance(each, click.Option)
        else (each.metavar or str(each.name)).upper()
        for each in command.params
    ]
    assert [row for row, _ in rows] == there
    assert f"```sh\n{name}" in section


def test_every_field_of_an_import_has_its_row() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", sections("import.md", "##")["Fields"], re.MULTILINE
    )
    assert dict(rows) == dict(FIELDS)


def settings_read() -> set[str]:
    """The names that the product asks the environment for."""
    sources = (ROOT / "src" / "wordmouth").rglob("*.py")
    texts = [path.read_text() for path in sources if "tests" not in path.parts]
    return {name for text in texts for name in READS.findall(text)} | {"WORDMOUTH_TRACEBACK"}


def test_every_setting_has_its_section() -> None:
    told = {heading.strip("`") for heading in sections("settings.md", "###")}
    assert told == settings_read()


def test_a_setting_that_is_read_is_noticed() -> None:
    assert READS.findall('x = env.number(\n    "WORDMOUTH_X", 1)') == ["WORDMOUTH_X"]
    assert {"SITE_URL", "DATABASE_URL", "WORDMOUTH_DATA"} <= settings_read()
