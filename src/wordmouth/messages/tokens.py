"""Keys that stand in links of mails: signed, so that nothing has to be stored for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature, open_token, sign_token
from wordmouth.stores.vault import derived_key

INVITE_LIVES = timedelta(days=60)
_INVITE, _CLAIM, _STOP = "wm-invite", "wm-claim", "wm-stop"


def _make(purpose: str, *parts: str) -> str:
    return sign_token(derived_key("mail-links"), purpose, "|".join(parts).encode())


def _open(purpose: str, token: str, count: int) -> list[str]:
    if len(token) > 500:
        raise BadSignature("the key is too long")
    parts = open_token(derived_key("mail-links"), purpose, token).decode().split("|")
    if len(parts) != count:
        raise BadSignature("the key is malformed")
    return parts


def invite_key(store_id: str, person_id: str) -> str:
    """Lets the person that it was mailed to become an advocate, for 60 days."""
    return _make(_INVITE, store_id, person_id, str(int(clock.now().timestamp())))


def invited_person(store_id: str, key: str) -> str:
    """Who was invited. Raises BadSignature for another store's, a changed or an old key."""
    store, person, at = _open(_INVITE, key, 3)
    if store != store_id:
        raise BadSignature("the key belongs to another store")
    if clock.now() - datetime.fromtimestamp(int(at), UTC) > INVITE_LIVES:
        raise BadSignature("the key is too old")
    return person


def claim_key(store_id: str, claim_id: str) -> str:
    """Opens the state of a friend's own coupon."""
    return _make(_CLAIM, store_id, claim_id)


def opened_claim(store_id: str, key: str) -> str:
    """Whose claim it is. Raises BadSignature."""
    store, claim_id = _open(_CLAIM, key, 2)
    if store != store_id:
        raise BadSignature("the key belongs to another store")
    return claim_id


def stop_key(store_id: str, digest: str) -> str:
    """Stops the mails to one address, which it holds as a keyed hash only."""
    return _make(_STOP, store_id, digest)


def stopped_digest(store_id: str, key: str) -> str:
    """Whose mails are meant. Raises BadSignature."""
    store, digest = _open(_STOP, key, 2)
    if store != store_id:
        raise BadSignature("the key belongs to another store")
    return digest
