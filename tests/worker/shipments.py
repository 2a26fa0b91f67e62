"""Orders as a shop would tell them."""

from datetime import timedelta

from wordmouth.kit import clock


def order(number, *, codes=(), delivered=False):
    """A paid order of the friend, in the generic format, as of now."""
    now = clock.now()
    placed = (now - timedelta(minutes=1)).isoformat()
    return {
        "id": str(number),
        "updated_at": now.isoformat(),
        "placed_at": placed if not delivered else None,
        "paid_at": placed,
        "delivered_at": now.isoformat() if delivered else None,
        "currency": "EUR",
        "totals": {"grand": 4500, "items": 5000, "discount": 500},
        "customer": {"email": f"friend{number}@example.com"},
        "discount_codes": list(codes),
    }
