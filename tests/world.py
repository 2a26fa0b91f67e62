"""A store to test with: a clock that is moved by hand, a live programme, and short ways to tell
it facts. Everything goes through the product's own verbs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import UNSET, UnsetType

from wordmouth.advocates import services as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.orders import services as orders
from wordmouth.orders.merge import MILESTONES
from wordmouth.orders.snapshot import Attribution, Line, OrderSnapshot, Refund, Totals
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_data
from wordmouth.referrals import jobs as referral_jobs
from wordmouth.rewards import jobs as reward_jobs
from wordmouth.stores import services as stores
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write
from wordmouth.visits import services as visits
from wordmouth.visits.facts import ClaimFacts

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)

GIVE_10_GET_10: dict[str, Any] = {
    "slug": "give-10-get-10",
    "name": "Give 10, get 10",
    "status": "live",
    "attribution_days": 90,
    "eligibility": {"friend": "new_customers", "min_order": 2000, "currency": "EUR"},
    "hold": {"after": "delivered", "days": 14, "fallback_days": 30},
    "offers": [
        {
            "key": "control",
            "friend": {"kind": "percent_off", "value": 10, "expires_days": 30},
            "advocate": [{"schedule": "each", "kind": "amount_off", "value": 1000}],
        }
    ],
}


def at(day: float) -> datetime:
    """A moment so many days after the start of the test."""
    return START + timedelta(days=day)


class World:
    """One store and its clock."""

    def __init__(self, watch: clock.SetClock, document: dict[str, Any] | None = None) -> None:
        self.clock = watch
        made = stores.create_store("Tea & Co", slug=f"tea-{World.count}")
        World.count += 1
        self.store: StoreFacts = made.store
        self.api_key, self.webhook_secret = made.api_key, made.webhook_secret
        with self.write():
            programs.apply_document(parse_data(document or GIVE_10_GET_10), by="test")

    count = 0

    @contextmanager
    def write(self) -> Iterator[None]:
        with store_write(self.store.id):
            yield

    @contextmanager
    def read(self) -> Iterator[None]:
        with store_read(self.store.id):
            yield

    def advocate(self, email: str, first_name: str = "", customer: str = "") -> AdvocateFacts:
        told = CustomerSnapshot(email=email, first_name=first_name, id=customer or None)
        with self.write():
            return advocates.enrol(self.store.id, told)

    def claim(self, code: str, email: str) -> ClaimFacts:
        with self.write():
            return visits.claim(self.store.id, code, CustomerSnapshot(email=email))

    def tell(self, *snapshots: OrderSnapshot, imported: bool = False) -> None:
        """Settle these snapshots as one batch."""
        with self.write():
            orders.take(self.store.id, snapshots, imported=imported)

    def move(self, days: float) -> None:
        """Let time pass, and do what is due then."""
        self.clock.move(timedelta(days=days))
        self.run_jobs()

    def run_jobs(self) -> None:
        referral_jobs.release_holds()
        reward_jobs.expire()


def order(
    external_id: str,
    *,
    updated: datetime,
    email: str | None = None,
    customer: str | None = None,
    items: int = 5000,
    discount: int = 0,
    currency: str = "EUR",
    codes: tuple[str, ...] = (),
    token: str | None = None,
    lines: tuple[Line, ...] | UnsetType = UNSET,
    gift_card: int = 0,
    refunds: tuple[Refund, ...] = (),
    is_test: bool = False,
    **milestones: datetime | None,
) -> OrderSnapshot:
    """A whole snapshot; milestones that are not given are told as "not so"."""
    times: dict[str, Any] = {name: milestones.get(name) for name in MILESTONES}
    return OrderSnapshot(
        id=external_id,
        number=f"#{external_id}",
        updated_at=updated,
        currency=currency,
        totals=Totals(
            items=items,
            discount=discount,
            shipping=400,
            grand=items - discount + 400,
            gift_card=gift_card,
        ),
        customer=CustomerSnapshot(id=customer, email=email),
        discount_codes=codes,
        lines=lines,
        refunds=refunds,
        attribution=Attribution(token=token) if token else None,
        is_test=is_test,
        **times,
    )


def paid(external_id: str, email: str, when: datetime, **more: Any) -> OrderSnapshot:
    """A snapshot of an order that was placed and paid at `when`."""
    return order(external_id, email=email, updated=when, placed_at=when, paid_at=when, **more)
