"""Random valid programme documents."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from wordmouth.programs.document import (
    MAX_AMOUNT,
    AdvocateLimit,
    AdvocateReward,
    Budget,
    Eligibility,
    Fraud,
    FraudPreset,
    FriendReward,
    FriendRule,
    Hold,
    HoldEvent,
    Limits,
    Offer,
    ProgramDocument,
    Status,
)

slugs = st.from_regex(r"\A[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}\Z")
names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
days = st.integers(1, 3650)
amounts = st.integers(1, MAX_AMOUNT)
terms_of_kind = st.one_of(
    st.builds(lambda value: {"kind": "percent_off", "value": value}, st.integers(1, 100)),
    st.builds(lambda value: {"kind": "amount_off", "value": value}, amounts),
    st.just({"kind": "free_shipping"}),
)
expiries = st.none() | days


@st.composite
def offers(draw: st.DrawFn, key: str) -> Offer:
    """An offer in which at least one side gets something."""
    friend: Any = draw(st.none() | terms_of_kind)
    least = 1 if friend is None else 0
    rewards: list[Any] = draw(
        st.lists(terms_of_kind, min_size=least, max_size=3, unique_by=lambda terms: terms["kind"])
    )
    return Offer(
        key=key,
        weight=draw(st.integers(0, 100)),
        friend=None if friend is None else FriendReward(**friend, expires_days=draw(expiries)),
        advocate=tuple(AdvocateReward(**terms, expires_days=draw(expiries)) for terms in rewards),
    )


@st.composite
def documents(draw: st.DrawFn) -> ProgramDocument:
    """A document that keeps all rules, in the whole range of each key."""
    keys = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    found = [draw(offers(key)) for key in keys]
    if not any(offer.weight for offer in found):
        first = found[0]
        found[0] = Offer(key=first.key, friend=first.friend, advocate=first.advocate)
    return ProgramDocument(
        slug=draw(slugs),
        name=draw(names),
        status=draw(st.sampled_from(get_args(Status))),
        attribution_days=draw(days),
        eligibility=Eligibility(
            friend=draw(st.sampled_from(get_args(FriendRule))),
            min_order=draw(st.integers(0, MAX_AMOUNT)),
            currency=draw(st.sampled_from(["EUR", "USD", "JPY", "KWD"])),
        ),
        hold=Hold(
            after=draw(st.sampled_from(get_args(HoldEvent))),
            days=draw(st.integers(0, 100)),
            fallback_days=draw(st.integers(0, 365)),
        ),
        offers=tuple(found),
        limits=Limits(
            per_advocate=draw(st.none() | st.builds(AdvocateLimit, count=days, days=days)),
            budget=draw(st.none() | st.builds(Budget, amount=amounts, days=days)),
        ),
        fraud=Fraud(preset=draw(st.sampled_from(get_args(FraudPreset)))),
    )
