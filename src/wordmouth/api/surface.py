"""What the OpenAPI document declares, as the door asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

METHODS = ("get", "put", "post", "patch", "delete")


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """One operation: its query parameters, the media types and the fields of its body."""

    queries: frozenset[str]
    media: frozenset[str]
    fields: tuple[str, ...]
    public: bool


Operations = Mapping[str, Declared]
"""The operations of one address by method, in capitals."""


def operations_of(document: Mapping[str, Any], path: str) -> Operations:
    """What may be done at one address of the document; empty for one it does not have."""
    item = document["paths"].get(path, {})
    schemas = document["components"]["schemas"]
    return {
        method.upper(): _declared(item[method], schemas) for method in METHODS if method in item
    }


def _declared(operation: Mapping[str, Any], schemas: Mapping[str, Any]) -> Declared:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("schema", {})
    body = schemas.get(str(body.get("$ref", "")).rpartition("/")[2], body)
    parameters = operation.get("parameters", [])
    return Declared(
        queries=frozenset(part["name"] for part in parameters if part["in"] == "query"),
        media=frozenset(content),
        fields=tuple(body.get("properties", {})),
        public=not operation.get("security"),
    )
