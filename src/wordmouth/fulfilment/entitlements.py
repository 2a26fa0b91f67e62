"""Early access: what its holder may see or buy until when, and the token that proves it. Pure.

The token is `base64url(json).base64url(hmac_sha256(secret, "wm-access." + base64url(json)))`,
both without padding, signed with the secret that shop and engine share: the shop can check it
without asking (`docs/early-access.md`). That the reward was taken back meanwhile it can only learn
by asking.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

import msgspec

from wordmouth.kit.signing import BadSignature, open_token, secret_bytes, sign_token
from wordmouth.rewards.facts import RewardFacts

PURPOSE = "wm-access"
LONGEST = 20_000
HELD_IN = frozenset({"due", "redeemed"})
"""The states of a reward in which early access is granted: using the shop's code for it once does
not end it."""


class Entitlement(msgspec.Struct, frozen=True, kw_only=True):
    """`products` and `category` may be seen or bought before `until` by whoever holds `reward`;
    `person` says who that is without naming them."""

    reward: str
    person: str
    products: tuple[str, ...]
    category: str | None
    until: datetime
    iat: int


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """An entitlement with what people call it."""

    name: str
    entitlement: Entitlement


def opened(reward: RewardFacts, issued_at: datetime) -> Opened:
    """What an early_access reward opens. It ends with the day before which it was promised, at
    midnight UTC, or with the reward's own time, whichever comes first."""
    access = reward.details["access"]
    until = datetime.combine(date.fromisoformat(access["until"]), time(), UTC)
    entitlement = Entitlement(
        reward=reward.id,
        person=reward.person_id,
        products=tuple(access.get("products") or ()),
        category=access.get("category"),
        until=min(until, reward.expires_at) if reward.expires_at else until,
        iat=int(issued_at.timestamp()),
    )
    return Opened(name=access.get("name", ""), entitlement=entitlement)


def opens(entitlement: Entitlement, product: str | None, categories: Iterable[str]) -> bool:
    """Whether it opens this product or one of these categories; where none is asked for, anything
    counts."""
    asked = tuple(categories)
    if product is None and not asked:
        return True
    return product in entitlement.products or entitlement.category in asked


def sign(entitlement: Entitlement, secret: str) -> str:
    """The token of an entitlement: always the same for the same secret."""
    return sign_token(secret_bytes(secret), PURPOSE, msgspec.json.encode(entitlement))


def read(token: str, secrets: Iterable[str]) -> Entitlement:
    """The entitlement in a token, whether or not its time is over. Raises BadSignature."""
    if len(token) > LONGEST:
        raise BadSignature("the token is too long")
    for secret in secrets:
        try:
            raw = open_token(secret_bytes(secret), PURPOSE, token)
        except BadSignature:
            continue
        try:
            return msgspec.json.decode(raw, type=Entitlement)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadSignature(f"the token is malformed: {error}") from error
    raise BadSignature("the token was not made with a secret of this store, or was changed")
