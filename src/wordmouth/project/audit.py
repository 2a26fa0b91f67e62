"""Proof of a store: that its books are right, and that its facts lead to its decisions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import msgspec
from django.apps import apps
from django.db.models import Model

from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import Finding
from wordmouth.ledger.verify import check_head, verify_store
from wordmouth.payouts import audit as payouts
from wordmouth.referrals import queries as referrals
from wordmouth.referrals import replay as decisions
from wordmouth.rewards import audit as rewards
from wordmouth.rewards import queries as reward_queries
from wordmouth.stores.transactions import store_read


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what was not as it must be."""

    referrals: int
    rewards: int
    postings: int
    findings: list[Finding]


def verify(store_id: str, head: str | None = None) -> Report:
    """Check the ledger by itself, that every reward and every payout has exactly the postings of
    its state, and that whatever refers to something refers to something of the same store.

    `head` is one that was noted earlier and must still lie on the ledger's chain. Raises Invalid
    where it is none.
    """
    with store_read(store_id):
        of_rewards = rewards.verify(foreign=set(payouts.references()))
        of_ledger = verify_store() + (check_head(head) if head is not None else [])
        found = chain(of_ledger, of_rewards, payouts.verify(), references(store_id))
        return _report(list(found))


def references(store_id: str) -> Iterator[Finding]:
    """Every row of the store that points at nothing, or into another store."""
    for model in apps.get_models():
        keys = {field.name for field in model._meta.concrete_fields if field.is_relation}
        if "store" not in keys:
            continue
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is None or not _has_store(target):
                continue
            rows = model._default_manager.exclude(**{field.attname: None})
            for key in rows.exclude(**{f"{field.name}__store_id": store_id}).values_list("pk")[:20]:
                name = f"{model._meta.label} {key[0]}"
                yield Finding(where=name, what=f"its {field.name} is not of this store")


def _has_store(model: type[Model]) -> bool:
    return any(field.name == "store" for field in model._meta.concrete_fields)


def replay(store_id: str) -> Report:
    """Decide the store anew from its stored facts and compare; nothing is written."""
    with store_read(store_id):
        found = chain(decisions.differences(store_id, clock.now()), rewards.differences(store_id))
        return _report(list(found))


def _report(findings: list[Finding]) -> Report:
    return Report(
        referrals=sum(referrals.counts_by_status().values()),
        rewards=sum(reward_queries.counts_by_state().values()),
        postings=ledger.count(),
        findings=findings,
    )
