"""One code for PHP 7.1 to 8.2 and for every shop from PrestaShop 1.6 on: what must not be in it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.prestashop.driver import MODULE, NO_PHP, PHP, SHOPS, run_php

FILES = sorted(MODULE.rglob("*.php"))
TEMPLATES = sorted(MODULE.rglob("*.tpl"))
MOST_LINES, MOST_OF_A_FUNCTION = 400, 40
SCANNER = Path(__file__).with_name("newer_than_71.php")

needs_php = pytest.mark.skipif(PHP is None, reason=NO_PHP)


def name_of(path: Path) -> str:
    return str(path.relative_to(MODULE))


def newer(code: str, tmp_path: Path) -> list[str]:
    """What of the code PHP 7.1 does not understand."""
    file = tmp_path / "code.php"
    file.write_text("<?php\n" + code)
    return list(json.loads(run_php([str(SCANNER), str(file)], dict(os.environ))))


@needs_php
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_php_can_read_it(path: Path) -> None:
    assert "No syntax errors" in run_php(["-l", str(path)], dict(os.environ))


@needs_php
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_php_71_could_read_it_too(path: Path) -> None:
    assert json.loads(run_php([str(SCANNER), str(path)], dict(os.environ))) == []


@needs_php
@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("$f = fn ($a) => $a;", "fn"),
        ("$a ??= 1;", "??="),
        ("$a = match (1) { 1 => 2 };", "match"),
        ("$a?->b();", "?->"),
        ("class A { private int $a; }", "typed property"),
        ("class A { public ?string $a = null; }", "typed property"),
        ("class A { public static array $a = []; }", "typed property"),
        ("class A { public function __construct(private $a) {} }", "promoted property"),
        ("f(a: 1);", "named argument"),
        ("f($a, );", "comma after the last argument"),
        ("$a = f(\n    $b,\n);", "comma after the last argument"),
        ("function f(int|string $a) {}", "union type"),
        ("function f(): static {}", "return of static"),
        ("enum A { case B; }", "enum"),
        ("$a = [...$b];", "... in an array"),
        ("throw_it() ?: throw new E();", "throw in an expression"),
        ("str_contains('a', 'b');", "str_contains"),
        ("array_key_last([]);", "array_key_last"),
        ("$f = strlen(...);", "first class callable"),
        ("try { f(); } catch (E) {}", "catch without a variable"),
        ("$a = 1_000;", "_ in a number"),
    ],
)
def test_what_is_newer_is_found(code: str, found: str, tmp_path: Path) -> None:
    assert found in newer(code, tmp_path)


@needs_php
def test_what_is_old_enough_is_let_pass(tmp_path: Path) -> None:
    code = """
    class A { const X = [1, 2]; private static $b; public $c = null;
      public static function f(array $a, ?int $b = null, callable $c = null): ?string {
        list($x, $y) = [1, 2]; $d = $a['k'] ?? ($x ? 1 : 2); foreach ($a as $k => $v) { g(...$v); }
        switch ($x) { case 1: break; default: return null; }
        try { $f = function () use (&$d) { return $d ?: [1, 2,]; }; } catch (E | F $e) { throw $e; }
        return static::class . self::$b . $x | $y; } }
    """
    assert newer(code, tmp_path) == []


@needs_php
def test_the_main_file_can_be_put_into_a_block(tmp_path: Path) -> None:
    """PrestaShop 1.6 reads the modules that are not installed in this way."""
    code = (MODULE / "wordmouth.php").read_text().removeprefix("<?php")
    block = tmp_path / "block.php"
    block.write_text("<?php if (false) {" + code + "}\n")
    assert "No syntax errors" in run_php(["-l", str(block)], dict(os.environ))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nobody_starts_it_from_outside(path: Path) -> None:
    """A module's folder can be asked for by anybody: each file ends at once, or only declares."""
    text = path.read_text()
    guarded = "if (!defined('_PS_VERSION_')) {\n    exit;\n}" in text
    only_cli = "if (PHP_SAPI !== 'cli') {\n    http_response_code(403);\n    exit;\n}" in text
    only_declares = re.search(r"^namespace Wordmouth\\Shop;$", text, re.M) and not re.search(
        r"^(?!namespace|use |final class|/\*\*| \*|\{|\}|<\?php|$|    )", text, re.M
    )
    assert guarded or only_cli or only_declares, name_of(path)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_escape_whatever_they_show(path: Path) -> None:
    shown = re.findall(r"\{(\$[^}]+)\}", path.read_text())
    assert shown or "{l s=" in path.read_text()
    for one in shown:
        assert one.endswith(("|escape:'html':'UTF-8'", "|intval")), one


SPOKEN = re.compile(r"->l\('([^'\"<>&]+)'(?:, '(\w+)')?\)")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_shop_finds_every_text_to_translate(path: Path) -> None:
    """It reads the files line by line: a text in one pair of quotes, and the file's own name."""
    own = "" if path.parent == MODULE else path.stem.lower()
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = SPOKEN.findall(line)
        assert len(found) == line.count("->l("), f"{name_of(path)}:{number}"
        assert {file for _, file in found} <= {own}, f"{name_of(path)}:{number}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) < MOST_LINES
    start = None
    for number, line in enumerate(lines):
        if re.match(r"    (public|private|protected).* function ", line):
            start = number
        if line == "    }" and start is not None:
            assert number - start < MOST_OF_A_FUNCTION, f"{name_of(path)}:{start + 1}"
            start = None


def packed(folder: Path) -> Path:
    done = subprocess.run(
        [sys.executable, str(SHOPS / "pack.py"), str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(done.stdout.strip())


def test_the_zip_is_the_same_whenever_it_is_packed(tmp_path: Path) -> None:
    first, second = packed(tmp_path / "a"), packed(tmp_path / "b")
    assert first.name == second.name == "wordmouth-1.0.0.zip"
    digests = {hashlib.sha256(one.read_bytes()).hexdigest() for one in (first, second)}
    assert len(digests) == 1


def test_the_zip_holds_the_module_and_nothing_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(packed(tmp_path)) as zipped:
        names = zipped.namelist()
        assert zipped.testzip() is None
    assert {name.split("/")[0] for name in names} == {"wordmouth"}
    expected = {f"wordmouth/{name_of(path)}" for path in (*FILES, *TEMPLATES)}
    assert set(names) == expected | {"wordmouth/LICENSE"}
    assert (MODULE / "LICENSE").read_text().startswith("Academic Free License (“AFL”) v. 3.0")
