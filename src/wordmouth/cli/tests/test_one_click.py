"""The command prints the page at which a shop connects the store, and asks nobody anything."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as configured

from wordmouth.cli.tests.door import Door


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "SITE_URL", "https://refer.example")
    monkeypatch.setattr(configured, "ALLOW_PRIVATE_SHOPS", False)


def test_the_page_of_the_shop_is_printed_and_leads_to_the_desk(door: Door, made) -> None:
    told = door("store", "one-click", "tea-house", "--url", "https://tea.example/shop/")
    page = urlsplit(told.stdout.strip())
    assert page.geturl().startswith("https://tea.example/shop/wc-auth/v1/authorize?")
    asked = parse_qs(page.query)
    assert asked["scope"] == ["read_write"]
    assert asked["return_url"] == ["https://refer.example/desk/tea-house"]
    assert asked["callback_url"] == ["https://refer.example/connect/woocommerce"]
    assert "within an hour" in told.stderr


def test_the_shop_is_the_stores_own_unless_another_is_named(door: Door, made) -> None:
    assert "say it with --url" in door.refusal("store", "one-click", "tea-house")
    door("store", "update", "tea-house", "--shop-url", "https://tea.example/")
    facts = door.facts("store", "one-click", "tea-house")
    assert (facts["store"], facts["shop"]) == (made["store"]["id"], "https://tea.example/")
    assert facts["page"].startswith("https://tea.example/wc-auth/v1/authorize?")


@pytest.mark.parametrize("url", ["http://tea.example", "https://127.0.0.1:9"])
def test_a_shop_that_may_not_be_called_is_refused(door: Door, made, url: str) -> None:
    assert "cannot be called" in door.refusal("store", "one-click", "tea-house", "--url", url)
