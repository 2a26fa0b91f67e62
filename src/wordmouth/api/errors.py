"""What the door itself can find wrong with a request; `docs/errors.md` explains each code."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wordmouth.kit.asgi import MethodNotAllowed, TryAgain
from wordmouth.kit.errors import Conflict, Invalid, WordmouthError


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing wrong in a request: where (`lines[0].total`, `query.limit`) and what."""

    path: str
    message: str
    line: int | None = None
    allowed: tuple[str, ...] = ()


class Malformed(WordmouthError):
    """The body is not JSON."""

    code, status, title = "malformed_body", 400, "The body could not be read"


class Unauthorized(WordmouthError):
    """The API key is missing, malformed, unknown or revoked."""

    code, status, title = "unauthorized", 401, "A valid API key is needed"


class UnknownAddress(WordmouthError):
    """There is nothing at this address, whatever the store."""

    code, status, title = "unknown_address", 404, "There is nothing at this address"


class MethodRefused(MethodNotAllowed):
    """The address exists, but not with this method. `allowed` goes into the Allow header."""

    def __init__(self, detail: str, allowed: str) -> None:
        super().__init__(detail)
        self.allowed = allowed


class LengthRequired(WordmouthError):
    """The request has a body without a Content-Length."""

    code, status, title = "length_required", 411, "Content-Length is missing"


class UnsupportedMediaType(WordmouthError):
    """The body is in a form that the operation does not read."""

    code, status, title = "unsupported_media_type", 415, "The body is in the wrong form"


class RequestInvalid(Invalid):
    """Something in the request breaks its rules; `errors` lists all of it."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        listed = [msgspec.to_builtins(error) for error in errors]
        detail = "; ".join(f"{error.path}: {error.message}" for error in errors)
        super().__init__(detail, errors=listed)


class IdempotencyMismatch(Invalid):
    """The key was used for another request."""

    code, title = "idempotency_mismatch", "This Idempotency-Key belongs to another request"


class IdempotencyInFlight(Conflict):
    """The first request with this key is still under way."""

    code, title = "idempotency_in_flight", "A request with this Idempotency-Key is under way"


class RateLimited(TryAgain):
    """Too many requests from one place or about one code."""

    code, status, title = "rate_limited", 429, "Too many requests"


class Internal(WordmouthError):
    """A fault of ours; the log has the whole of it under the request's id."""

    code, status, title = "internal_error", 500, "Something went wrong on our side"
