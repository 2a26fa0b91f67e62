"""What every answer of the API has, from the door before Django as from the one behind it."""

from __future__ import annotations

import re
from typing import Any

from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.ids import new_id

EXPOSED_HEADERS = "ETag, Idempotent-Replayed, Retry-After, X-Request-Id"
"""What a page of another origin may read beside the body."""

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def request_id(given: str) -> str:
    """The id of a request: the one that the caller gave, where it can be used, else a new one."""
    return given if _GIVEN_ID.fullmatch(given) else new_id("req")


def problem_of(error: WordmouthError) -> dict[str, Any]:
    """The problem document; a list of things that are wrong is always called `errors`."""
    problem = error.problem()
    if "problems" in problem:
        listed = problem.pop("problems")
        problem["errors"] = [
            {key: value for key, value in entry.items() if value not in (None, [], ())}
            if isinstance(entry, dict)
            else {"path": "", "message": str(entry)}
            for entry in listed
        ]
    return problem
