"""Arrays as PostgreSQL reads them from text.

The driver's own way looks for signs to escape with a pattern, value by value, and escapes them one
by one: for a batch of orders that took longer than everything else together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any


def array_text(values: Iterable[Any]) -> str:
    """An array of one dimension of texts, numbers, truths, moments, bytes or None.

    Source: PostgreSQL's manual, 8.15.6 "Array Input and Output Syntax".
    """
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if value is None:
        return "NULL"
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f'"\\\\x{value.hex()}"'
    return str(value)
