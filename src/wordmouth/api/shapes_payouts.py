"""What operations on payouts answer. Of accounts only hints are told."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from wordmouth.api.requests_payouts import PayoutState, Rail
from wordmouth.api.shapes import Text


class Payee(BaseModel):
    """Where an advocate is paid, masked."""

    advocate: str = Field(description="`adv_...`")
    method: str = Field(description="`iban`, `paypal` or `stripe`.")
    hint: str = Field(description="What may be shown of the account, such as `DE89 … 3000`.")
    set_at: datetime
    set_by: str


class Forgotten(BaseModel):
    """It is forgotten, but for payouts that are under way: there when their batch is over."""

    advocate: str


class TaxPapers(BaseModel):
    """Noted: the tax hold holds nothing of theirs back in this year."""

    advocate: str
    year: int


class PreviewLine(BaseModel):
    """What a batch made now would pay an advocate, or why it would not."""

    advocate: str
    amount: int
    method: str
    hint: str
    reason: Text | None = Field(description="None: they are paid.")


class PayoutPreview(BaseModel):
    """What a batch made now would be."""

    rail: Rail
    currency: str
    total: int
    needs_second: bool = Field(description="Whether two users must stand behind it.")
    problem: str = Field(description="Why it cannot be made at all; empty: it can.")
    paid: list[PreviewLine]
    held: list[PreviewLine] = Field(description="At most 1,000 of them.")
    held_count: int


class Approval(BaseModel):
    """Who approved a batch."""

    by: str
    at: datetime


class PayoutBatch(BaseModel):
    """Payouts that go out together."""

    id: str
    rail: Rail
    currency: str
    state: str = Field(description="draft, waiting, approved, sent, done or cancelled.")
    total: int
    count: int
    counts: dict[str, int] = Field(description="How many of its payouts are in each state.")
    in_doubt: int = Field(description="How many of them a person has to find out about.")
    problem: str = Field(
        description="Why it cannot be approved or sent now; empty: it can, or has gone."
    )
    needs_second: bool
    made_by: str
    made_at: datetime
    approvals: list[Approval]
    approved_at: datetime | None
    sent_by: str
    sent_at: datetime | None
    done_at: datetime | None
    cancelled_by: str
    cancelled_at: datetime | None


class PayoutStep(BaseModel):
    """Something that happened to a payout."""

    at: datetime
    what: str = Field(description="`moved`, `told` by the rail, or `ruled` by a person.")
    state: str
    reason: str
    by: str


class Payout(BaseModel):
    """One advocate's part of a batch."""

    id: str
    batch: str = Field(description="`bat_...`")
    advocate: str = Field(description="`adv_...`")
    amount: int
    currency: str
    method: str
    hint: str
    state: PayoutState
    told: str = Field(
        description="What the rail last said of one that is under way; `unknown`: it could not."
    )
    reference: str = Field(description="The payment service's own name for it.")
    problem: str
    disputed: bool = Field(description="Whether its answers contradict each other.")
    in_doubt: bool
    requested_at: datetime
    settled_at: datetime | None
    changed_at: datetime
    steps: list[PayoutStep]


class HeardAnswer(BaseModel):
    """What an answer did. `news` is false where it was known already."""

    payout: str
    state: PayoutState
    news: bool
    disputed: bool


class HeardAnswers(BaseModel):
    """What the answers did, in their order."""

    data: list[HeardAnswer]


class YearTotal(BaseModel):
    """What one person was paid in the year, over all their memberships."""

    person: str = Field(description="`per_...`")
    email: str
    currency: str
    paid: int
    payouts: int
    under_way: int = Field(description="Reserved, and not settled yet.")
    tax_papers: bool


class YearTotals(BaseModel):
    """Everybody who was paid in a calendar year (UTC), the largest sums first."""

    year: int
    data: list[YearTotal]
