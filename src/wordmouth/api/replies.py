"""Successful answers."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

JSON = "application/json"


def reply(shape: BaseModel, status: int = 200) -> HttpResponse:
    """A shape as the body of an answer."""
    return HttpResponse(shape.model_dump_json(), status=status, content_type=JSON)


def cached_reply(request: HttpRequest, shape: BaseModel, seconds: int) -> HttpResponse:
    """A public shape that may be kept for a while and asked for again by its ETag."""
    return with_etag(request, HttpResponse(shape.model_dump_json(), content_type=JSON), seconds)


def with_etag(request: HttpRequest, response: HttpResponse, seconds: int) -> HttpResponse:
    """The answer with an ETag, or 304 where the caller has it already (RFC 9110, 13.1.2)."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    given = {part.strip().removeprefix("W/") for part in _if_none_match(request).split(",")}
    if etag in given or "*" in given:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


def _if_none_match(request: HttpRequest) -> str:
    return str(request.headers.get("If-None-Match", ""))
