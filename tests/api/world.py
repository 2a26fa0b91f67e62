"""A store in which everything has happened: told through the doors, settled by the engine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.test import Client

from wordmouth.kit import clock
from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_write

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
PROBLEM = "application/problem+json"


class Answer(NamedTuple):
    """What the API answered."""

    status: int
    data: Any
    headers: Any
    text: str


class Api:
    """A caller of the API, with a key or without."""

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        self.client = Client(raise_request_exception=False)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        media: str = "application/json",
        **headers: str,
    ) -> Answer:
        """`headers` by name with underscores, such as `idempotency_key`."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key is not None:
            given.setdefault("authorization", f"Bearer {self.key}")
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        response = self.client.generic(
            method,
            f"/api/v1/{path}",
            "" if body is None else data,
            content_type=media,
            headers=given,
        )
        text = response.content.decode()
        kind = response.headers.get("Content-Type", "")
        parsed: Any = json.loads(text) if "json" in kind and text else None
        if response.status_code >= 400 and method != "HEAD":
            assert kind == PROBLEM, (response.status_code, kind, text[:300])
            assert parsed["status"] == response.status_code
            assert parsed["code"]
            replayed = "Idempotent-Replayed" in response.headers
            assert replayed or parsed["request_id"] == response.headers["X-Request-Id"]
        return Answer(response.status_code, parsed, response.headers, text)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("PUT", path, body, **headers)


def program(slug: str = "give-10-get-10", **changes: Any) -> dict[str, Any]:
    """A programme document that pays after delivery and 14 days."""
    return {
        "slug": slug,
        "name": "Give 10, get 10",
        "status": "live",
        "eligibility": {"friend": "new_customers", "min_order": 1000, "currency": "EUR"},
        "hold": {"after": "delivered", "days": 14, "fallback_days": 30},
        "offers": [
            {
                "key": "control",
                "friend": {"kind": "percent_off", "value": 10, "expires_days": 30},
                "advocate": [{"schedule": "each", "kind": "amount_off", "value": 1000}],
            }
        ],
        **changes,
    }


def order(external_id: str, email: str, code: str | None = None, **changes: Any) -> dict[str, Any]:
    """A paid order of somebody, bought with a discount code."""
    return {
        "id": external_id,
        "number": f"#{external_id}",
        "updated_at": clock.now().isoformat(),
        "placed_at": clock.now().isoformat(),
        "paid_at": clock.now().isoformat(),
        "currency": "EUR",
        "totals": {"items": 5000, "discount": 500, "shipping": 400, "tax": 0, "grand": 4900},
        "customer": {"email": email, "first_name": "Fe", "last_name": "Lo"},
        "discount_codes": [code] if code else [],
        **changes,
    }


class World:
    """One store, its key and the ids of what has happened in it; `mark` is in all its texts."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        made = stores.create_store(f"{mark} shop", currency="EUR", shop_url="https://shop.example")
        self.store_id, self.slug, self.key = made.store.id, made.store.slug, made.api_key
        self.api, self.public = Api(self.key), Api()
        self.program = f"{mark}-program"
        self._ok(self.api.put(f"programs/{self.program}", program(self.program)))
        advocate = self._ok(
            self.api.post(
                "advocates", {"email": f"mari@{mark}.example.com", "first_name": f"Mari {mark}"}
            )
        )
        self.advocate, self.code = advocate["id"], advocate["code"]

    def refer(self, number: int = 1) -> str:
        """A friend claims and buys; the referral's id."""
        email = f"friend{number}@{self.mark}.example.com"
        claim = self._ok(self.public.post("claims", {"code": self.code, "email": email}))
        self.claim = claim["id"]
        self.order = f"{self.mark}-{1000 + number}"
        self.buy(order(self.order, email, claim["coupon"]["code"]))
        found = self._ok(self.api.get(f"referrals?order={self.order}"))
        return str(found["data"][0]["id"])

    def buy(self, snapshot: dict[str, Any]) -> str:
        """Tell an order and settle it; the delivery's id."""
        answer = self.api.put(f"orders/{snapshot['id']}", snapshot)
        assert answer.status == 202, answer
        settle_store(self.store_id)
        return str(answer.data["delivery"])

    def pay_out(self) -> dict[str, str]:
        """The advocate has cash, and a batch is made of it; what of it addresses name."""
        sides = (f"expense:{self.program}", f"available:cash:{self.advocate}")
        earned = Movement(
            reference="cash", source=sides[0], destination=sides[1], amount=3000, unit="EUR"
        )
        with store_write(self.store_id):
            ledger.post(self.store_id, [earned])
        account = {"method": "paypal", "email": f"mari@{self.mark}.example.com"}
        self._ok(self.api.put(f"advocates/{self.advocate}/payee", account))
        batch = self._ok(self.api.post("payout-batches", {"rail": "csv"}))
        payout = self._ok(self.api.get("payouts"))["data"][0]
        self.paid = {
            "batch_id": batch["id"],
            "batch": batch["id"],
            "payout_id": payout["id"],
            "year": "2026",
        }
        return self.paid

    def redeem(self) -> str:
        """The advocate has store credit, and turns it into a coupon; the redemption's id."""
        sides = (f"expense:{self.program}", f"available:credit:{self.advocate}")
        earned = Movement(
            reference="credit", source=sides[0], destination=sides[1], amount=700, unit="EUR"
        )
        with store_write(self.store_id):
            ledger.post(self.store_id, [earned])
        made = self.api.post("redemptions", {"advocate": self.advocate, "amount": 700})
        assert made.status == 201, made
        self.redemption = str(made.data["id"])
        return self.redemption

    @staticmethod
    def _ok(answer: Answer) -> Any:
        assert answer.status == 200, answer
        return answer.data


def later(**span: int) -> datetime:
    """A moment after NOW."""
    return NOW + timedelta(**span)
