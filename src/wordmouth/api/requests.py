"""What callers send: bodies and query parameters, each field with its rules."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email


def _email(text: str) -> str:
    try:
        canonical_email(text)
    except BadEmail as error:
        raise ValueError(error.detail) from None
    return text.strip()


Email = Annotated[
    str,
    Field(max_length=254, examples=["mari@example.com"], json_schema_extra={"format": "email"}),
    AfterValidator(_email),
]
Name = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
Locale = Annotated[
    str,
    Field(
        max_length=12,
        pattern=r"^([A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})?)?$",
        description="The language to write in, such as `et` or `pt-BR`.",
    ),
]
ProgramStatus = Literal["draft", "live", "paused", "ended"]
ReferralStatus = Literal["pending", "flagged", "approved", "rejected", "blocked", "voided"]
RewardStatus = Literal["pending", "issued", "redeemed", "withdrawn", "expired", "failed"]
DeliveryState = Literal["received", "settled", "refused", "dead"]
EffectState = Literal["waiting", "leased", "done", "dead"]


class Body(BaseModel):
    """Base of all bodies: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class ClaimRequest(Body):
    """A friend takes an offer. Send `code` or `token`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "MARI-7K3Q9X", "email": "fe@example.com"}]}
    )

    email: Email
    code: str | None = Field(None, max_length=40, description="The advocate's referral code.")
    token: str | None = Field(
        None, max_length=1000, description="The `wm` token that the referral link carried."
    )
    first_name: Name = ""
    last_name: Name = ""
    locale: Locale = ""


class AdvocateRequest(Body):
    """Somebody becomes an advocate; the same e-mail again is the same advocate."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "mari@example.com", "first_name": "Mari"}]}
    )

    email: Email
    first_name: Name = ""
    last_name: Name = ""
    locale: Locale = ""
    external_id: str | None = Field(
        None, min_length=1, max_length=120, description="The customer's id in the shop."
    )
    program: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description="The programme's slug; without, the live one.",
    )


class RulingRequest(Body):
    """Somebody of the merchant's overrules the rules, and says why."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "Called the customer: a different household."}]}
    )

    reason: Annotated[
        str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)
    ] = Field(description="Kept with the referral and shown in its timeline.")


class RedemptionRequest(Body):
    """Something is bought from an advocate's wallet. Send `option` or `amount`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"advocate": "adv_01kap3x0e8fwm8p1k3zq4v5y6t", "option": "five-off"}]
        }
    )

    advocate: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(
        description="`adv_...`"
    )
    option: str | None = Field(
        None, min_length=1, max_length=60, description="The key of an option of the programme."
    )
    amount: int | None = Field(
        None,
        ge=1,
        le=1_000_000_000_000,
        description="Minor units of store credit for a coupon of the same amount.",
    )


class AccessRequest(Body):
    """Who asks for early access, to what. Send `token` or `email`."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "fe@example.com", "product": "p-9"}]}
    )

    token: str | None = Field(
        None, max_length=20_000, description="The `wm_access` that the visitor came with."
    )
    email: Email | None = None
    product: str | None = Field(
        None, min_length=1, max_length=120, description="The product's id in the shop."
    )
    category: str | None = Field(None, min_length=1, max_length=200)


class PageQuery(BaseModel):
    """Which part of a list: the newest first, `limit` at a time."""

    limit: int = Field(50, ge=1, le=100, description="How many at most.")
    starting_after: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description="The id of the last one of the page before.",
    )


class ReferralQuery(PageQuery):
    """Which referrals."""

    order: str | None = Field(
        None, min_length=1, max_length=120, description="The order's id in the shop."
    )
    advocate: str | None = Field(None, min_length=1, max_length=60, description="`adv_...`")
    status: ReferralStatus | None = None


class RewardQuery(PageQuery):
    """Which rewards."""

    advocate: str | None = Field(None, min_length=1, max_length=60, description="`adv_...`")
    referral: str | None = Field(None, min_length=1, max_length=60, description="`ref_...`")
    status: RewardStatus | None = None


class RedemptionQuery(PageQuery):
    """Which redemptions."""

    advocate: str | None = Field(None, min_length=1, max_length=60, description="`adv_...`")


class WalletQuery(BaseModel):
    """At which moment, and how many movements."""

    at: datetime | None = Field(
        None, description="The balances as they stood then (RFC 3339); without, now."
    )
    limit: int = Field(100, ge=1, le=1000, description="How many movements at most.")


class DeliveryQuery(PageQuery):
    """Which deliveries."""

    state: DeliveryState | None = None


class EffectQuery(PageQuery):
    """Which effects."""

    state: EffectState | None = None
