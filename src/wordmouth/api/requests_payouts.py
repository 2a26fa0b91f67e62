"""What callers send about payouts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from wordmouth.api.requests import Body, PageQuery

Rail = Literal["sepa", "csv", "paypal", "stripe"]
PayoutState = Literal[
    "requested", "approved", "sent", "settled", "returned", "refused", "cancelled"
]
Outcome = Literal["settled", "returned", "refused"]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217, in capitals.")]


class PayeeRequest(Body):
    """Where an advocate is paid. `iban` needs `name` and `iban`, `paypal` an `email`, `stripe`
    an `account`; what belongs to another method is refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"method": "iban", "name": "Mari Maasikas", "iban": "EE38 2200 2210 2014 5685"}
            ]
        }
    )

    method: Literal["iban", "paypal", "stripe"]
    name: str = Field("", max_length=200, description="The holder, as the bank has it.")
    iban: str = Field("", max_length=60)
    email: str = Field("", max_length=254, description="Of the PayPal account.")
    account: str = Field("", max_length=100, description="A Stripe account, `acct_...`.")


class BatchRequest(Body):
    """Everybody who can be paid by a rail now, in one currency."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rail": "sepa", "currency": "EUR"}]})

    rail: Rail
    currency: CurrencyCode | None = None


class AnswerRequest(Body):
    """What a bank says of one payout."""

    payout: str = Field(
        min_length=1, max_length=60, description="`pay_...`, or the bank's spelling `pay-...`."
    )
    state: Outcome
    reason: str = Field("", max_length=500)


class AnswersRequest(Body):
    """What a bank says of payouts. All of it counts, or nothing does."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "answers": [
                        {
                            "payout": "pay-01kaprq6y3e7t8zsf9m5v1nd4w",
                            "state": "returned",
                            "reason": "AC04 closed account",
                        }
                    ]
                }
            ]
        }
    )

    answers: list[AnswerRequest] = Field(min_length=1, max_length=1000)


class PayoutRulingRequest(Body):
    """What somebody found out of a payout that is in doubt."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"state": "returned", "reason": "Asked the bank."}]}
    )

    state: Outcome
    reason: Annotated[
        str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)
    ] = Field(description="How it was found out; kept with the payout.")


class PreviewQuery(Body):
    """Which batch."""

    rail: Rail = "sepa"
    currency: CurrencyCode | None = None


class YearQuery(Body):
    """Which calendar year, in UTC."""

    year: int | None = Field(None, ge=2000, le=2200, description="The current one if not given.")


class PayoutQuery(PageQuery):
    """Which payouts."""

    batch: str | None = Field(None, min_length=1, max_length=60, description="`bat_...`")
    advocate: str | None = Field(None, min_length=1, max_length=60, description="`adv_...`")
    state: PayoutState | None = None
    in_doubt: bool = Field(False, description="Only those that a person has to find out about.")
