"""Bodies of deliveries as what they should be."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from wordmouth.integrations.errors import BadDelivery

T = TypeVar("T")


def read_json(body: bytes, kind: type[T]) -> T:
    """The thing that a body tells in JSON; NUL signs, which PostgreSQL does not keep, are left out
    of its texts. Raises BadDelivery with the place and what is wrong there."""
    try:
        return msgspec.json.decode(body.replace(b"\\u0000", b""), type=kind)
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at ")
        place = path.strip("`").removeprefix("$").removeprefix(".")
        raise BadDelivery([(place, what[:1].lower() + what[1:])]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadDelivery([("", f"is not valid JSON in UTF-8: {error}")]) from error
