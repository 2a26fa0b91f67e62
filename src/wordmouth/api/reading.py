"""JSON bodies, read strictly: what two readers could understand differently is refused."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from wordmouth.api.errors import Malformed

MAX_BODY = 256 * 1024
"""Bytes; the same as for a delivery."""

MAX_DEPTH = 32
"""Objects and lists inside each other; the deepest thing we take has five levels."""


class _Repeated(ValueError):
    """A key that stands twice in one object."""


class StrictParser(Parser):
    """Reads the bodies of all operations."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of the body. Raises Malformed."""
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """The value of a JSON text. Raises Malformed, which says where it stops being one.

    Refused beside syntax errors: keys given twice, NaN and Infinity, NUL characters (which no
    database keeps), and more than MAX_DEPTH levels.
    """
    try:
        value = json.loads(body.decode(), object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Malformed(f"not valid JSON at {place}: {error.msg}") from None
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None
    except _Repeated as error:
        raise Malformed(str(error)) from None
    except (ValueError, RecursionError):
        raise Malformed("not valid JSON: a number is too long or the nesting too deep") from None
    _check(value, 0)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(f"the key {json.dumps(key)} is given twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise _Repeated(f"{name} is not JSON")


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Malformed(f"the body has more than {MAX_DEPTH} levels of objects and lists")
    if isinstance(value, str):
        if "\0" in value:
            raise Malformed("the body holds a NUL character")
    elif isinstance(value, dict):
        for key, part in value.items():
            _check(key, depth)
            _check(part, depth + 1)
    elif isinstance(value, list):
        for part in value:
            _check(part, depth + 1)
