"""What operations on rewards answer."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from wordmouth.api.requests import RewardStatus
from wordmouth.api.shapes import Text


class RewardAccess(BaseModel):
    """What early access opens, before the day `until`, to its holder."""

    name: str
    until: date
    products: list[str] = Field(description="The shop's ids.")
    category: str | None


class Reward(BaseModel):
    """One thing owed to an advocate or a friend."""

    id: str
    party: str = Field(description="`advocate` or `friend`.")
    kind: str
    value: int = Field(description="Whole percent, minor units of `unit`, points, or 0.")
    worth: int = Field(description="The value, less what of it paid a debt of the holder.")
    unit: str = Field(description="A currency, `PTS`, or `CPN` where the value is neither.")
    product: str | None = Field(description="free_product: the shop's id of the product.")
    access: RewardAccess | None = Field(description="early_access: what it opens.")
    name: str | None = Field(description="custom: what it is called.")
    status: RewardStatus
    code: str | None = Field(description="A coupon's code, once it is in the shop.")
    text: str | None = Field(description="gift_card and custom: what is said of it.")
    url: str | None = Field(description="Where its holder finds it.")
    advocate: str = Field(description="`adv_...`")
    referral: str | None = Field(description="`ref_...`")
    claim: str | None = Field(description="`clm_...`")
    redemption: str | None = Field(description="`red_...`, where it was bought from a wallet.")
    min_order: int | None
    why: Text | None = Field(description="Why it was taken back or failed.")
    granted_at: datetime
    redeemed_at: datetime | None
    withdrawn_at: datetime | None
    expires_at: datetime | None


class Access(BaseModel):
    """Whether somebody may see or buy what was asked for, before everybody else may."""

    granted: bool
    until: datetime | None = Field(description="When everybody may; null where it is not granted.")
    name: str | None = Field(description="What it is called.")
    products: list[str] = Field(description="The shop's ids of what it opens.")
    category: str | None = Field(description="The category that it opens.")
    reward: str | None = Field(description="`rwd_...`")


class Redemption(BaseModel):
    """Something that was bought from a wallet."""

    id: str
    advocate: str = Field(description="`adv_...`")
    option: str | None = Field(
        description="The programme's key for it; null where store credit became a coupon."
    )
    pay_with: str = Field(description="`points` or `store_credit`.")
    price: int = Field(description="Points, or minor units of store credit.")
    unit: str = Field(description="`PTS` or a currency.")
    kind: str = Field(description="What was bought: a kind of reward.")
    value: int
    product: str | None
    status: str = Field(description="`made` or `cancelled`.")
    reward: Reward
    made_at: datetime
    cancelled_at: datetime | None
