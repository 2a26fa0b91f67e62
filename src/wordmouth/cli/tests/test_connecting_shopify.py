"""A Shopify shop is connected by command, with the app's client id and secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.cli.tests.door import Door
from wordmouth.inbox import queries as inbox
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.integrations.shopify.twin import ShopifyTwin
from wordmouth.integrations.twins import running
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.stores import queries
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopifyTwin]:
    """A shop on this machine, which this installation may call."""
    known = Shopify(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "shopify", known)
    monkeypatch.setitem(adapters.ADAPTERS, "shopify", known)
    with running(ShopifyTwin()) as twin:
        yield twin


@pytest.fixture
def words(tmp_path, twin: ShopifyTwin) -> list[str]:
    file = tmp_path / "secret"
    file.write_text("shpss_1\n")
    given = ["--url", twin.url, "--client-id", "c1", "--secret-file", str(file)]
    return ["store", "connect", "tea-house", "shopify", *given]


def kept(made) -> ConnectionFacts | None:
    return queries.connection(made["store"]["id"], "shopify")


def test_a_shop_is_tried_out_kept_and_read_from_then_on(door: Door, made, twin, words) -> None:
    told = door(*words)
    assert "Shopify lets the app in." in told.stderr
    store_id = made["store"]["id"]
    assert f"/in/{store_id}/shopify" in told.stderr
    found = kept(made)
    assert found is not None
    assert found.credentials == {"client_secret": "shpss_1"}
    assert found.options == {"url": twin.url, "client_id": "c1"}
    assert "shpss_1" not in told.output
    assert twin.hooks == {}, "trying out changes nothing"
    with store_read(store_id):
        assert [feed.kind for feed in inbox.feeds()] == ["connection", "order", "customer"]


def test_both_secrets_of_the_app_are_kept_while_one_is_changed(
    door: Door, made, twin, words, tmp_path
) -> None:
    (tmp_path / "secret").write_text("shpss_2\nshpss_1\n")
    twin.secrets = ["shpss_2", "shpss_1"]
    door(*words)
    found = kept(made)
    assert found is not None
    assert found.credentials == {"client_secret": "shpss_2", "old_client_secret": "shpss_1"}
    assert adapters.ADAPTERS["shopify"].keys(found)[:2] == (b"shpss_2", b"shpss_1")


def test_both_secrets_may_be_kept_as_one_with_a_space_between(
    door: Door, made, twin, words, tmp_path
) -> None:
    (tmp_path / "secret").write_text("shpss_2 shpss_1\n")
    twin.secrets = ["shpss_2", "shpss_1"]
    door(*words)
    found = kept(made)
    assert found is not None
    assert adapters.ADAPTERS["shopify"].keys(found)[:2] == (b"shpss_2", b"shpss_1")


def test_what_the_app_may_not_do_is_said_and_nothing_is_kept(door: Door, made, twin, words) -> None:
    twin.scopes -= {"write_discounts", "read_orders"}
    refusal = door.refusal(*words)
    assert "it lacks read_orders, write_discounts" in refusal
    assert "Dev Dashboard" in refusal
    assert "Nothing was changed." in refusal
    assert kept(made) is None


def test_a_secret_that_is_not_the_apps_is_said(door: Door, made, twin, words) -> None:
    twin.secrets = ["shpss_other"]
    refusal = door.refusal(*words)
    assert "Shopify does not let the app in." in refusal
    assert kept(made) is None


def test_the_domain_for_customers_is_not_the_address(door: Door, made, twin, words) -> None:
    there = [word.replace(twin.url, "https://tea.example") for word in words]
    assert "https://tea.myshopify.com" in door.refusal(*there)
    assert kept(made) is None
