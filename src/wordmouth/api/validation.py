"""Broken rules of a request, said in the caller's words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from wordmouth.api.errors import FieldError

_WORDS = {
    "missing": "is missing",
    "string_type": "takes a text",
    "string_unicode": "holds half of a Unicode surrogate pair, which is no sign",
    "int_type": "takes a whole number",
    "int_parsing": "takes a whole number",
    "int_from_float": "takes a whole number",
    "int_parsing_size": "is too large a number",
    "bool_type": "takes true or false",
    "model_type": "takes an object",
    "model_attributes_type": "takes an object",
    "dict_type": "takes an object",
}


def field_errors(errors: Iterable[dict[str, Any]], known: Sequence[str]) -> list[FieldError]:
    """What pydantic found, as (path, message); `known` are the names of the body's fields."""
    return [_field_error(error, known) for error in errors]


def unknown_name(name: str, known: Iterable[str]) -> str:
    """What to say of a name that is not taken: the likely one, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return f"is not known; did you mean {close[0]}?"
    return f"is not known; allowed: {', '.join(names)}" if names else "is not known"


def _field_error(error: dict[str, Any], known: Sequence[str]) -> FieldError:
    source, *place = error["loc"]
    if source == "body":
        place = place[1:]
    path = _path([*([] if source == "body" else [source]), *place]) or "body"
    if error["type"] == "extra_forbidden":
        return FieldError(path=path, message=unknown_name(str(place[-1]), known))
    return FieldError(path=path, message=_message(error))


def _message(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "string_too_long":
        return f"has more than {context['max_length']} signs"
    if kind == "string_too_short":
        return "is empty" if context["min_length"] == 1 else "is too short"
    if kind in ("greater_than_equal", "less_than_equal"):
        word = "at least" if kind == "greater_than_equal" else "at most"
        return f"takes a number of {word} {context['ge' if 'ge' in context else 'le']}"
    if kind in ("literal_error", "enum"):
        return f"takes one of: {str(context['expected']).replace(' or ', ', ')}"
    if kind == "string_pattern_mismatch":
        return f"does not have the form {context['pattern']}"
    if kind == "value_error":
        return str(context["error"])
    message = str(error["msg"])
    return message[:1].lower() + message[1:]


def _path(place: Sequence[str | int]) -> str:
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else str(step)
    return path
