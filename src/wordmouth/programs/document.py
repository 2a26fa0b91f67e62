"""The programme document: what a merchant promises to whom, and when it is paid.

One shape for the API, for files under version control and for the dashboard. The types hold
the whole vocabulary of the contract; `AVAILABLE_KINDS` and `AVAILABLE_SCHEDULES` say which of
it this version carries out. Amounts are integers in minor units of `eligibility.currency`.

A document is read with `wordmouth.programs.parse`, which checks it whole; a struct built by
hand is checked with `parse.check`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Kind = Literal[
    "percent_off",
    "amount_off",
    "free_shipping",
    "free_product",
    "points",
    "store_credit",
    "cash",
    "gift_card",
    "early_access",
]
Schedule = Literal["each", "every_nth", "milestone", "tier"]
Status = Literal["draft", "live", "paused", "ended"]
FriendRule = Literal["new_customers", "anyone"]
HoldEvent = Literal["placed", "paid", "fulfilled", "delivered"]
FraudPreset = Literal["relaxed", "moderate", "strict"]

AVAILABLE_KINDS: tuple[Kind, ...] = ("percent_off", "amount_off", "free_shipping")
AVAILABLE_SCHEDULES: tuple[Schedule, ...] = ("each",)

MAX_AMOUNT = 1_000_000_000_000
"""The largest amount in minor units: far above any reward, far below what a database holds."""

Slug = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[a-z0-9]+(-[a-z0-9]+)*\Z",
        max_length=60,
        description="1 to 60 small letters a-z, digits and single hyphens, such as give-10-get-10",
    ),
]
Name = Annotated[
    str,
    msgspec.Meta(
        # Something visible, and neither control signs nor halves of surrogate pairs.
        pattern=r"\A[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*"
        r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
        r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]*\Z",
        max_length=120,
        description="1 to 120 signs on one line",
    ),
]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
HoldDays = Annotated[int, msgspec.Meta(ge=0, le=100)]
FallbackDays = Annotated[int, msgspec.Meta(ge=0, le=365)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=MAX_AMOUNT)]
PositiveAmount = Annotated[int, msgspec.Meta(ge=1, le=MAX_AMOUNT)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of the document."""


class Reward(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one side gets.

    `value` is a whole percent for percent_off, minor units for amount_off, 0 for free_shipping.
    `expires_days` counts from the day the reward is issued; None: it does not expire.
    """

    kind: Kind
    value: Amount = 0
    expires_days: Days | None = None


class FriendReward(Reward, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the friend gets for the first order."""


class AdvocateReward(Reward, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the advocate gets, and for which of the referrals.

    `n` belongs to the schedule every_nth alone: the reward is due for every n-th referral.
    """

    schedule: Schedule = "each"
    n: Annotated[int, msgspec.Meta(ge=2, le=1000)] | None = None


class Offer(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One variant of what both sides get; `weight` is its share of the people who see one."""

    key: Slug
    weight: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1
    friend: FriendReward | None = None
    advocate: Annotated[tuple[AdvocateReward, ...], msgspec.Meta(max_length=5)] = ()


class Eligibility(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which order of which friend counts. `min_order` 0: any order."""

    friend: FriendRule = "new_customers"
    min_order: Amount = 0
    currency: str | None = None


class Hold(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the reward waits: `days` after the event `after`.

    Where the shop never tells of that event, `fallback_days` after the payment.
    """

    after: HoldEvent = "delivered"
    days: HoldDays = 14
    fallback_days: FallbackDays = 30


class AdvocateLimit(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `count` rewarded referrals of one advocate within any `days` days."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    days: Days


class Budget(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `amount` minor units of rewards within any `days` days."""

    amount: PositiveAmount
    days: Days


class Limits(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Caps; None: no cap."""

    per_advocate: AdvocateLimit | None = None
    budget: Budget | None = None


class Fraud(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How suspicious the judge is."""

    preset: FraudPreset = "moderate"


class ProgramDocument(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole programme. `attribution_days`: from the first touch to the order, at most."""

    slug: Slug
    name: Name
    status: Status = "draft"
    attribution_days: Days = 90
    eligibility: Eligibility = Eligibility()
    hold: Hold = Hold()
    offers: Annotated[tuple[Offer, ...], msgspec.Meta(min_length=1, max_length=20)]
    limits: Limits = Limits()
    fraud: Fraud = Fraud()

    @property
    def currency(self) -> str | None:
        """The currency of all amounts; None only where the document holds no amount."""
        return self.eligibility.currency

    def offer(self, key: str) -> Offer | None:
        """The offer with that key."""
        return next((offer for offer in self.offers if offer.key == key), None)
