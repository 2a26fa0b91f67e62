"""A store's shop is connected by command: tried out, kept sealed, and read from then on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.cli.tests.door import Door
from wordmouth.inbox import queries as inbox
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit.http import Http
from wordmouth.outbox import queries as outbox
from wordmouth.project import adapters
from wordmouth.stores import queries
from wordmouth.stores.facts import ConnectionFacts
from wordmouth.stores.transactions import store_read


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooTwin]:
    """A shop on this machine, which this installation may call."""
    known = WooCommerce(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", known)
    monkeypatch.setitem(adapters.ADAPTERS, "woocommerce", known)
    with running(WooTwin()) as twin:
        yield twin


@pytest.fixture
def secret(tmp_path) -> str:
    file = tmp_path / "secret"
    file.write_text("cs_1\n")
    return str(file)


def words(url: str, secret: str, *more: str) -> list[str]:
    given = ["--url", url, "--key", "ck_1", "--secret-file", secret]
    return ["store", "connect", "tea-house", "woocommerce", *given, *more]


def kept(made) -> ConnectionFacts | None:
    return queries.connection(made["store"]["id"], "woocommerce")


def test_a_shop_is_tried_out_kept_and_read_from_then_on(door: Door, made, woo, secret) -> None:
    told = door(*words(woo.url, secret))
    assert "WooCommerce accepts the key." in told.stderr
    store_id = made["store"]["id"]
    assert f"/in/{store_id}/woocommerce" in told.stderr
    found = kept(made)
    assert found is not None
    assert found.credentials == {"consumer_secret": "cs_1"}
    assert found.options == {"url": woo.url, "key": "ck_1"}
    assert found.coupon_url == f"{woo.url}/wp-json/wc/v3/coupons"
    with store_read(store_id):
        kinds = [feed.kind for feed in inbox.feeds()]
        assert kinds == ["connection", "order", "customer", "product"]
        assert {one.kind for one in outbox.page()} == {"shop.check", "shop.poll"}
    assert all(request.method == "GET" for request in woo.seen), "trying out changes nothing"


def test_the_secret_is_sealed_and_never_printed(door: Door, made, woo, secret) -> None:
    facts = door.facts(*words(woo.url, secret))
    assert facts["options"] == {"url": woo.url, "key": "ck_1"}
    assert "cs_1" not in str(facts)
    assert "cs_1" not in door("store", "show", "tea-house").output
    assert "cs_1" not in repr(kept(made))


def test_connecting_again_keeps_the_secret_of_the_webhooks(door: Door, made, woo, secret) -> None:
    door(*words(woo.url, secret))
    before = kept(made)
    woo.key = "ck_2"
    given = [word.replace("ck_1", "ck_2") for word in words(woo.url, secret)]
    door(*given)
    after = kept(made)
    assert before is not None
    assert after is not None
    assert (after.secrets, after.options["key"]) == (before.secrets, "ck_2")


@pytest.mark.parametrize("fault", ["html", "garbage", "redirect", "endless", "500", "reset"])
def test_whatever_else_is_at_that_address_is_said_and_nothing_is_kept(
    door: Door, made, woo, secret, fault
) -> None:
    woo.faults.append(fault)
    refusal = door.refusal(*words(woo.url, secret))
    assert "Nothing was changed." in refusal
    assert kept(made) is None


def test_a_key_that_does_not_open_the_shop_is_said(door: Door, made, woo, secret) -> None:
    woo.secret = "cs_other"
    refusal = door.refusal(*words(woo.url, secret))
    assert "does not accept the key" in refusal
    assert "may read and write" in refusal
    assert kept(made) is None
    door(*words(woo.url, secret, "--no-check"))
    assert kept(made) is not None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://tea.example", "begins with https://"),
        ("https://127.0.0.1", "not a public address"),
        ("https://[::1]/", "not a public address"),
        ("https://tea.example:8080", "Port 8080 is not allowed"),
        ("https://ana:hush@tea.example", "user name or password"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(
    door: Door, made, secret, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", WooCommerce(Http()))
    assert says in door.refusal(*words(url, secret))
    assert kept(made) is None


def test_what_is_missing_or_too_much_is_named(door: Door, made, secret) -> None:
    given = ("store", "connect", "tea-house", "woocommerce", "--secret-file", secret)
    assert "url" in door.refusal(*given)
    refusal = door.refusal(*words("https://tea.example", secret, "--campaign", "x"))
    assert "woocommerce has no option campaign; it takes url, key" in refusal
    assert kept(made) is None
