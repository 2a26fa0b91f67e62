"""The vouchers of the fake twin of Saleor."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from wordmouth.integrations.saleor.twin_forms import name_of, time
from wordmouth.kit import clock
from wordmouth.kit.money import exponent

KEPT = ("name", "startDate", "endDate", "usageLimit", "discountValueType", "type")


class Vouchers:
    """What a Saleor has of vouchers and channels; every attribute may be read and set by a test."""

    def __init__(self) -> None:
        self.vouchers: dict[str, dict[str, Any]] = {}
        self.channels = [channel(1, "eu", "EUR"), channel(2, "us", "USD")]
        self._number = 1000

    def new_number(self) -> int:
        """A number that nothing has."""
        self._number += 1
        return self._number

    def use(self, code: str) -> None:
        """Somebody uses a voucher. Cancelling the order does not give it back."""
        for voucher in self.vouchers.values():
            for each in voucher["codeRows"]:
                each["used"] += each["code"] == code

    def own_coupon(self, code: str) -> None:
        """The shop makes a voucher by itself."""
        made = self.create(input={"name": "Autumn", "addCodes": [code]})["voucher"]
        made["channelListings"] = [listing(self.channels[0], {"discountValue": "5"})]

    def usable(self, code: str) -> int:
        """How many vouchers of that code are worth something now."""
        return sum(_is_usable(each, code) for each in self.vouchers.values())

    def find(self, filter: dict[str, Any] | None = None, **page: Any) -> dict[str, Any]:
        """By parts of names and of codes, in any capitals."""
        search = ((filter or {}).get("search") or "").lower()
        found = [
            each
            for each in self.vouchers.values()
            if search in (each["name"] or "").lower()
            or any(search in row["code"].lower() for row in each["codeRows"])
        ]
        nodes = found[: page["first"]]
        more = {"hasNextPage": len(found) > len(nodes), "hasPreviousPage": False}
        return {"edges": [{"node": node, "cursor": ""} for node in nodes], "pageInfo": more}

    def create(self, input: dict[str, Any]) -> dict[str, Any]:
        """A voucher with its codes, which is worth nothing in any channel yet."""
        for code in input["addCodes"]:
            if any(row["code"] == code for each in self.vouchers.values() for row in _rows(each)):
                return _no("addCodes", "ALREADY_EXISTS", f"Voucher code {code} already exists.")
        for product in input.get("products") or ():
            _resolve(product, "Product")
        name = name_of("Voucher", self.new_number())
        rows = [
            {"id": name_of("VoucherCode", self.new_number()), "code": code, "used": 0}
            for code in input["addCodes"]
        ]
        made = {
            "id": name,
            **dict.fromkeys(KEPT),
            "startDate": time(clock.now()),
            "products": [],
            "applyOncePerOrder": False,
            **{key: value for key, value in input.items() if key != "addCodes"},
            "codeRows": rows,
            "codes": _codes(rows),
            "channelListings": [],
        }
        if problem := _times(made):
            return problem
        self.vouchers[name] = made
        return {"errors": [], "voucher": made}

    def update(self, id: str, input: dict[str, Any]) -> dict[str, Any]:
        """Change a voucher."""
        if id not in self.vouchers:
            return _no("id", "NOT_FOUND", f"Couldn't resolve to a node: {id}")
        changed = {**self.vouchers[id], **input}
        if problem := _times(changed):
            return problem
        self.vouchers[id] = changed
        return {"errors": [], "voucher": changed}

    def delete(self, id: str) -> dict[str, Any]:
        """Take a voucher away."""
        if id not in self.vouchers:
            return _no("id", "NOT_FOUND", f"Couldn't resolve to a node: {id}")
        return {"errors": [], "voucher": self.vouchers.pop(id)}

    def set_worth(self, id: str, input: dict[str, Any]) -> dict[str, Any]:
        """What a voucher is worth in channels; all of them or none."""
        voucher = self.vouchers.get(id)
        if voucher is None:
            return _no("id", "NOT_FOUND", f"Couldn't resolve to a node: {id}")
        known = {each["id"]: each for each in self.channels}
        made = []
        for given in input["addChannels"]:
            where = known[given["channelId"]]
            if problem := _worth(voucher, given, where["currencyCode"]):
                return problem
            made.append(listing(where, given))
        voucher["channelListings"] = made
        return {"errors": [], "voucher": voucher}


def channel(number: int, slug: str, currency: str) -> dict[str, Any]:
    """A part of the shop with a currency of its own."""
    name = name_of("Channel", number)
    return {"id": name, "slug": slug, "currencyCode": currency, "isActive": True}


def listing(where: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What a voucher is worth in one channel."""
    least = given.get("minAmountSpent")
    spent = {"currency": where["currencyCode"], "amount": float(least)} if least else None
    return {
        "id": name_of("VoucherChannelListing", where["slug"]),
        "channel": where,
        "discountValue": float(given["discountValue"]),
        "minSpent": spent,
    }


def _rows(voucher: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = voucher["codeRows"]
    return rows


def _codes(rows: list[dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def codes(info: GraphQLResolveInfo[Any], first: int) -> dict[str, Any]:
        return {"edges": [{"node": row} for row in rows[:first]]}

    return codes


def _is_usable(voucher: dict[str, Any], code: str) -> bool:
    ends, limit = voucher["endDate"], voucher["usageLimit"]
    used = [row["used"] for row in _rows(voucher) if row["code"] == code]
    return (
        bool(used)
        and bool(voucher["channelListings"])
        and (ends is None or datetime.fromisoformat(ends) >= clock.now())
        and (limit is None or sum(used) < limit)
    )


def _times(voucher: dict[str, Any]) -> dict[str, Any] | None:
    ends = voucher["endDate"]
    if ends and datetime.fromisoformat(ends) < datetime.fromisoformat(voucher["startDate"]):
        return _no("endDate", "INVALID", "End date cannot be before the start date.")
    return None


def _worth(voucher: dict[str, Any], given: dict[str, Any], currency: str) -> dict[str, Any] | None:
    value = Decimal(given["discountValue"])
    if voucher["discountValueType"] == "PERCENTAGE":
        if value > 100:
            return _no("discountValue", "INVALID", "Cannot be greater than 100.")
    elif -int(value.as_tuple().exponent) > exponent(currency):
        return _no("discountValue", "INVALID", "Value has too many decimal places.")
    return None


def _resolve(name: str, kind: str) -> None:
    """Saleor refuses the whole question for an id that is none of that kind."""
    try:
        known = base64.b64decode(name, validate=True).startswith(f"{kind}:".encode())
    except (binascii.Error, ValueError):
        known = False
    if not known:
        raise GraphQLError(f"Invalid ID: {name}. Expected: {kind}.")


def _no(field: str, code: str, message: str) -> dict[str, Any]:
    errors = [{"field": field, "code": code, "message": message}]
    return {"errors": errors, "voucher": None}
