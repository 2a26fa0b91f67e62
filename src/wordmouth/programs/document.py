"""The programme document: what a merchant promises to whom, and when it is paid.

One shape for the API, for files under version control and for the dashboard. Amounts are integers
in minor units of `eligibility.currency`.

A document is read with `wordmouth.programs.parse`, which checks it whole; a struct built by
hand is checked with `parse.check`. What the store's own shop can carry out is asked beside that,
when a programme is saved (`wordmouth.programs.fitting`).
"""

from __future__ import annotations

from datetime import date
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
    "custom",
]
Schedule = Literal["each", "every_nth", "milestone", "tier"]
Status = Literal["draft", "live", "paused", "ended"]
FriendRule = Literal["new_customers", "anyone"]
HoldEvent = Literal["placed", "paid", "fulfilled", "delivered"]
FraudPreset = Literal["relaxed", "moderate", "strict"]
Currency = Literal["points", "store_credit"]
PartialRefund = Literal["pro_rata", "keep"]
SpentReward = Literal["carry", "forgive"]

MONEY_KINDS: frozenset[str] = frozenset({"amount_off", "store_credit", "cash", "gift_card"})
"""Kinds whose worth is an amount of money."""
WALLET_KINDS: frozenset[str] = frozenset({"points", "store_credit", "cash"})
"""Kinds that are credited to the holder's wallet; the others are things of their own."""
PERCENT_KINDS: frozenset[str] = frozenset({"store_credit", "cash"})
"""Kinds that may be a share of the friend's order instead of a fixed value."""
AFTER_ORDER_KINDS: frozenset[str] = WALLET_KINDS | {"gift_card", "custom"}
"""Kinds that a friend gets only once their order has stood its hold; the others are for the order
itself, or for before it."""

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
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Nth = Annotated[int, msgspec.Meta(ge=1, le=1000)]
Ref = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[^\x00-\x1f\x7f]{1,120}\Z",
        max_length=120,
        description="the shop's own id, 1 to 120 signs on one line",
    ),
]
Category = Annotated[
    str,
    msgspec.Meta(
        pattern=r"\A[^\x00-\x1f\x7f]{1,200}\Z",
        max_length=200,
        description="the category's name as the shop tells it, 1 to 200 signs on one line",
    ),
]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all parts of the document."""


class Access(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What early access opens: products, or a category, that only holders may see or buy before
    `until` (a day; from then on everybody may). `name` is what people read."""

    name: Name
    until: date
    products: Annotated[tuple[Ref, ...], msgspec.Meta(max_length=100)] = ()
    category: Category | None = None


class Reward(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one side gets.

    `value` is a whole percent for percent_off; minor units for amount_off, store_credit, cash and
    gift_card; a number of points for points; 0 for the others. In its place store_credit and cash
    may be `percent` of the friend's order, at most `cap` minor units. `product` is the shop's id
    of the free product; `access` what early access opens; `name` what a custom reward is called,
    by people and by the program that carries it out. `cost` is what the reward costs the store in
    minor units where its value is no money, for budgets and limits. `expires_days` counts from the
    day the reward is issued; None: it does not expire.
    """

    kind: Kind
    value: Amount = 0
    percent: Percent | None = None
    cap: PositiveAmount | None = None
    product: Ref | None = None
    access: Access | None = None
    name: Name | None = None
    cost: PositiveAmount | None = None
    expires_days: Days | None = None


class FriendReward(Reward, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the friend gets for the first order. A share of an order is for advocates alone: the
    friend is promised theirs before there is an order."""


class AdvocateReward(Reward, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the advocate gets, and for which of the referrals that count.

    * each: for every one.
    * every_nth: for every `n`-th.
    * milestone: once, when `n` of them count.
    * tier: `from_` to `to` (None: without end); `recurring`: for every one of them, else once
      when the `from_`-th counts.

    The last three count from the day `starts` on (None: from the first), and pay at most
    `max_times` times to one advocate.
    """

    schedule: Schedule = "each"
    n: Nth | None = None
    from_: Nth | None = msgspec.field(name="from", default=None)
    to: Nth | None = None
    recurring: bool = False
    starts: date | None = None
    max_times: Nth | None = None


class Offer(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One variant of what both sides get; `weight` is its share of the people who see one."""

    key: Slug
    weight: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1
    friend: FriendReward | None = None
    advocate: Annotated[tuple[AdvocateReward, ...], msgspec.Meta(max_length=40)] = ()


class Goods(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some of the shop's goods: products by the shop's ids, categories by name."""

    products: Annotated[tuple[Ref, ...], msgspec.Meta(max_length=500)] = ()
    categories: Annotated[tuple[Category, ...], msgspec.Meta(max_length=100)] = ()


class Eligibility(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which order of which friend counts. `min_order` 0: any order.

    Only goods of `include` count (None: all), and none of `exclude`; an order's minimum and a
    share of it are measured by the goods that count. Gift cards do not count and an order that
    was paid with nothing but gift cards or discounts neither, unless `gift_cards` or
    `free_orders` say so.
    """

    friend: FriendRule = "new_customers"
    min_order: Amount = 0
    currency: str | None = None
    include: Goods | None = None
    exclude: Goods | None = None
    gift_cards: bool = False
    free_orders: bool = False


class Hold(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the reward waits: `days` after the event `after`.

    Where the shop never tells of that event, `fallback_days` after the payment.
    """

    after: HoldEvent = "delivered"
    days: HoldDays = 14
    fallback_days: FallbackDays = 30


class AdvocateLimit(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `count` rewarded referrals of one advocate, and rewards of at most `value` minor
    units, within any `days` days. At least one of the two."""

    count: Count | None = None
    value: PositiveAmount | None = None
    days: Days


class TotalLimit(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same as `AdvocateLimit` for as long as the programme lasts."""

    count: Count | None = None
    value: PositiveAmount | None = None


class Budget(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most `amount` minor units of rewards promised within any `days` days, all advocates and
    friends together. When it is used up nobody new can claim; what was promised is kept."""

    amount: PositiveAmount
    days: Days


class Limits(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Caps; None: no cap."""

    per_advocate: AdvocateLimit | None = None
    per_advocate_total: TotalLimit | None = None
    budget: Budget | None = None


class Clawback(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when goods go back.

    `partial_refund`: rewards for one order shrink with it (pro_rata) or stay whole (keep).
    `spent`: a reward that was spent and is owed no more is set off against the next ones (carry)
    or let go (forgive).
    """

    partial_refund: PartialRefund = "pro_rata"
    spent: SpentReward = "carry"


class RedemptionOption(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a wallet buys: `price` points, or minor units of store credit, for a coupon, a
    product or a gift card."""

    key: Slug
    pay_with: Currency = "points"
    price: PositiveAmount
    kind: Literal["percent_off", "amount_off", "free_shipping", "free_product", "gift_card"]
    value: Amount = 0
    product: Ref | None = None
    expires_days: Days | None = None


class Wallet(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What points and credit can be spent on, and how many days before they expire their holder
    is told."""

    redemptions: Annotated[tuple[RedemptionOption, ...], msgspec.Meta(max_length=50)] = ()
    expiry_notice_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 30


class Payouts(_Part, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How cash is paid out: from `threshold` minor units on; a batch of `second_person_from`
    minor units or more needs the approval of a second person (None: none does); a person who is
    paid more than `tax_hold` minor units in a calendar year waits until the store has their tax
    papers (None: nobody waits)."""

    threshold: Amount = 0
    second_person_from: Amount | None = None
    tax_hold: PositiveAmount | None = None


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
    clawback: Clawback = Clawback()
    wallet: Wallet = Wallet()
    payouts: Payouts = Payouts()

    @property
    def currency(self) -> str | None:
        """The currency of all amounts; None only where the document holds no amount."""
        return self.eligibility.currency

    def offer(self, key: str) -> Offer | None:
        """The offer with that key."""
        return next((offer for offer in self.offers if offer.key == key), None)
