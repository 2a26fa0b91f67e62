"""JSON Schemas of the bodies that other rooms read: the programme and the order snapshot."""

from __future__ import annotations

from typing import Any

import msgspec

from wordmouth.integrations.generic import wire
from wordmouth.programs.document import ProgramDocument

REF = "#/components/schemas/{name}"

PROGRAM_EXAMPLE = {
    "slug": "give-10-get-10",
    "name": "Give 10, get 10",
    "status": "live",
    "eligibility": {"friend": "new_customers", "min_order": 3000, "currency": "EUR"},
    "hold": {"after": "delivered", "days": 14, "fallback_days": 30},
    "offers": [
        {
            "key": "control",
            "friend": {"kind": "percent_off", "value": 10, "expires_days": 30},
            "advocate": [{"kind": "amount_off", "value": 1000}],
        }
    ],
}
ORDER_EXAMPLE = {
    "id": "1001",
    "updated_at": "2026-11-21T10:00:00Z",
    "placed_at": "2026-11-21T09:58:00Z",
    "paid_at": "2026-11-21T09:59:00Z",
    "currency": "EUR",
    "totals": {"items": 5000, "discount": 500, "shipping": 400, "tax": 0, "grand": 4900},
    "customer": {"id": "c-17", "email": "friend@example.com", "first_name": "Fe"},
    "discount_codes": ["WM-7K3Q-9XM2P-48RT"],
    "refunds": [],
}


def program_schemas() -> dict[str, Any]:
    """`ProgramDocument` and its parts, from the types that read it."""
    made = _schemas(ProgramDocument, "ProgramDocument", "Program")
    made["ProgramDocument"]["examples"] = [PROGRAM_EXAMPLE]
    return made


def order_schemas() -> dict[str, Any]:
    """`OrderSnapshot` and its parts, from the types that read it.

    The id may be left out: it stands in the address.
    """
    made = _schemas(wire.Order, "OrderSnapshot", "Snapshot")
    order = made["OrderSnapshot"]
    order["required"].remove("id")
    order["examples"] = [ORDER_EXAMPLE]
    return made


def _schemas(root: type[msgspec.Struct], name: str, prefix: str) -> dict[str, Any]:
    """The schema of `root` under `name`, and those of its parts under `prefix` and their own."""
    _, parts = msgspec.json.schema_components([root], ref_template=REF)
    names = {part: name if part == root.__name__ else f"{prefix}{part}" for part in parts}
    return {names[part]: _portable(schema, names) for part, schema in parts.items()}


def _portable(value: Any, names: dict[str, str]) -> Any:
    """References under the new names; patterns in the dialect of JSON Schema (ECMA-262)."""
    if isinstance(value, list):
        return [_portable(part, names) for part in value]
    if not isinstance(value, dict):
        return value
    made = {key: _portable(part, names) for key, part in value.items()}
    pattern, reference = value.get("pattern"), value.get("$ref")
    if isinstance(pattern, str):
        made["pattern"] = pattern.replace(r"\A", "^").replace(r"\Z", "$")
        if "\\u" in pattern:
            # Halves of surrogate pairs: no other dialect can name them.
            del made["pattern"]
    if isinstance(reference, str):
        made["$ref"] = REF.format(name=names[reference.rpartition("/")[2]])
    return made
