"""A Magento shop is connected by command, with the four keys of an integration."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from wordmouth.cli.tests.door import Door
from wordmouth.inbox import queries as inbox
from wordmouth.integrations.magento.adapter import Magento
from wordmouth.integrations.magento.twin import MagentoTwin
from wordmouth.integrations.twins import running
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.stores import queries
from wordmouth.stores.transactions import store_read


@pytest.fixture
def twin(monkeypatch: pytest.MonkeyPatch) -> Iterator[MagentoTwin]:
    """A shop on this machine, which this installation may call."""
    known = Magento(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "magento", known)
    monkeypatch.setitem(adapters.ADAPTERS, "magento", known)
    with running(MagentoTwin()) as twin:
        yield twin


@pytest.fixture
def words(tmp_path, twin: MagentoTwin) -> list[str]:
    file = tmp_path / "keys"
    file.write_text("ck_1\ncs_1\nat_1\nas_1\n")
    given = ["--url", twin.url, "--secret-file", str(file)]
    return ["store", "connect", "tea-house", "magento", *given]


def test_a_shop_is_tried_out_kept_and_read_from_then_on(door: Door, made, twin, words) -> None:
    told = door(*words, "--website", "base")
    assert "Magento lets the integration in. 1 website counted in EUR." in told.stderr
    store_id = made["store"]["id"]
    found = queries.connection(store_id, "magento")
    assert found is not None
    assert set(found.credentials.values()) == {"ck_1", "cs_1", "at_1", "as_1"}
    assert found.options == {"url": twin.url, "website": "base"}
    assert found.coupon_url == f"{twin.url}/rest/V1/coupons"
    assert not {"cs_1", "as_1"} & set(told.output.split())
    assert {request.method for request in twin.seen} == {"GET"}, "trying out changes nothing"
    with store_read(store_id):
        kinds = [feed.kind for feed in inbox.feeds()]
    assert kinds == ["connection", "order", "customer", "product"]


def test_keys_that_are_not_all_there_are_said_and_nothing_is_kept(
    door: Door, made, twin, words, tmp_path
) -> None:
    (tmp_path / "keys").write_text("ck_1\ncs_1\nat_1\n")
    assert "its access token secret; it is empty" in door.refusal(*words)
    (tmp_path / "keys").write_text(json.dumps({"consumer_key": "ck_1", "token": "at_1"}))
    assert "has no secret 'token'" in door.refusal(*words)
    assert queries.connection(made["store"]["id"], "magento") is None


def test_a_shop_that_does_not_let_us_in_is_said_and_nothing_is_kept(
    door: Door, made, twin, words
) -> None:
    twin.denied.add("Magento_SalesRule::quote")
    refusal = door.refusal(*words)
    assert "isn't authorized to access Magento_SalesRule::quote" in refusal
    assert "Nothing was changed." in refusal
    assert queries.connection(made["store"]["id"], "magento") is None
