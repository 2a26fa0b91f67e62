"""Who recommended an order: explicit code > signed token > claimed e-mail; first touch wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.orders.facts import OrderFacts
from wordmouth.referrals.attribution import Known, Touch, touch_of
from wordmouth.visits.facts import ClaimFacts, Token

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def advocate(name: str) -> AdvocateFacts:
    return AdvocateFacts(
        id=f"adv_{name}",
        person_id=f"per_{name}",
        program_id="prg_1",
        offer="control",
        code=name.upper(),
        status="active",
        joined_at=START - 30 * DAY,
    )


def claim(name: str, day: int = 0) -> ClaimFacts:
    return ClaimFacts(
        id=f"clm_{name}_{day}",
        advocate_id=f"adv_{name}",
        person_id="per_friend",
        version_id="prv_1",
        offer="control",
        coupon_code=f"WM-{name.upper()}",
        claimed_at=START + day * DAY,
        expires_at=None,
    )


def bought(**told: Any) -> OrderFacts:
    given: dict[str, Any] = dict.fromkeys(OrderFacts.__struct_fields__)
    given |= {"placed_at": START + 2 * DAY, "codes": (), "token": "", "code": ""}
    return OrderFacts(**given | told)


KNOWN = Known(
    coupons={"WM-ANA": claim("ana")},
    codes={"ANA": advocate("ana"), "BO": advocate("bo"), "CY": advocate("cy")},
    tokens={"token-bo": Token(store_id="str_1", code="BO", click="clk_1", at=START)},
    claims=[claim("cy"), claim("ana", 1)],
)


def found(**told: Any) -> tuple[str, str]:
    touch = touch_of(bought(**told), KNOWN)
    assert isinstance(touch, Touch)
    return touch.advocate_id, touch.via


def test_a_code_goes_before_a_token_and_a_token_before_a_claim() -> None:
    assert found(codes=("WM-ANA",), token="token-bo") == ("adv_ana", "code")
    assert found(code="ANA", token="token-bo") == ("adv_ana", "code")
    assert found(token="token-bo") == ("adv_bo", "token")
    assert found() == ("adv_cy", "claim")


def test_a_redeemed_coupon_goes_before_a_spoken_code() -> None:
    assert found(codes=("BO", "WM-ANA")) == ("adv_ana", "code")


def test_codes_and_tokens_that_nobody_knows_say_nothing() -> None:
    assert found(codes=("SUMMER",), token="forged") == ("adv_cy", "claim")


def test_a_claim_after_the_order_recommended_nothing() -> None:
    assert touch_of(bought(placed_at=START - DAY), KNOWN) is None


def test_the_first_claim_wins() -> None:
    touch = touch_of(bought(), KNOWN)
    assert touch is not None
    assert touch.claim == claim("cy")


def test_a_token_takes_the_terms_of_the_claim_with_the_same_advocate() -> None:
    known = Known(
        coupons={}, codes=KNOWN.codes, tokens=KNOWN.tokens, claims=[claim("cy"), claim("bo", 1)]
    )
    touch = touch_of(bought(token="token-bo"), known)
    assert touch is not None
    assert (touch.seen_at, touch.claim) == (START, claim("bo", 1))
