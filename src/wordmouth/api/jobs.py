"""What the API does by the clock."""

from __future__ import annotations

from django.db import transaction
from django_scopes import scopes_disabled

from wordmouth.api.models import KEPT_FOR, Reply
from wordmouth.kit import clock
from wordmouth.stores.transactions import write_gate


def prune() -> int:
    """Forget the replies whose time is over, in all stores; how many there were."""
    old = clock.now() - KEPT_FOR
    with scopes_disabled():
        if not Reply.objects.filter(created_at__lte=old).exists():
            return 0
        with write_gate(), transaction.atomic():
            return Reply.objects.filter(created_at__lte=old).delete()[0]
