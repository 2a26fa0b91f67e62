"""What this room does by the clock."""

from __future__ import annotations

from django_scopes import scopes_disabled

from wordmouth.kit import clock
from wordmouth.rewards.models import Reward
from wordmouth.rewards.services import reconcile_rows
from wordmouth.stores.jobs import each_store
from wordmouth.stores.transactions import store_write

AT_ONCE = 500


def expire() -> int:
    """Expire what was not used in time; how many."""
    with scopes_disabled():
        rows = Reward.objects.filter(state="due", expires_at__lte=clock.now())
        store_ids = list(rows.order_by().values_list("store_id", flat=True).distinct())
    return sum(each_store(store_ids, "rewards.expire_failed", _expire_of))


def _expire_of(store_id: str) -> int:
    expired = 0
    while True:
        with store_write(store_id):
            late = Reward.objects.filter(state="due", expires_at__lte=clock.now())
            rows = late.order_by("expires_at")[:AT_ONCE]
            count = len(rows)
            reconcile_rows(store_id, rows)
        expired += count
        if count < AT_ONCE:
            return expired
