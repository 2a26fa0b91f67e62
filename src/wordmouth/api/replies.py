"""Successful answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from wordmouth.kit import etags

JSON = "application/json"


def reply(shape: BaseModel, status: int = 200) -> HttpResponse:
    """A shape as the body of an answer."""
    return HttpResponse(shape.model_dump_json(), status=status, content_type=JSON)


def cached_reply(request: HttpRequest, body: bytes, seconds: int) -> HttpResponse:
    """Public JSON that may be kept for a while and asked for again by its ETag."""
    return with_etag(request, HttpResponse(body, content_type=JSON), seconds)


def with_etag(request: HttpRequest, response: HttpResponse, seconds: int) -> HttpResponse:
    """The answer with an ETag, or 304 where the caller has it already (RFC 9110, 13.1.2)."""
    etag = etags.etag_of(response.content)
    if etags.is_known(etag, str(request.headers.get("If-None-Match", ""))):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
