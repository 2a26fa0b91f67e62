"""Which column of a file is which field of an order. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

FIELDS: Mapping[str, str] = {
    "id": "the shop's own id of the order; without it the id follows from the row",
    "number": "the order number that people see",
    "placed_at": "when it was placed",
    "paid_at": "when it was paid; empty: it was not",
    "fulfilled_at": "when it was sent off",
    "delivered_at": "when it arrived",
    "cancelled_at": "when it was cancelled",
    "charged_back_at": "when the buyer's bank took the payment back",
    "updated_at": "when the shop last changed it",
    "email": "the buyer's e-mail address",
    "customer_id": "the shop's own id of the buyer",
    "first_name": "the buyer's first name",
    "last_name": "the buyer's last name",
    "grand": "what was charged in all",
    "items": "the goods before discounts",
    "subtotal": "the goods after discounts, where `items` is not given",
    "discount": "what discounts took off",
    "shipping": "what shipping cost",
    "tax": "tax on top of the prices",
    "refunded": "what was given back",
    "currency": "currency code (ISO 4217)",
    "status": "paid, cancelled, refunded and the like",
    "code": "the discount codes that were used",
    "country": "country code of two letters",
}
"""The fields that a column can be, in the order in which rows are made into ids."""

REQUIRED = ("placed_at", "grand")

_NAMES: Mapping[str, str] = {
    "id": "id|order id|orderid|order number|order no|order|transaction id|invoice",
    "number": "number|order name",
    "placed_at": "placed at|created at|order date|date|ordered at|date created|created|"
    "purchase date|timestamp",
    "paid_at": "paid at|paid date|date paid|payment date",
    "fulfilled_at": "fulfilled at|shipped at|date shipped|date completed|completed date",
    "delivered_at": "delivered at|date delivered",
    "cancelled_at": "cancelled at|canceled at",
    "charged_back_at": "charged back at|chargeback date|chargeback at",
    "updated_at": "updated at|date modified|modified at",
    "email": "email|e mail|email billing|billing email|customer email|contact email|buyer email",
    "customer_id": "customer id|customerid|customer user|user id|client id|buyer id",
    "first_name": "first name|first name billing|billing first name|firstname",
    "last_name": "last name|last name billing|billing last name|lastname",
    "grand": "grand total|grand|order total|order total amount|total|total price|total amount|"
    "amount|dollar value|value|revenue|n revenue|net revenue",
    "items": "items|items total|subtotal|order subtotal|order subtotal amount",
    "discount": "discount|discounts|discount amount|discount total|cart discount amount",
    "shipping": "shipping|shipping amount|shipping total|shipping cost|order shipping amount",
    "tax": "tax|taxes|tax amount|total tax|order total tax amount|vat",
    "refunded": "refunded|refunded amount|refund amount|order refund amount|refund",
    "currency": "currency|order currency|currency code",
    "status": "status|financial status|order status|payment status",
    "code": "code|discount code|discount codes|coupon|coupons|coupon s|coupon code|coupon codes",
    "country": "country|shipping country|country code shipping|country code billing|"
    "billing country|country code",
}
"""For each field the column names that mean it, the surest first, as `plain` writes them."""

_SHOPIFY: Mapping[str, str] = {
    "id": "id",
    "name": "number",
    "subtotal": "subtotal",
    "taxes": "tax",
}
"""Where Shopify's order export says something else than the common names."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where the fields stand in a row: `places` has the index of each field's column."""

    names: tuple[str, ...]
    places: dict[str, int]

    def unused(self) -> list[str]:
        """The columns that nothing is read from."""
        used = set(self.places.values())
        return [name for index, name in enumerate(self.names) if index not in used]


class BadColumns(ValueError):
    """The columns cannot be made into orders; the text says what is missing or unknown."""


def plain(name: str) -> str:
    """A column's name in small letters, with one space for whatever parts words."""
    return re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()


def layout(names: Sequence[str], chosen: Mapping[str, str]) -> Layout:
    """The fields of the columns: as `chosen` says (column to field, "" for none), else guessed.

    Raises BadColumns for an unknown column or field, one named twice, or a required one missing.
    """
    trimmed = tuple(name.strip() for name in names)
    places = _placed(trimmed, chosen)
    ignored = {trimmed.index(column) for column, field in chosen.items() if not field}
    taken = set(places.values()) | ignored
    for field, index in _guessed(trimmed).items():
        if field not in places and index not in taken:
            places[field] = index
            taken.add(index)
    for field in REQUIRED:
        if field not in places:
            raise BadColumns(
                f"No column is known to say {field} ({FIELDS[field]}). The columns are "
                f"{', '.join(trimmed)}; say which with --map COLUMN={field}."
            )
    ordered = {field: places[field] for field in FIELDS if field in places}
    return Layout(names=trimmed, places=ordered)


def _placed(names: tuple[str, ...], chosen: Mapping[str, str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for column, field in chosen.items():
        if column not in names:
            raise BadColumns(f"There is no column {column!r}; there are {', '.join(names)}.")
        if field and field not in FIELDS:
            raise BadColumns(f"There is no field {field!r}; there are {', '.join(FIELDS)}.")
        if field in places:
            raise BadColumns(f"Two columns are said to be {field}; it can be one.")
        if field:
            places[field] = names.index(column)
    return places


def _guessed(names: tuple[str, ...]) -> dict[str, int]:
    found = [plain(name) for name in names]
    if "financial status" in found and "name" in found:
        places = {field: found.index(name) for name, field in _SHOPIFY.items() if name in found}
        if "id" not in places:
            places["id"] = places.pop("number")
    else:
        places = {}
    for field, alternatives in _NAMES.items():
        if field in places or (field == "items" and "subtotal" in places):
            continue
        for name in alternatives.split("|"):
            if name in found and found.index(name) not in places.values():
                places[field] = found.index(name)
                break
    return places
