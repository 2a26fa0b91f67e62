"""`GET /metrics`."""

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from tests.api.world import World, order


def figures(text: str) -> dict[str, float]:
    return {
        sample.name: sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_installation(world: World) -> None:
    world.refer()
    world.api.put("orders/9", order("9", "x@acme.example.com"))
    response = Client().get("/metrics")
    assert response.status_code == 200
    found = figures(response.content.decode())
    assert found["wordmouth_inbox_waiting"] == 1
    assert found["wordmouth_stores"] == 1
    assert found["wordmouth_ledger_postings"] >= 1
    assert found["wordmouth_effects_waiting"] >= 1
    assert found["wordmouth_effects_dead"] == 0
    assert found["wordmouth_inbox_oldest_seconds"] == 0


def test_no_store_is_named(world: World) -> None:
    text = Client().get("/metrics").content.decode()
    for told in (world.store_id, world.slug, world.mark):
        assert told not in text


def test_without_a_token_only_this_machine_may_look(db: None) -> None:
    elsewhere = Client().get("/metrics", REMOTE_ADDR="192.0.2.1")
    assert elsewhere.status_code == 401
    assert elsewhere.headers["Content-Type"] == "application/problem+json"
    proxied = Client().get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    assert proxied.status_code == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer right", 200), ("Bearer wrong", 401), ("", 401), ("Bearer r\u00e4t", 401)],
)
def test_with_a_token_it_takes_the_token(
    db: None, settings: Settings, given: str, status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    response = Client().get("/metrics", headers={"authorization": given})
    assert response.status_code == status


def test_it_only_reads(db: None) -> None:
    assert Client().post("/metrics").status_code == 405
