"""Random valid programme documents."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import msgspec
from hypothesis import strategies as st

from wordmouth.programs.document import (
    MAX_AMOUNT,
    Access,
    AdvocateLimit,
    AdvocateReward,
    Budget,
    Clawback,
    Eligibility,
    Fraud,
    FraudPreset,
    FriendReward,
    FriendRule,
    Goods,
    Hold,
    HoldEvent,
    Limits,
    Offer,
    PartialRefund,
    Payouts,
    ProgramDocument,
    RedemptionOption,
    SpentReward,
    Status,
    TotalLimit,
    Wallet,
)
from wordmouth.programs.limit_rules import cost_of, first_count, once

MOST = 10_000_000_000
"""Values below the largest, so that a budget can be above any two of them."""

slugs = st.from_regex(r"\A[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}\Z")
names = st.text(
    st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
refs = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=12)
days = st.integers(1, 3650)
amounts = st.integers(1, MOST)
calendar_days = st.dates(date(2020, 1, 1), date(2090, 12, 31))
few_refs = st.lists(refs, min_size=1, max_size=3, unique=True).map(tuple)


def _of_kind(kind: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(kind), **parts})


accesses = st.one_of(
    st.builds(Access, name=names, until=calendar_days, products=few_refs),
    st.builds(Access, name=names, until=calendar_days, category=refs),
    st.builds(Access, name=names, until=calendar_days, products=few_refs, category=refs),
)
costs = st.none() | amounts
buyable = st.one_of(
    _of_kind("percent_off", value=st.integers(1, 100)),
    _of_kind("amount_off", value=amounts),
    _of_kind("free_shipping"),
    _of_kind("free_product", product=refs),
    _of_kind("gift_card", value=amounts),
)
promised = st.one_of(
    _of_kind("percent_off", value=st.integers(1, 100), cost=costs),
    _of_kind("amount_off", value=amounts),
    _of_kind("free_shipping", cost=costs),
    _of_kind("free_product", product=refs, cost=costs),
    _of_kind("points", value=amounts, cost=costs),
    _of_kind("store_credit", value=amounts),
    _of_kind("cash", value=amounts),
    _of_kind("gift_card", value=amounts),
    _of_kind("early_access", access=accesses, cost=costs),
    _of_kind("custom", name=names, cost=costs),
)
shares = st.sampled_from(["store_credit", "cash"]).flatmap(
    lambda kind: _of_kind(kind, percent=st.integers(1, 100), cap=st.none() | amounts)
)
counted = st.fixed_dictionaries({"starts": st.none() | calendar_days})
repeatedly = st.none() | st.integers(1, 1000)
schedules = st.one_of(
    st.just({"schedule": "each"}),
    st.fixed_dictionaries(
        {
            "schedule": st.just("every_nth"),
            "n": st.integers(2, 1000),
            "starts": st.none() | calendar_days,
            "max_times": repeatedly,
        }
    ),
    st.fixed_dictionaries(
        {
            "schedule": st.just("milestone"),
            "n": st.integers(1, 1000),
            "starts": st.none() | calendar_days,
            "max_times": st.sampled_from([None, 1]),
        }
    ),
)


@st.composite
def tiers(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The ranges of some tiers beside each other; the last one may have no end."""
    bounds = sorted(draw(st.lists(st.integers(1, 1000), max_size=6, unique=True)))
    found: list[dict[str, Any]] = []
    for first, last in zip(bounds[::2], bounds[1::2], strict=False):
        found.append({"from_": first, "to": draw(st.sampled_from([first, last]))})
    if len(bounds) % 2:
        found.append({"from_": bounds[-1], "to": None})
    return [{"schedule": "tier", **tier} for tier in found]


@st.composite
def advocate_rewards(draw: st.DrawFn, least: int) -> tuple[AdvocateReward, ...]:
    """Rewards of which no two are the same, with at most one for each tier."""
    when = draw(st.lists(schedules, min_size=least, max_size=3))
    for tier in draw(tiers()):
        recurring = draw(st.booleans())
        most = draw(repeatedly) if recurring else None
        when.append(tier | draw(counted) | {"recurring": recurring, "max_times": most})
    found: dict[tuple[Any, ...], AdvocateReward] = {}
    for schedule in when:
        reward = AdvocateReward(
            **schedule, **draw(promised | shares), expires_days=draw(st.none() | days)
        )
        found[(reward.schedule, reward.n, reward.from_, reward.kind)] = reward
    return tuple(found.values())


@st.composite
def offers(draw: st.DrawFn, key: str) -> Offer:
    """An offer in which at least one side gets something."""
    friend: Any = draw(st.none() | promised)
    return Offer(
        key=key,
        weight=draw(st.integers(0, 100)),
        friend=None
        if friend is None
        else FriendReward(**friend, expires_days=draw(st.none() | days)),
        advocate=draw(advocate_rewards(1 if friend is None else 0)),
    )


@st.composite
def limits(draw: st.DrawFn, offers: list[Offer]) -> Limits:
    """Limits that leave room for every reward of the offers."""
    rewards = [reward for offer in offers for reward in offer.advocate]
    values = st.integers(max(map(cost_of, rewards), default=1) or 1, MAX_AMOUNT)
    counts = st.integers(max(map(first_count, rewards), default=1), 1_000_000)
    least = max(1, *map(once, offers)) if offers else 1

    def some(part: type, **more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.none(),
            st.builds(part, count=counts, **more),
            st.builds(part, value=values, **more),
            st.builds(part, count=counts, value=values, **more),
        )

    return Limits(
        per_advocate=draw(some(AdvocateLimit, days=days)),
        per_advocate_total=draw(some(TotalLimit)),
        budget=draw(
            st.none() | st.builds(Budget, amount=st.integers(least, MAX_AMOUNT), days=days)
        ),
    )


@st.composite
def eligibilities(draw: st.DrawFn) -> Eligibility:
    """Conditions in which nothing is included and excluded at once."""
    goods = st.none() | st.builds(Goods, products=few_refs) | st.builds(Goods, categories=few_refs)
    include, exclude = draw(goods), draw(goods)
    named = {*include.products, *include.categories} if include else set()
    if exclude and named & {*exclude.products, *exclude.categories}:
        exclude = None
    return Eligibility(
        friend=draw(st.sampled_from(get_args(FriendRule))),
        min_order=draw(st.integers(0, MAX_AMOUNT)),
        currency=draw(st.sampled_from(["EUR", "USD", "JPY", "KWD"])),
        include=include,
        exclude=exclude,
        gift_cards=draw(st.booleans()),
        free_orders=draw(st.booleans()),
    )


@st.composite
def wallets(draw: st.DrawFn) -> Wallet:
    """Things to buy under different keys."""
    options = [
        RedemptionOption(
            key=key,
            pay_with=draw(st.sampled_from(["points", "store_credit"])),
            price=draw(amounts),
            expires_days=draw(st.none() | days),
            **draw(buyable),
        )
        for key in draw(st.lists(slugs, max_size=2, unique=True))
    ]
    return Wallet(redemptions=tuple(options), expiry_notice_days=draw(st.integers(0, 365)))


@st.composite
def documents(draw: st.DrawFn) -> ProgramDocument:
    """A document that keeps all rules, in the whole range of each key."""
    keys = draw(st.lists(slugs, min_size=1, max_size=2, unique=True))
    found = [draw(offers(key)) for key in keys]
    if not any(offer.weight for offer in found):
        found[0] = msgspec.structs.replace(found[0], weight=1)
    sums = st.none() | amounts
    return ProgramDocument(
        slug=draw(slugs),
        name=draw(names),
        status=draw(st.sampled_from(get_args(Status))),
        attribution_days=draw(days),
        eligibility=draw(eligibilities()),
        hold=Hold(
            after=draw(st.sampled_from(get_args(HoldEvent))),
            days=draw(st.integers(0, 100)),
            fallback_days=draw(st.integers(0, 365)),
        ),
        offers=tuple(found),
        limits=draw(limits(found)),
        fraud=Fraud(preset=draw(st.sampled_from(get_args(FraudPreset)))),
        clawback=Clawback(
            partial_refund=draw(st.sampled_from(get_args(PartialRefund))),
            spent=draw(st.sampled_from(get_args(SpentReward))),
        ),
        wallet=draw(wallets()),
        payouts=Payouts(
            threshold=draw(st.integers(0, MOST)),
            second_person_from=draw(sums),
            tax_hold=draw(sums),
        ),
    )
