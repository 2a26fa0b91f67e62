"""What happens behind the scenes: deliveries that came, effects that are to be done."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.api.paging import page_of
from wordmouth.api.requests import DeliveryQuery, EffectQuery
from wordmouth.api.shapes import Delivery, Effect, Page
from wordmouth.inbox import queries as inbox
from wordmouth.inbox.errors import DeliveryNotFound
from wordmouth.inbox.facts import DeliveryFacts
from wordmouth.outbox import queries as outbox
from wordmouth.outbox.facts import EffectFacts


def deliveries(query: DeliveryQuery) -> Page[Delivery]:
    """Deliveries, newest first. Raises DeliveryNotFound for an unknown `starting_after`."""

    def read(limit: int, starting_after: str | None) -> Sequence[DeliveryFacts]:
        before = delivery_facts(starting_after).seq if starting_after else None
        return inbox.page(limit, query.state, before)

    return page_of(query, "dlv", read, _deliveries)


def delivery(delivery_id: str) -> Delivery:
    """One delivery. Raises DeliveryNotFound."""
    return _deliveries([delivery_facts(delivery_id)])[0]


def delivery_facts(delivery_id: str) -> DeliveryFacts:
    """One delivery as facts. Raises DeliveryNotFound."""
    found = inbox.delivery(delivery_id)
    if found is None:
        raise DeliveryNotFound("This store has no such delivery.")
    return found


def effects(query: EffectQuery) -> Page[Effect]:
    """Effects, newest first."""

    def read(limit: int, starting_after: str | None) -> Sequence[EffectFacts]:
        return outbox.page(query.state, limit, starting_after)

    return page_of(query, "eff", read, _effects)


def _deliveries(found: Sequence[DeliveryFacts]) -> list[Delivery]:
    return [Delivery.model_validate(facts, from_attributes=True) for facts in found]


def _effects(found: Sequence[EffectFacts]) -> list[Effect]:
    return [Effect.model_validate(facts, from_attributes=True) for facts in found]
