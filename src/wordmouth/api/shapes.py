"""What operations answer. Times are UTC; money is in minor units beside its currency."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from wordmouth.api.requests import DeliveryState, EffectState, ReferralStatus, RewardStatus

Item = TypeVar("Item", bound=BaseModel)


class Page(BaseModel, Generic[Item]):
    """A part of a list, newest first."""

    data: list[Item]
    has_more: bool = Field(description="Whether `starting_after` the last one gives more.")


class Text(BaseModel):
    """A stable code and what it means, in the language of Accept-Language."""

    code: str
    text: str


class FriendReward(BaseModel):
    """What a friend gets."""

    kind: str = Field(description="Any kind of reward, such as `percent_off` or `gift_card`.")
    value: int = Field(
        description="Whole percent, points, or minor units of `currency`; 0 for the other kinds."
    )
    currency: str | None = None
    min_order: int | None = Field(
        None, description="What has to be bought at least, in minor units of `currency`."
    )
    expires_days: int | None = Field(None, description="Days until it expires, from its issue.")


class Offer(BaseModel):
    """What the friend is offered, and in words."""

    program: str = Field(description="The programme's slug.")
    key: str
    friend: FriendReward | None
    text: str | None = Field(description="One sentence, such as `You get 10% off ...`")
    conditions: list[str] = Field(description="What to know before claiming, one sentence each.")


class StoreName(BaseModel):
    """The store as its customers know it."""

    name: str
    slug: str
    shop_url: str


class Referrer(BaseModel):
    """An advocate, as a friend sees them."""

    first_name: str


class CodeOffer(BaseModel):
    """What a referral code leads to: who recommends, and the friend's offer."""

    code: str
    url: str = Field(description="The referral link.")
    store: StoreName
    advocate: Referrer
    offer: Offer


class ClaimCoupon(BaseModel):
    """The friend's single-use coupon. It works in the shop once its status is `issued`."""

    code: str
    status: RewardStatus
    kind: str
    value: int
    currency: str | None
    min_order: int | None
    expires_at: datetime | None


class Claim(BaseModel):
    """A taken offer."""

    id: str
    coupon: ClaimCoupon | None = Field(
        description="None where the friend gets no code: nothing, or what comes by mail."
    )
    offer: Offer


class ReferralCounts(BaseModel):
    """How many of an advocate's referrals stand where."""

    pending: int = 0
    flagged: int = 0
    approved: int = 0
    rejected: int = 0
    blocked: int = 0
    voided: int = 0


class Advocate(BaseModel):
    """Somebody who recommends, with their code and link."""

    id: str
    email: str
    first_name: str
    last_name: str
    locale: str
    code: str
    url: str = Field(description="The referral link to share.")
    visits: int = Field(description="Visits of the link that were people.")
    referrals: ReferralCounts
    program: str = Field(description="The programme's slug.")
    offer: str = Field(description="The key of the offer that this advocate makes.")
    status: str = Field(description="`active` or `left`.")
    joined_at: datetime


class Balance(BaseModel):
    """What stands in one purse and unit: `available` is theirs now, `pending` waits for a hold,
    `debt` was used without being owed and is paid by what comes next."""

    purse: str = Field(description="`points`, `credit`, `cash`, or `coupon` for single things.")
    unit: str = Field(description="A currency, `PTS`, or `CPN` where things are counted.")
    available: int
    pending: int
    debt: int


class WalletEntry(BaseModel):
    """A movement of `amount` from one account to another; never changed, only mirrored."""

    id: str
    at: datetime
    amount: int
    unit: str
    source: str
    destination: str
    reference: str = Field(description="What it is for.")
    mirrors: str | None = Field(description="The entry that this one undoes.")


class Wallet(BaseModel):
    """An advocate's balances and the movements behind them, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "balances": [
                        {
                            "purse": "credit",
                            "unit": "EUR",
                            "available": 1000,
                            "pending": 0,
                            "debt": 0,
                        }
                    ],
                    "entries": [],
                }
            ]
        }
    )

    balances: list[Balance]
    entries: list[WalletEntry]


class ReferralAdvocate(BaseModel):
    """Who recommended."""

    id: str
    code: str
    email: str
    first_name: str


class ReferralFriend(BaseModel):
    """Who was recommended to."""

    id: str
    email: str
    first_name: str


class ReferralOrder(BaseModel):
    """The order that makes the referral real."""

    id: str
    external_id: str = Field(description="The order's id in the shop.")
    number: str
    currency: str
    basis: int = Field(description="What was paid for the goods that count, in minor units.")
    amount: int = Field(description="What is left of `basis` after refunds.")


class Moment(BaseModel):
    """One step of a referral."""

    at: datetime
    what: str = Field(description="A stable code.")
    text: str


class Referral(BaseModel):
    """An advocate, a friend and an order: what was decided, and why."""

    id: str
    status: ReferralStatus
    reasons: list[Text]
    advocate: ReferralAdvocate
    friend: ReferralFriend | None
    order: ReferralOrder
    program: str = Field(description="The programme's slug.")
    offer: str = Field(description="The key of the offer that the friend saw.")
    via: str = Field(description="How it was found: by code, token, claim ...")
    hold_until: datetime | None
    created_at: datetime
    timeline: list[Moment]


class OrderTotals(BaseModel):
    """Sums in minor units; `items` before `discount`."""

    items: int
    discount: int
    shipping: int
    tax: int
    grand: int
    gift_card: int = Field(0, description="The part of `grand` that was paid with gift cards.")


class OrderLine(BaseModel):
    """One line of an order."""

    id: str = ""
    product_id: str = ""
    sku: str = ""
    name: str = ""
    category: str = ""
    quantity: int = 1
    unit_price: int = 0
    total: int = 0
    gift_card: bool = False


class OrderRefundLine(BaseModel):
    """What of a line went back: an amount, else a quantity, else all of it."""

    id: str
    quantity: int | None = None
    amount: int | None = None


class OrderRefund(BaseModel):
    """Money given back."""

    id: str
    amount: int
    at: datetime | None
    lines: list[OrderRefundLine] = []


class OrderAddress(BaseModel):
    """Where to; only the country is kept."""

    country: str = ""


class OrderAttribution(BaseModel):
    """Where the shop says that the buyer came from."""

    token: str | None = None
    code: str | None = None


class Order(BaseModel):
    """An order as all that was told of it adds up, without personal data."""

    id: str = Field(description="The order's id in the shop.")
    number: str = ""
    updated_at: datetime
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    fulfilled_at: datetime | None = None
    delivered_at: datetime | None = None
    cancelled_at: datetime | None = None
    charged_back_at: datetime | None = None
    currency: str
    totals: OrderTotals
    discount_codes: list[str] = []
    lines: list[OrderLine] = []
    refunds: list[OrderRefund]
    refunded: int = Field(description="The sum of all refunds.")
    shipping_address: OrderAddress
    attribution: OrderAttribution | None = None
    is_test: bool = False


class ProgramAnswer(BaseModel):
    """A programme document, as the programmes' room writes it."""

    model_config = ConfigDict(extra="allow")


class Accepted(BaseModel):
    """Stored; it takes effect in a moment."""

    delivery: str = Field(description="`dlv_...`; see `GET /api/v1/deliveries`.")


class Delivery(BaseModel):
    """What a shop delivered and what became of it."""

    id: str
    adapter: str
    state: DeliveryState
    attempts: int
    problem: str
    received_at: datetime
    settled_at: datetime | None


class Effect(BaseModel):
    """Something to be done outside: a coupon to make, a mail to send."""

    id: str
    key: str
    kind: str
    state: EffectState
    attempts: int
    problem: str
    due_at: datetime
    created_at: datetime
    done_at: datetime | None


class FieldProblem(BaseModel):
    """One thing wrong in a request."""

    path: str
    message: str
    line: int | None = None
    allowed: list[str] | None = None


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `detail` says what was wrong this time and what is allowed."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "https://wordmouth.dev/errors/invalid",
                    "title": "The input is not valid",
                    "status": 422,
                    "code": "invalid",
                    "detail": "email: is missing",
                    "errors": [{"path": "email", "message": "is missing"}],
                    "request_id": "req_01kaprq6y3e7t8zsf9m5v1nd4w",
                }
            ]
        },
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[FieldProblem] | None = None
