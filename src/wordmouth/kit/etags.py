"""Strong entity tags: one body, one tag (RFC 9110, 8.8.3 and 13.1.2)."""

from __future__ import annotations

import hashlib


def etag_of(body: bytes) -> str:
    """The tag of a body, in its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether the caller, who sent `If-None-Match`, has this body already."""
    if not if_none_match:
        return False
    given = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return etag in given or "*" in given
