"""A Saleor is connected by command, with the token of an app."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.cli.tests.door import Door
from wordmouth.inbox import queries as inbox
from wordmouth.integrations.saleor.adapter import Saleor
from wordmouth.integrations.saleor.twin import SaleorTwin
from wordmouth.integrations.twins import running
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.stores import queries
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[SaleorTwin]:
    """A shop on this machine, which this installation may call."""
    known = Saleor(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "saleor", known)
    monkeypatch.setitem(adapters.ADAPTERS, "saleor", known)
    with running(SaleorTwin()) as twin:
        yield twin


@pytest.fixture
def words(tmp_path, twin: SaleorTwin) -> list[str]:
    file = tmp_path / "secret"
    file.write_text("token-1\n")
    given = ["--url", f"{twin.url}/graphql/", "--secret-file", str(file)]
    return ["store", "connect", "tea-house", "saleor", *given]


def kept(made) -> ConnectionFacts | None:
    return queries.connection(made["store"]["id"], "saleor")


def test_a_shop_is_tried_out_kept_and_read_from_then_on(door: Door, made, twin, words) -> None:
    told = door(*words)
    assert "Saleor lets the app in." in told.stderr
    store_id = made["store"]["id"]
    assert f"/in/{store_id}/saleor" in told.stderr
    found = kept(made)
    assert found is not None
    assert found.credentials == {"token": "token-1"}
    assert found.options == {"url": f"{twin.url}/graphql/"}
    assert "token-1" not in told.output
    assert twin.hooks == {}, "trying out changes nothing"
    with store_read(store_id):
        assert [feed.kind for feed in inbox.feeds()] == [
            "connection",
            "order",
            "customer",
            "product",
        ]


def test_the_address_may_be_told_without_its_end(door: Door, made, twin, words) -> None:
    door(*[word.removesuffix("/graphql/") for word in words])
    found = kept(made)
    assert found is not None
    assert found.coupon_url == f"{twin.url}/graphql/"


def test_what_the_app_may_not_do_is_said_and_nothing_is_kept(door: Door, made, twin, words) -> None:
    twin.permissions -= {"MANAGE_ORDERS", "MANAGE_DISCOUNTS"}
    refusal = door.refusal(*words)
    assert "it lacks MANAGE_ORDERS, MANAGE_DISCOUNTS" in refusal
    assert "Nothing was changed." in refusal
    assert kept(made) is None


def test_a_page_in_the_place_of_an_api_is_said(door: Door, made, twin, words) -> None:
    there = [word.replace("/graphql/", "/dashboard/") for word in words]
    assert "404" in door.refusal(*there)
    assert kept(made) is None
