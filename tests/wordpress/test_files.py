"""The files of the plug-in: what PHP 7.4 to 8.3 and WordPress must find in them."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.prestashop.test_portable import SCANNER
from tests.wordpress.driver import PLUGIN, SHOPS, needs_php, run_php

FILES = sorted(PLUGIN.rglob("*.php"))
MAIN = (PLUGIN / "wordmouth.php").read_text()
README = (PLUGIN / "readme.txt").read_text()
MOST_LINES, MOST_OF_A_FUNCTION = 400, 40


def name_of(path: Path) -> str:
    return path.relative_to(PLUGIN).as_posix()


def head(name: str) -> str:
    """What the main file tells WordPress."""
    found = re.search(rf"^ \* {name}: +(.+)$", MAIN, re.MULTILINE)
    assert found is not None, name
    return found[1]


@needs_php
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_php_can_read_it(path: Path) -> None:
    assert "No syntax errors" in run_php("-l", str(path))


@needs_php
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_older_php_could_read_it_too(path: Path) -> None:
    """It is written for 7.4, and has nothing that even 7.1 would not understand."""
    assert json.loads(run_php(str(SCANNER), str(path))) == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_starts_it_from_outside(path: Path) -> None:
    guard = r"^defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;$"
    assert re.search(guard, path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) < MOST_LINES
    start = None
    for number, line in enumerate(lines):
        if re.match(r"\t(public|private) static function |\tpublic function ", line):
            start = number
        if line == "\t}" and start is not None:
            assert number - start < MOST_OF_A_FUNCTION, f"{name_of(path)}:{start + 1}"
            start = None


SAFE = re.compile(r"(esc_\w+|self::anchor|checked)\(")
"""What escapes by itself, or gives a constant."""


def unescaped(code: str) -> list[str]:
    """What is printed as it is: neither a text of ours nor through a function that escapes."""
    found = [shown for shown in re.findall(r"\becho (.+);", code) if not shown.startswith("'")]
    for printed in re.findall(r"\bprintf\(\s+(.+?)\s+\);", code, re.DOTALL):
        form, *values = arguments(re.sub(r"\s// .*", "", printed))
        assert re.fullmatch(r"'(?:[^'\\]|\\.)*'", form), form
        found += [value for value in values if not SAFE.match(value)]
    return found


def arguments(code: str) -> list[str]:
    """The arguments of a call; a comma in brackets or quotes parts none."""
    parts, depth, quoted = [""], 0, False
    for sign in code:
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_whatever_is_shown_is_escaped(path: Path) -> None:
    assert unescaped(path.read_text()) == []


def test_what_is_shown_as_it_is_would_be_noticed() -> None:
    code = "printf( '<p>%s %s</p>', esc_html( f( $a, $b ) ), $name ); echo $name;"
    assert unescaped(code) == ["$name", "$name"]


def test_header_and_readme_say_the_same() -> None:
    for name in ("Requires at least", "Requires PHP", "Requires Plugins", "License", "License URI"):
        assert f"\n{name}: {head(name)}\n" in README
    assert f"\nStable tag: {head('Version')}\n" in README
    assert f"\n= {head('Version')} =\n" in README
    assert (head("Requires PHP"), head("WC requires at least")) == ("7.4", "7.0")
    assert "LEAST_WOOCOMMERCE = '7.0'" in (PLUGIN / "includes" / "class-plugin.php").read_text()
    assert "GNU GENERAL PUBLIC LICENSE" in (PLUGIN / "LICENSE").read_text()


def test_every_file_of_classes_is_loaded_once() -> None:
    loaded = re.findall(r"require_once __DIR__ \. '/(.+?)';", MAIN)
    assert sorted(loaded) == [name_of(path) for path in FILES if path.parent.name == "includes"]


def test_translators_have_every_text() -> None:
    template = PLUGIN / "languages" / "wordmouth.pot"
    written = subprocess.run(
        [sys.executable, "-c", "import texts; print(texts.template(), end='')"],
        cwd=SHOPS,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert template.read_text() == written, "python3 shops/woocommerce/texts.py"
    called = [
        text
        for path in FILES
        for text in re.findall(r"\b(?:__|esc_html__|esc_attr__)\(\s*'(.+?)',", path.read_text())
    ]
    told = re.findall(r'^msgid "(.+)"$', written, re.MULTILINE)
    assert sorted(set(called)) == sorted(told)


def packed(folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, str(SHOPS / "pack.py"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def test_the_zip_is_the_same_whenever_it_is_packed_and_holds_the_plugin(tmp_path: Path) -> None:
    first, second = packed(tmp_path / "a"), packed(tmp_path / "b")
    assert first.name == f"wordmouth-for-woocommerce-{head('Version')}.zip"
    digests = {hashlib.sha256(one.read_bytes()).hexdigest() for one in (first, second)}
    assert len(digests) == 1
    with zipfile.ZipFile(first) as zipped:
        names = zipped.namelist()
        assert zipped.testzip() is None
    there = {f"wordmouth/{name_of(path)}" for path in PLUGIN.rglob("*") if path.is_file()}
    assert set(names) == there
    others = {"wordmouth/readme.txt", "wordmouth/LICENSE", "wordmouth/languages/wordmouth.pot"}
    assert there == {f"wordmouth/{name_of(path)}" for path in FILES} | others
