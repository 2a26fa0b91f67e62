"""Errors as a small typed vocabulary with one JSON shape (RFC 9457 problem details)."""

from __future__ import annotations

from typing import Any


class WordmouthError(Exception):
    """Something the caller can understand and mend.

    A subclass fixes `code` (stable, for machines), `status` (HTTP) and `title` (for people);
    `detail` says what was wrong this time and what is allowed.
    """

    code = "error"
    status = 400
    title = "The request could not be carried out"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra

    def problem(self) -> dict[str, Any]:
        """The error as a problem document."""
        return {
            "type": f"https://wordmouth.dev/errors/{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.extra,
        }


class NotFound(WordmouthError):
    """There is no such thing in this store (or it belongs to another)."""

    code, status, title = "not_found", 404, "Not found"


class Invalid(WordmouthError):
    """The input does not have the required form."""

    code, status, title = "invalid", 422, "The input is not valid"


class Conflict(WordmouthError):
    """The thing is not in a state that allows this."""

    code, status, title = "conflict", 409, "Not possible in this state"
