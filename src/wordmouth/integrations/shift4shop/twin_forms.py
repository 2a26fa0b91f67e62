"""What the fake twin of Shift4Shop says, field by field as its reference describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wordmouth.integrations.shift4shop.parse import EASTERN

STATUSES = {
    1: "New",
    2: "Processing",
    3: "Partial",
    4: "Shipped",
    5: "Cancel",
    6: "Hold",
    7: "Not Completed",
    8: "Custom 1",
    9: "Custom 2",
    10: "Custom 3",
    11: "Unpaid",
}
EVENTS = {3: "Customer New", 1: "Order New", 2: "Order Status Change"}


def eastern(at: datetime) -> str:
    """A time as the shop writes it, without a word about zones."""
    return at.astimezone(EASTERN).strftime("%Y-%m-%dT%H:%M:%S")


def order(number: int, now: datetime) -> dict[str, Any]:
    """An order of 80.00 for two pieces, whose checkout is not completed."""
    return {
        "InvoiceNumberPrefix": "AB-",
        "InvoiceNumber": number + 1000,
        "OrderID": number,
        "CustomerID": 0,
        "OrderDate": eastern(now),
        "OrderStatusID": 7,
        "LastUpdate": eastern(now),
        "UserID": "",
        "SalesPerson": "",
        "BillingFirstName": "Fr",
        "BillingLastName": "Iend",
        "BillingCity": "Austin",
        "BillingState": "TX",
        "BillingCountry": "US",
        "BillingEmail": "friend@example.com",
        "BillingPaymentMethod": "Online Credit Card",
        "BillingOnLinePayment": False,
        "ShipmentList": [{"ShipmentID": 0, "ShipmentCost": 0.0}],
        "OrderItemList": [item(number * 10, 80)],
        "PromotionList": [],
        "OrderDiscount": 0.0,
        "SalesTax": 0.0,
        "SalesTax2": 0.0,
        "SalesTax3": 0.0,
        "OrderAmount": 80.0,
        "TransactionList": [],
        "IP": "192.0.2.7",
    }


def item(number: int, total: float) -> dict[str, Any]:
    """One piece for so much."""
    return {
        "CatalogID": 10,
        "ItemIndexID": number,
        "ItemID": "TEE",
        "ItemShipmentID": 0,
        "ItemQuantity": 1.0,
        "ItemDescription": "Tee",
        "ItemUnitPrice": total,
        "ItemOptionPrice": 0.0,
    }


def moved(number: int, kind: str, amount: float, now: datetime) -> dict[str, Any]:
    """Money that moved."""
    return {
        "TransactionIndexID": number,
        "TransactionID": f"t{number}",
        "TransactionDateTime": eastern(now),
        "TransactionType": kind,
        "TransactionMethod": "Online Credit Card",
        "TransactionAmount": amount,
        "TransactionCaptured": 1 if kind == "Sale" else 0,
    }


def customer(number: int, email: str, now: datetime) -> dict[str, Any]:
    """Somebody with an account."""
    return {
        "CustomerID": number,
        "Email": email,
        "BillingFirstName": "C",
        "BillingLastName": "U",
        "LastUpdate": eastern(now),
    }


def result(number: int, status: int, message: str) -> list[dict[str, str]]:
    """What is answered to a change, and in the place of what is not there."""
    return [{"Key": "Id", "Value": str(number), "Status": str(status), "Message": message}]
