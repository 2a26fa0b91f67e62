"""What people ask a shop about their data is kept until a person has done it, and who is to be
erased is written to no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.shops.bench import Sale, Told
from tests.shops.bench_shopify import ShopifyBench
from tests.shops.conftest import Tried
from wordmouth.kit import clock
from wordmouth.kit.errors import NotFound
from wordmouth.messages import suppression
from wordmouth.people import privacy, services
from wordmouth.people.facts import PrivacyFacts
from wordmouth.project.privacy import checks
from wordmouth.stores import queries
from wordmouth.stores.transactions import store_read, store_write

ANA = {"id": 42, "email": "Ana@example.com"}


@pytest.fixture
def tried(watch: clock.SetClock) -> Iterator[Tried]:
    """A store with a shop whose people ask."""
    bench = ShopifyBench()
    with bench.running():
        yield Tried(bench, watch)


def asked(tried: Tried, topic: str, customer: dict[str, Any] | None = None) -> None:
    """The shop passes on what somebody asked."""
    assert isinstance(tried.bench, ShopifyBench)
    body = {"shop_id": 1, "shop_domain": "tea.myshopify.com", "customer": customer}
    sent = tried.bench.twin.sent(topic, body)
    assert tried.take(Told(headers=sent.headers, body=sent.body))
    tried.settle()


def waiting(tried: Tried) -> list[PrivacyFacts]:
    with store_read(tried.store_id):
        return privacy.open_requests()


def is_stopped(tried: Tried, email: str) -> bool:
    with store_read(tried.store_id):
        return suppression.is_stopped(suppression.digest(email))


def test_a_request_waits_until_somebody_has_done_it_and_is_then_forgotten(tried: Tried) -> None:
    asked(tried, "customers/redact", ANA)
    (one,) = waiting(tried)
    assert (one.kind, one.adapter, one.customer, one.email) == (
        "erase",
        "shopify",
        "42",
        "Ana@example.com",
    )
    assert one.due_at == clock.now() + timedelta(days=30)
    with store_write(tried.store_id):
        services.close_request(one.id)
    assert waiting(tried) == []
    with store_write(tried.store_id), pytest.raises(NotFound):
        services.close_request(one.id)


def test_who_is_to_be_erased_is_written_to_no_more_at_any_known_address(tried: Tried) -> None:
    for email in ("old@example.com", "ana@example.com"):
        tried.bench.save(Sale(email=email, customer="42"))
        tried.tell()
    asked(tried, "customers/redact", {"id": 42})
    assert is_stopped(tried, "old@example.com")
    assert is_stopped(tried, "ANA@example.com")
    assert not is_stopped(tried, "ben@example.com")


@pytest.mark.parametrize("topic", ["customers/data_request", "shop/redact"])
def test_what_else_is_asked_stops_no_mail(tried: Tried, topic: str) -> None:
    asked(tried, topic, ANA)
    assert len(waiting(tried)) == 1
    assert not is_stopped(tried, "ana@example.com")


def test_what_is_asked_again_is_one_request_while_it_is_open(tried: Tried) -> None:
    for _ in range(2):
        asked(tried, "customers/redact", ANA)
        asked(tried, "customers/data_request", ANA)
    assert {one.kind for one in waiting(tried)} == {"erase", "hand_out"}
    for one in waiting(tried):
        with store_write(tried.store_id):
            services.close_request(one.id)
    asked(tried, "customers/redact", ANA)
    assert len(waiting(tried)) == 1, "somebody who came back may ask again"


def test_the_doctor_tells_of_it_without_an_address_and_more_loudly_when_it_is_late(
    tried: Tried,
) -> None:
    (store,) = [each for each in queries.list_stores() if each.id == tried.store_id]
    assert list(checks(store)) == []
    asked(tried, "customers/data_request", ANA)
    (told,) = checks(store)
    assert (told.state, "hand out to customer 42" in told.text) == ("warning", True)
    assert "ana@example.com" not in told.text.lower()
    assert f"store privacy {store.slug} --done prq_" in told.mend
    tried.pass_time(days=31)
    assert [each.state for each in checks(store)] == ["broken"]


def test_who_cannot_be_told_apart_is_refused(tried: Tried) -> None:
    asked(tried, "customers/redact", {"phone": "555-625-1199"})
    assert tried.states() == {"refused": 1}
    assert waiting(tried) == []
