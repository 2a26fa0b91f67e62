"""Who must not be written to: kept as a keyed hash of the address, which outlives the person."""

from __future__ import annotations

import hmac

from django_scopes import get_scope

from wordmouth.kit import clock
from wordmouth.messages.models import Suppression
from wordmouth.people.rules import canonical_email
from wordmouth.stores.vault import derived_key

UNSUBSCRIBED, REFUSED, ERASED = "unsubscribed", "refused", "erased"


def digest(email: str) -> str:
    """The keyed hash under which a mailbox is known here. Raises BadEmail."""
    key = derived_key("suppression")
    return hmac.new(key, canonical_email(email).encode(), "sha256").hexdigest()


def is_stopped(digest: str) -> bool:
    """Whether that mailbox is not to be written to by the store in scope."""
    return Suppression.objects.filter(digest=digest).exists()


def stop(digest: str, why: str) -> None:
    """Write to that mailbox no more. In a store write."""
    store_id: str = get_scope()["store"]
    Suppression.objects.get_or_create(
        store_id=store_id, digest=digest, defaults={"why": why, "at": clock.now()}
    )


def resume(digest: str) -> None:
    """The person behind the mailbox wants to hear from the store again. In a store write.

    A mailbox that refuses mail stays stopped: writing to it again helps nobody. So does that of
    somebody who asked to be erased.
    """
    Suppression.objects.filter(digest=digest, why=UNSUBSCRIBED).delete()
