"""What this room does by the clock."""

from __future__ import annotations

from django_scopes import scopes_disabled

from wordmouth.kit import clock
from wordmouth.people import queries as people
from wordmouth.referrals import queries
from wordmouth.referrals.models import Referral
from wordmouth.referrals.services import decide_humans
from wordmouth.stores.jobs import each_store
from wordmouth.stores.transactions import store_write

AT_ONCE = 500


def stores_with_due() -> list[str]:
    """The stores in which a hold is over."""
    with scopes_disabled():
        rows = Referral.objects.filter(status="pending", hold_until__lte=clock.now())
        return list(rows.order_by().values_list("store_id", flat=True).distinct())


def release_holds() -> int:
    """Decide everybody anew whose hold is over; how many."""
    return sum(each_store(stores_with_due(), "referrals.release_failed", _release))


def _release(store_id: str) -> int:
    released = 0
    while True:
        with store_write(store_id):
            friends = queries.due_for_release(clock.now(), AT_ONCE)
            decide_humans(store_id, people.roots(friends).values(), {})
        released += len(friends)
        if len(friends) < AT_ONCE:
            return released
