"""What every request to the API passes, whatever the operation behind it.

Here are: the request's id, the refusal of what the document does not declare, the limit of the
body, CORS of the public operations, HEAD and OPTIONS, and the one place where whatever is
raised becomes a problem.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from wordmouth.api.answers import EXPOSED_HEADERS, request_id
from wordmouth.api.errors import (
    FieldError,
    LengthRequired,
    MethodRefused,
    RequestInvalid,
    UnknownAddress,
    UnsupportedMediaType,
)
from wordmouth.api.problems import problem_response
from wordmouth.api.reading import MAX_BODY
from wordmouth.api.surface import Declared, Operations
from wordmouth.api.validation import unknown_name
from wordmouth.kit.asgi import TooLarge

View = Callable[..., HttpResponseBase]

_PREFLIGHT_HEADERS = "Content-Type, Idempotency-Key, If-None-Match"


def door(view: View, operations: Callable[[], Operations]) -> View:
    """The view behind the door. `operations` are those declared for its address."""

    def enter(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        request.request_id = request_id(request.headers.get("X-Request-Id", ""))  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):  # type: ignore[attr-defined]
            response = _answer(request, view, operations, parts)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Cache-Control", "no-store")
        return response

    enter.csrf_exempt = True  # type: ignore[attr-defined]
    return enter


def unknown_address(request: HttpRequest, **_: Any) -> HttpResponseBase:
    """The view of every address under /api that does not exist."""
    raise UnknownAddress(f"nothing is at {request.path[:200]}; see /api/v1/openapi.json")


def _answer(
    request: HttpRequest, view: View, operations: Callable[[], Operations], parts: dict[str, Any]
) -> HttpResponseBase:
    public = False
    try:
        declared = operations()
        public = any(operation.public for operation in declared.values())
        response = _carry_out(request, view, declared, parts)
    except Exception as error:  # noqa: BLE001 - told as a problem, and logged there
        response = problem_response(request, error)
    if public:
        _open_to_other_origins(response)
    return response


def _carry_out(
    request: HttpRequest, view: View, declared: Operations, parts: dict[str, Any]
) -> HttpResponseBase:
    if not declared:
        return view(request, **parts)
    if request.method == "OPTIONS":
        return _options(declared)
    head = request.method == "HEAD" and "GET" in declared
    if head:
        request.method = "GET"
    operation = declared.get(str(request.method))
    if operation is None:
        allowed = ", ".join(_methods(declared))
        raise MethodRefused(f"{request.method} is not taken here; allowed: {allowed}", allowed)
    _check(request, operation, parts)
    response = view(request, **parts)
    return _without_body(response) if head else response


def _check(request: HttpRequest, operation: Declared, parts: dict[str, Any]) -> None:
    if any("\0" in str(part) for part in parts.values()):
        raise UnknownAddress("an address holds no NUL characters")
    _check_query(request, operation)
    _check_body(request, operation)
    request.declared = operation  # type: ignore[attr-defined]


def _check_query(request: HttpRequest, operation: Declared) -> None:
    errors = [
        FieldError(path=f"query.{name[:100]}", message=unknown_name(name, operation.queries))
        for name in request.GET
        if name not in operation.queries
    ]
    errors += [
        FieldError(path=f"query.{name}", message="holds a NUL character")
        for name in operation.queries
        if "\0" in request.GET.get(name, "")
    ]
    if errors:
        raise RequestInvalid(errors)


def _check_body(request: HttpRequest, operation: Declared) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower() and length == "0":
        raise LengthRequired("send the body with a Content-Length, not in chunks")
    if length.isdigit() and int(length) > MAX_BODY:
        raise TooLarge(f"the body has {length} bytes; at most {MAX_BODY} are taken")
    if not operation.media or not len(request.body):
        return
    given = (request.content_type or "").lower()
    if given not in operation.media:
        allowed = ", ".join(sorted(operation.media))
        raise UnsupportedMediaType(
            f"Content-Type is {given[:100] or 'missing'}; allowed: {allowed}"
        )


def _options(declared: Operations) -> HttpResponse:
    response = HttpResponse(status=204)
    methods = ", ".join(_methods(declared))
    response["Allow"] = methods
    if any(operation.public for operation in declared.values()):
        response["Access-Control-Allow-Methods"] = methods
        response["Access-Control-Allow-Headers"] = _PREFLIGHT_HEADERS
        response["Access-Control-Max-Age"] = "86400"
    return response


def _methods(declared: Operations) -> list[str]:
    return [*declared, *(["HEAD"] if "GET" in declared else []), "OPTIONS"]


def _open_to_other_origins(response: HttpResponseBase) -> None:
    """Any page may read a public answer; cookies never go with the request."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED_HEADERS


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response["Content-Length"] = str(length)
    return response
