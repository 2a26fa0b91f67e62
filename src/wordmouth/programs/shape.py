"""Reads plain data into the document's types and collects everything that does not fit.

`msgspec.convert` stops at the first mistake and speaks of types; a merchant wants all mistakes
at once, in words, with what would be right. So the same type descriptions are walked here.
"""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from msgspec import inspect

from wordmouth.programs import document
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.finding import Finding, Path, shown
from wordmouth.programs.rules import RULES

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_CHOICES: Mapping[frozenset[str], tuple[str, ...]] = {
    frozenset(get_args(choices)): get_args(choices)
    for choices in vars(document).values()
    if get_origin(choices) is Literal
}
"""The choices in the order in which the document describes them; an inspected type sorts them."""

_DOCUMENT = inspect.type_info(ProgramDocument)


class _Invalid:
    """The type of `INVALID`."""


INVALID = _Invalid()
"""Stands for a value that could not be read; why is among the findings."""


def read_document(data: object) -> tuple[ProgramDocument | None, list[Finding]]:
    """The document in `data` and all findings; None where it could not be put together."""
    reader = _Reader()
    found = reader.read(_DOCUMENT, data, ())
    return (found if isinstance(found, ProgramDocument) else None), reader.findings


class _Reader:
    """One walk over one piece of data."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def note(self, path: Path, message: str, allowed: tuple[str, ...] = ()) -> _Invalid:
        self.findings.append(Finding(path, message, allowed))
        return INVALID

    def read(self, node: inspect.Type, value: object, path: Path) -> Any:
        """The value that `node` describes, or `INVALID`."""
        match node:
            case inspect.Metadata(type=inspect.StrType() as text, extra_json_schema=words):
                return self.read_text(text, value, path, (words or {}).get("description", ""))
            case inspect.Metadata(type=inner):
                return self.read(inner, value, path)
            case inspect.UnionType(types=types):
                inner = next(t for t in types if not isinstance(t, inspect.NoneType))
                return None if value is None else self.read(inner, value, path)
            case inspect.StructType():
                return self.read_struct(node, value, path)
            case inspect.VarTupleType():
                return self.read_list(node, value, path)
            case inspect.LiteralType(values=choices):
                return self.read_choice(frozenset(map(str, choices)), value, path)
            case inspect.IntType():
                return self.read_int(node, value, path)
            case inspect.BoolType():
                return self.read_bool(value, path)
            case inspect.DateType():
                return self.read_date(value, path)
            case inspect.StrType():
                return self.read_text(node, value, path)
        raise TypeError(f"the document has a type that is not read here: {node}")

    def read_struct(self, node: inspect.StructType, value: object, path: Path) -> Any:
        keys = tuple(field.encode_name for field in node.fields)
        if not isinstance(value, Mapping):
            return self.note(path, f"takes a table, not {_named(value)}", keys)
        for key in value:
            if key not in keys:
                self.note((*path, key), _unknown(key, keys, path), keys)
        fields: dict[str, Any] = {}
        for field in node.fields:
            if field.encode_name in value:
                inside = (*path, field.encode_name)
                fields[field.name] = self.read(field.type, value[field.encode_name], inside)
            elif field.required:
                fields[field.name] = self.note(path, f"{field.encode_name} is missing")
        if any(part is INVALID for part in fields.values()):
            return INVALID
        part = node.cls(**fields)
        for finding in RULES.get(node.cls, _no_rules)(part):
            self.note((*path, *finding.path), finding.message, finding.allowed)
        return part

    def read_list(self, node: inspect.VarTupleType, value: object, path: Path) -> Any:
        if not isinstance(value, list | tuple):
            key = path[-1] if path else ""
            hint = f": write [[{_header(path)}]] or {key} = [...]"
            return self.note(path, f"takes a list, not {_named(value)}{hint}")
        low, high = node.min_length or 0, node.max_length or len(value)
        if not low <= len(value) <= high:
            return self.note(path, f"takes {low} to {high} entries, not {len(value)}")
        items = [
            self.read(node.item_type, item, (*path, index)) for index, item in enumerate(value)
        ]
        return INVALID if any(item is INVALID for item in items) else tuple(items)

    def read_choice(self, choices: frozenset[str], value: object, path: Path) -> Any:
        if isinstance(value, str) and value in choices:
            return value
        allowed = _CHOICES.get(choices) or tuple(sorted(choices))
        close = _close(value, allowed)
        hint = f"; did you mean {close}?" if close else ""
        return self.note(path, f"{_quoted(value)} is not possible here{hint}", allowed)

    def read_int(self, node: inspect.IntType, value: object, path: Path) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return self.note(path, f"takes a whole number, not {_quoted(value)}")
        low, high = node.ge, node.le
        if (low is not None and value < low) or (high is not None and value > high):
            return self.note(path, f"takes a whole number from {low} to {high}, not {_big(value)}")
        return value

    def read_bool(self, value: object, path: Path) -> Any:
        if isinstance(value, bool):
            return value
        return self.note(path, f"takes true or false, without quotes, not {_quoted(value)}")

    def read_date(self, value: object, path: Path) -> Any:
        """A day: a date of TOML, or the same as text, for JSON has none."""
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError:
                return self.note(path, f"{shown(value)} is no day of the calendar")
        return self.note(path, f"takes a day such as 2027-03-31, not {_quoted(value)}")

    def read_text(
        self, node: inspect.StrType, value: object, path: Path, description: str = ""
    ) -> Any:
        if not isinstance(value, str):
            return self.note(path, f"takes text in quotes, not {_quoted(value)}")
        fits = node.max_length is None or len(value) <= node.max_length
        if not fits or not re.search(node.pattern or "", value):
            return self.note(path, f"{shown(value)} is not possible; write {description}")
        return value


def _no_rules(part: object) -> Iterator[Finding]:
    return iter(())


def _named(value: object) -> str:
    """What kind of thing a value is, in the words of a document."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list"
        case datetime.date() | datetime.time():
            return "a date or time"
    return type(value).__name__


def _quoted(value: object) -> str:
    """A value as the document shows it; a table, list or date by its kind."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return _big(value)
        case str() | float():
            return shown(value)
    return _named(value)


def _big(value: int) -> str:
    """A whole number; one of very many digits is not written out."""
    return str(value) if abs(value) < 10**20 else "a number of more than 20 digits"


def _close(value: object, choices: tuple[str, ...]) -> str | None:
    text = value.casefold()[:100] if isinstance(value, str) else ""
    return next(iter(difflib.get_close_matches(text, choices, n=1, cutoff=0.6)), None)


def _header(path: Path) -> str:
    """The TOML header that leads to a path: its keys without the numbers."""
    return ".".join(step for step in path if isinstance(step, str))


def _unknown(key: str, keys: tuple[str, ...], path: Path) -> str:
    """What to say of a key that is not one of `keys`."""
    homes = [home for home in _homes().get(key, ()) if home != _header(path)]
    if homes:
        places = " or ".join(f"[{home}]" if home else "the top of the document" for home in homes)
        return f"{key} does not belong here but in {places}"
    close = _close(key, keys)
    return f"unknown key; did you mean {close}?" if close else "unknown key"


@cache
def _homes() -> Mapping[str, tuple[str, ...]]:
    """For every key of the document the headers under which it may stand."""
    homes: dict[str, list[str]] = {}

    def visit(node: inspect.Type, header: str) -> None:
        match node:
            case inspect.Metadata(type=inner):
                visit(inner, header)
            case inspect.UnionType(types=types):
                for inner in types:
                    visit(inner, header)
            case inspect.VarTupleType(item_type=item):
                visit(item, header)
            case inspect.StructType(fields=fields):
                for field in fields:
                    name = field.encode_name
                    homes.setdefault(name, []).append(header)
                    visit(field.type, f"{header}.{name}".lstrip("."))

    visit(_DOCUMENT, "")
    return {key: tuple(places) for key, places in homes.items()}
