"""Programme documents from TOML, JSON or plain data, and back.

Every reader raises `ProgramInvalid` with all problems at once; those of a TOML text name the
line. `parse_toml(to_toml(document)) == document`, and the same for JSON.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

import msgspec
import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from wordmouth.programs.document import Clawback, Payouts, ProgramDocument, Wallet
from wordmouth.programs.errors import Problem, ProgramInvalid
from wordmouth.programs.finding import Finding, Path, dotted, undotted
from wordmouth.programs.lines import Lines
from wordmouth.programs.shape import read_document

MAX_BYTES = 64 * 1024
"""A document is a page of text; whatever is larger is something else."""
MAX_PROBLEMS = 50
"""More are counted only: nobody mends so many at once."""

_LATER_TABLES = {"clawback": Clawback(), "wallet": Wallet(), "payouts": Payouts()}
_LATER_SWITCHES = ("gift_cards", "free_orders", "recurring")
"""What came to the format after its first release, as it is where nothing is said of it."""

_POSITION = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_HALF_SIGN = re.compile(r"[\ud800-\udfff]")
_TOML_HINTS = (
    ("Invalid value", "this is no value: text stands in quotes, numbers do not"),
    ("Cannot overwrite", "this key was given before"),
    ("Cannot declare", "this header was given before; a list of tables has [[two brackets]]"),
    ("Expected '='", "a line is written as: key = value"),
    ("Expected newline", "one key = value on a line"),
)
_TOML_ENDS = "the text ends too early: a value, a quote or a bracket is missing"


def parse_toml(text: str | bytes) -> ProgramDocument:
    """The document in a TOML text. Raises ProgramInvalid; every problem names its line."""
    text = _decoded(text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _refuse_toml(str(error), text)
    except (ValueError, RecursionError):
        _refuse("not valid TOML: a number is too long or the nesting too deep", 1)
    return _parse(data, lambda: Lines(text))


def parse_json(text: str | bytes) -> ProgramDocument:
    """The document in a JSON text. Raises ProgramInvalid; a syntax error names its line."""
    text = _decoded(text)
    try:
        data = json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        _refuse(f"not valid JSON at column {error.colno}: {error.msg}", error.lineno)
    except _Repeated as error:
        _refuse(f"not valid JSON: the key {json.dumps(str(error))} is given twice in one object")
    except (ValueError, RecursionError):
        _refuse("not valid JSON: a number is too long or the nesting too deep")
    return parse_data(data)


def parse_data(data: object) -> ProgramDocument:
    """The document in plain data, as JSON or TOML decode to. Raises ProgramInvalid."""
    return _parse(data, None)


def problems_of(document: ProgramDocument, findings: Sequence[Finding]) -> list[Problem]:
    """Findings in a whole document as problems without lines."""
    return _problems(to_data(document), findings, None)


def on_lines(problems: Sequence[Problem], text: str | bytes) -> tuple[Problem, ...]:
    """The problems of a document that was read from this TOML text, each with its line.

    For those that are found only when a document is saved, such as a product that there is not.
    """
    if all(problem.line is not None for problem in problems):
        return tuple(problems)
    lines = Lines(_decoded(text))
    found = [
        msgspec.structs.replace(problem, line=problem.line or lines.of(undotted(problem.path)))
        for problem in problems
    ]
    return tuple(sorted(found, key=lambda problem: problem.line or 0))


def check(document: ProgramDocument) -> ProgramDocument:
    """The same document, if it keeps all rules. Raises ProgramInvalid."""
    return parse_data(to_data(document))


def to_data(document: ProgramDocument) -> dict[str, Any]:
    """The document as plain data; what is None is left out."""
    data: dict[str, Any] = _without_none(msgspec.to_builtins(document))
    return data


def to_json(document: ProgramDocument) -> str:
    """The document as indented JSON."""
    return json.dumps(to_data(document), indent=2, ensure_ascii=False) + "\n"


def to_toml(document: ProgramDocument) -> str:
    """The document as the TOML a person would write, with the defaults written out."""
    days = (datetime.date,)
    data = _without_none(msgspec.to_builtins(document, builtin_types=days))
    _leave_out(data, data["offers"])
    text = tomlkit.document()
    for key, value in data.items():
        if not isinstance(value, dict | list):
            text.add(key, value)
    for key in ("eligibility", "hold"):
        text.add(key, _table(data[key]))
    text.add("offers", _tables(data["offers"]))
    for key in ("limits", "fraud", "clawback", "wallet", "payouts"):
        if data.get(key):
            text.add(key, _table(data[key]))
    return tomlkit.dumps(text)


def digest(document: ProgramDocument) -> str:
    """SHA-256 in hex of the terms: of everything that a referral is judged by.

    The slug, the name and the status belong to the programme and not to its terms. The order
    in which offers are listed does not matter; spelling out a default does not either.
    """
    data = terms(document)
    _leave_out(data, data["offers"].values())
    canonical = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def terms(document: ProgramDocument) -> dict[str, Any]:
    """The terms as plain data, with the offers by their keys."""
    data = to_data(document)
    for key in ("slug", "name", "status"):
        del data[key]
    data["offers"] = {offer.pop("key"): offer for offer in data["offers"]}
    return data


def _parse(data: object, lines: Callable[[], Lines] | None) -> ProgramDocument:
    document, findings = read_document(data)
    if document is None or findings:
        raise ProgramInvalid(_problems(data, findings, lines() if lines else None))
    return document


def _problems(data: object, findings: Sequence[Finding], lines: Lines | None) -> list[Problem]:
    """The findings in the order of the lines, each at a place that the document has."""
    problems = []
    for finding in findings:
        path = _existing(data, finding.path)
        line = lines.of(path) if lines else None
        problem = Problem(
            path=dotted(path), line=line, message=finding.message, allowed=finding.allowed
        )
        problems.append(problem)
    problems.sort(key=lambda problem: problem.line or 0)
    more = len(problems) - MAX_PROBLEMS
    if more > 0:
        message = f"there are {more} more problems; these come first"
        problems[MAX_PROBLEMS:] = [Problem(path="", line=1 if lines else None, message=message)]
    return problems


def _existing(data: Any, path: Path) -> Path:
    """The longest beginning of `path` that is in `data`."""
    for length, step in enumerate(path):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return path[:length]
    return path


class _Repeated(ValueError):
    """A key of a JSON object that is given twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; the last of two equal keys would win in silence otherwise."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(key)
        found[key] = value
    return found


def _decoded(given: str | bytes) -> str:
    """The text, of a bearable size, without a byte order mark."""
    try:
        text = given if isinstance(given, str) else given.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        _refuse("the text is not UTF-8; save the file with this encoding", line)
    if len(text) > MAX_BYTES:
        _refuse(f"a programme document has at most {MAX_BYTES // 1024} kB", 1)
    if _HALF_SIGN.search(text):
        _refuse("the text holds half of a Unicode surrogate pair, which is no sign", 1)
    return text.removeprefix("\ufeff")


def _refuse_toml(message: str, text: str) -> NoReturn:
    """Say in our words, and with the line, what the TOML parser found."""
    found = _POSITION.search(message)
    reason = message[: found.start()] if found else message
    hint = next((hint for start, hint in _TOML_HINTS if reason.startswith(start)), None)
    if found and found[1]:
        reason = hint or reason[:1].lower() + reason[1:]
        _refuse(f"not valid TOML at column {found[2]}: {reason}", int(found[1]))
    if not reason.startswith("Cannot"):
        hint = _TOML_ENDS
    _refuse(f"not valid TOML: {hint}", text.rstrip().count("\n") + 1)


def _refuse(message: str, line: int | None = None) -> NoReturn:
    raise ProgramInvalid([Problem(path="", line=line, message=message)]) from None


def _leave_out(data: dict[str, Any], offers: Iterable[dict[str, Any]]) -> None:
    """Take out the keys that came to the format later where they have their default: a digest
    that was stored before they came stays the same, and nobody reads what says nothing."""
    for name, default in _LATER_TABLES.items():
        if data[name] == _without_none(msgspec.to_builtins(default)):
            del data[name]
    for part in (data["eligibility"], *(reward for one in offers for reward in one["advocate"])):
        for key in _LATER_SWITCHES:
            if part.get(key) is False:
                del part[key]


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(part) for key, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_without_none(part) for part in value]
    return value


def _table(data: dict[str, Any]) -> Table:
    """A table the way the contract shows it: its own tables stand in one line each, lists of
    tables below it; what is empty is left out."""
    table = tomlkit.table()
    below = {}
    for key, value in data.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            below[key] = value
        elif _says_something(key, value):
            table.add(key, _inline(value) if isinstance(value, dict) else value)
    for key, value in below.items():
        table.add(key, _tables(value))
    return table


def _tables(data: Iterable[dict[str, Any]]) -> AoT:
    tables = tomlkit.aot()
    for each in data:
        tables.append(_table(each))
    return tables


def _inline(data: dict[str, Any]) -> InlineTable:
    inline = tomlkit.inline_table()
    for key, value in data.items():
        if _says_something(key, value):
            inline.add(key, _inline(value) if isinstance(value, dict) else value)
    return inline


def _says_something(key: str, value: Any) -> bool:
    """Whether a person would write it: an empty list and a value of 0 are what no key says too."""
    return value != [] and (key, value) != ("value", 0)
