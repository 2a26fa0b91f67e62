"""Every answer that is not a success: one JSON shape (RFC 9457) with a stable code."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja.errors import AuthenticationError, HttpError, ValidationError

from wordmouth.api.answers import problem_of
from wordmouth.api.errors import (
    Internal,
    Malformed,
    MethodRefused,
    RequestInvalid,
    Unauthorized,
    UnknownAddress,
)
from wordmouth.api.surface import Declared
from wordmouth.api.validation import field_errors
from wordmouth.kit.asgi import TooLarge, TryAgain, Unavailable
from wordmouth.kit.errors import WordmouthError

PROBLEM = "application/problem+json"

_log = structlog.get_logger(__name__)


def problem_response(request: HttpRequest, found: Exception | type[Exception]) -> HttpResponse:
    """The answer for anything that was raised. What the caller cannot mend is logged, not told."""
    error = as_error(found, _fields(request))
    if error.status >= 500:
        _log.error("api request failed", code=error.code, path=request.path, exc_info=True)
    body = msgspec.json.encode({**problem_of(error), "request_id": request_id(request)})
    response = HttpResponse(body, status=error.status, content_type=PROBLEM)
    if isinstance(error, Unauthorized):
        response["WWW-Authenticate"] = 'Bearer realm="wordmouth"'
    if isinstance(error, MethodRefused):
        response["Allow"] = error.allowed
    if isinstance(error, TryAgain):
        response["Retry-After"] = str(error.retry_after)
    return response


def as_error(found: object, known: Sequence[str] = ()) -> WordmouthError:
    """What was raised, as an error that can be told to the caller.

    `known` are the fields of the operation's body, for whoever misspelt one.
    """
    if isinstance(found, WordmouthError):
        return _telling(found)
    if isinstance(found, AuthenticationError):
        return Unauthorized("send a live key: Authorization: Bearer wm_live_... or wm_test_...")
    if isinstance(found, HttpError):
        cause = found.__cause__
        if cause is None or isinstance(cause, HttpError):
            return Internal("this request could not be carried out; we were told")
        return as_error(cause)
    if isinstance(found, ValidationError):
        return RequestInvalid(field_errors(found.errors, known))
    if isinstance(found, OperationalError | InterfaceError):
        return Unavailable("the database does not answer; nothing was done", 5)
    return _of_django(found)


def _of_django(found: object) -> WordmouthError:
    if isinstance(found, RequestDataTooBig):
        return TooLarge("the body is too large")
    if isinstance(found, UnreadablePostError):
        return Malformed("the body ended before it was complete")
    if isinstance(found, Http404):
        return UnknownAddress("there is nothing at this address")
    return Internal("this request could not be carried out; the log has it under the request's id")


def _telling(error: WordmouthError) -> WordmouthError:
    """A 5xx of a room speaks of our own inside; the caller is told no more than that."""
    if error.status < 500 or isinstance(error, TryAgain | Internal):
        return error
    return Internal("this request could not be carried out; the log has it under the request's id")


def request_id(request: HttpRequest) -> str:
    """The id of a request, as the door gave it."""
    return str(getattr(request, "request_id", ""))


def _fields(request: HttpRequest) -> Sequence[str]:
    declared: Declared | None = getattr(request, "declared", None)
    return declared.fields if declared else ()
