"""Orders of 3 kB as a shop delivers them, each another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

BODY_BYTES = 3000
_LINES = 12
_ORDER, _CODE = "ORDER-NAME", "REFERRAL-CODE"


def code(number: int) -> str:
    """The code of the advocate with this number: as scattered as drawn ones, and known again."""
    return f"WM-{number * 2654435761 % 2**32:08X}"


class Orders:
    """Makes the bodies of deliveries. Orders of one maker are placed at the same moment."""

    def __init__(self, now: datetime | None = None) -> None:
        at = now or datetime.now(UTC)
        self._named, self._plain = (self._split(at, named) for named in (True, False))

    def body(self, name: str, referral_code: str | None) -> bytes:
        """The delivery that tells of order `name`, which names a referral code or none."""
        if referral_code is None:
            return name.encode().join(self._plain)
        head, tail = self._named[-1].split(_CODE.encode())
        last = head + referral_code.encode() + tail
        return name.encode().join([*self._named[:-1], last])

    @staticmethod
    def _split(at: datetime, named: bool) -> list[bytes]:
        """The body around each place where the order's name belongs, filled up to its size."""
        text = _delivery(at, named, "")
        text = _delivery(at, named, "x" * (BODY_BYTES - len(text)))
        return text.split(_ORDER.encode())


def _delivery(at: datetime, named: bool, note: str) -> bytes:
    order = {
        "id": _ORDER,
        "number": f"#{_ORDER}",
        "updated_at": _told(at),
        "placed_at": _told(at - timedelta(minutes=2)),
        "paid_at": _told(at - timedelta(minutes=1)),
        "currency": "EUR",
        "totals": {"items": 6000, "discount": 0, "shipping": 400, "tax": 0, "grand": 6400},
        "customer": {
            "id": f"c-{_ORDER}",
            "email": f"{_ORDER}@example.com",
            "first_name": "Fe",
            "last_name": "Lo",
            "locale": "en",
        },
        "discount_codes": [],
        "lines": [_line(number) for number in range(_LINES)],
        "shipping_address": {"country": "EE"},
        "note": note,
        "attribution": {"token": None, "code": _CODE if named else None},
    }
    told = {"type": "order.snapshot", "timestamp": _told(at), "data": order}
    return msgspec.json.encode(told)


def _line(number: int) -> dict[str, object]:
    return {
        "id": str(number),
        "product_id": f"p-{number}",
        "sku": f"TEA-{number}",
        "name": f"Tea of the garden number {number}",
        "category": "Drinks",
        "quantity": 1,
        "unit_price": 500,
        "total": 500,
    }


def _told(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
