"""Holds a store and the naive books together: referrals, rewards and balances."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tests.rewards.books import Books
from tests.rewards.given import Given
from tests.world import World
from wordmouth.advocates import queries as advocates
from wordmouth.ledger import queries as ledger
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts


def difference(world: World, books: Books, email_of: Mapping[str, str]) -> str | None:
    """What is otherwise in the store than in the books; None where nothing is. Persons have their
    e-mails in `email_of`. Rewards that the books did not know by their ids are then known."""
    with world.read():
        found = {r.order_key: r for r in referrals.referrals(referrals.all_ids()).values()}
        rows = rewards.page(limit=10_000)
        standing = ledger.all_balances()
        people = {one.id: email_of[one.person_id] for one in advocates.page(1000)}
    mine = {key: (r.status, r.basis, r.amount) for key, r in found.items()}
    naive = {key: (r.status, r.basis, r.amount) for key, r in books.facts.ever.items()}
    if problem := _told_apart("referrals", mine, naive):
        return problem
    orders = {referral.id: key for key, referral in found.items()}
    if problem := _rewards_differ(rows, books, orders, people):
        return problem
    shown = _named(standing, people, email_of)
    expected = {name: amount for name, amount in books.balances().items() if amount}
    return _told_apart("balances", {k: v for k, v in shown.items() if v}, expected)


def _rewards_differ(
    rows: Sequence[RewardFacts], books: Books, orders: Mapping[str, str], people: Mapping[str, str]
) -> str | None:
    """Every reward is one of the books, and as it is there."""
    by_id = {row.id: row for row in rows}
    known = {one.id for one in books.given if one.id}
    fresh: dict[Any, list[RewardFacts]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.round, row.id)):
        if row.id not in known:
            fresh[(_what_for(row, orders, people), *_seen(row).values())].append(row)
    for one in books.given:
        if not one.id:
            alike = fresh[(_shown_key(one), *_thought(one).values())]
            if not alike:
                return f"{one} was not given; what was: {dict(fresh)}"
            one.id, one.code = alike[0].id, alike.pop(0).code
        if problem := _told_apart(one.id, _seen(by_id[one.id]), _thought(one)):
            return f"{problem}\n{one}\n{by_id[one.id]}"
    left = [row for alike in fresh.values() for row in alike]
    return f"not of the books: {left}" if left else None


def _told_apart(what: str, mine: dict[Any, Any], naive: dict[Any, Any]) -> str | None:
    differing = sorted(
        (str(key) for key in {*mine, *naive} if mine.get(key) != naive.get(key)),
    )
    if not differing:
        return None
    told = [
        f"{key}: {mine.get(key)} in the store, {naive.get(key)} in the books"
        for key in {*mine, *naive}
        if str(key) in differing
    ]
    return f"{what}: " + "; ".join(sorted(told))


def _what_for(
    row: RewardFacts, orders: Mapping[str, str], people: Mapping[str, str]
) -> tuple[Any, ...]:
    if row.party == "friend":
        return "friend", row.claim_id
    if row.redemption_id:
        return "bought", row.redemption_id
    if "count" in row.details:
        return "count", people[row.advocate_id], row.details["count"]
    return "each", orders[row.referral_id or ""]


def _shown_key(one: Given) -> tuple[Any, ...]:
    if one.key[0] == "count":
        return "count", one.key[1], one.key[3]
    return one.key[:2]


def _seen(row: RewardFacts) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "state": row.state,
        "value": row.value,
        "offset": row.offset,
        "due_at": row.due_at,
        "expires_at": row.expires_at,
    }


def _thought(one: Given) -> dict[str, Any]:
    return {
        "kind": one.want.kind,
        "state": one.state,
        "value": one.value,
        "offset": one.offset,
        "due_at": one.due_at,
        "expires_at": one.expires,
    }


def _named(
    standing: Mapping[tuple[str, str], int], people: Mapping[str, str], persons: Mapping[str, str]
) -> dict[tuple[str, ...], int]:
    """The ledger's accounts as the books call them."""
    labels = {**people} | {key: f"friend {email}" for key, email in persons.items()}
    found: Counter[tuple[str, ...]] = Counter()
    for (name, unit), amount in standing.items():
        kind, *rest = name.split(":")
        if kind in ("pending", "available"):
            purse = rest[0] if len(rest) == 2 else "coupon"
            key: tuple[str, ...] = (kind, purse, labels[rest[-1]], unit)
        elif kind == "debt":
            key = (kind, rest[1], labels[rest[0]], unit)
        elif kind == "spent":
            key = ("spent:points", unit)
        else:
            key = (kind, unit)
        found[key] += amount
    return found
