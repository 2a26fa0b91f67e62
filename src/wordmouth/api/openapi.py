"""The OpenAPI document: what ninja writes, made whole.

Ninja knows the operations and their shapes. Added here, by rule and not by hand: the problems
each operation can answer, the headers, the schemas that other rooms own.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
from ninja import NinjaAPI

from wordmouth.api.documents import order_schemas, program_schemas
from wordmouth.api.problems import PROBLEM
from wordmouth.api.shapes import Problem
from wordmouth.api.surface import METHODS

PREFIX = "/api/v1/"
_REF = "#/components/schemas/{model}"
_PROBLEMS = {
    400: ("Malformed", "The body is not JSON."),
    401: ("Unauthorized", "The API key is missing, malformed, unknown or revoked."),
    404: ("NotFound", "There is no such thing in this store."),
    409: ("Conflict", "Not possible in this state, or the Idempotency-Key is in use."),
    411: ("LengthRequired", "The body came without a Content-Length."),
    413: ("TooLarge", "The body has more than 256 kB."),
    415: ("UnsupportedMediaType", "The body is in the wrong form."),
    422: ("Invalid", "Something in the request breaks its rules; `errors` lists all of it."),
    429: ("RateLimited", "Too many requests; wait for `Retry-After` seconds."),
}


def whole_document(api: NinjaAPI, server: str) -> dict[str, Any]:
    """The document of the API for the site at `server`."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    document["servers"] = [{"url": server}]
    schemas = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template=_REF)
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    schemas.update(program_schemas())
    schemas.update(order_schemas())
    document["components"]["responses"] = _problem_responses()
    document["components"]["headers"] = _HEADERS
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                _complete(path, method, item[method])
    # As readers will have it: lists for tuples, texts for the numbers of statuses.
    written: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return written


def route_to_path(route: str) -> str:
    """A Django route below PREFIX as an address of the document."""
    return PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


_HEADERS = {
    "RequestId": {
        "description": "The request's id: yours, if you sent one, or ours.",
        "schema": {"type": "string"},
    },
    "Replayed": {
        "description": "`true` where the stored reply to an earlier request is given again.",
        "schema": {"type": "string"},
    },
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "Any text that you use once: the reply is kept for 24 hours and given again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
}


def _problem_responses() -> dict[str, Any]:
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    known = {name: {"description": text, "content": content} for name, text in _PROBLEMS.values()}
    return {**known, "Problem": {"description": "Any other problem.", "content": content}}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    writes = method in ("post", "put")
    has_body = "requestBody" in operation
    private = bool(operation.get("security"))
    statuses = {
        400: has_body,
        401: private,
        404: "{" in path or not private,
        409: writes,
        411: has_body,
        413: has_body,
        415: has_body,
        422: True,
        429: not private,
    }
    responses = {str(status): found for status, found in operation["responses"].items()}
    for status, applies in statuses.items():
        if applies:
            reference = f"#/components/responses/{_PROBLEMS[status][0]}"
            responses.setdefault(str(status), {"$ref": reference})
    responses["default"] = {"$ref": "#/components/responses/Problem"}
    for name, response in responses.items():
        if name.startswith("2"):
            response["headers"] = _success_headers(writes)
    operation["responses"] = responses
    if writes:
        operation.setdefault("parameters", []).append(_IDEMPOTENCY_KEY)


def _success_headers(writes: bool) -> dict[str, Any]:
    headers = {"X-Request-Id": {"$ref": "#/components/headers/RequestId"}}
    if writes:
        headers["Idempotent-Replayed"] = {"$ref": "#/components/headers/Replayed"}
    return headers
