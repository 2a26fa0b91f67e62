"""The theme app extension for Shopify: its files are of the form that Shopify takes, they agree
with the engine, and in a real browser the cart learns where a visitor came from."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wordmouth.integrations.shopify.api import ALL_ORDERS, SCOPES
from wordmouth.integrations.shopify.parse import TOKEN_NOTE, TOKEN_QUERY
from wordmouth.integrations.shopify.questions import VERSION
from wordmouth.integrations.twins import Reply, Request, reply, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

APP = Path(__file__).parents[2] / "shops" / "shopify"
THEME = APP / "extensions" / "wordmouth"
BLOCK = (THEME / "blocks" / "wordmouth.liquid").read_text()
SCHEMA = json.loads(re.findall(r"{% schema %}(.*){% endschema %}", BLOCK, re.DOTALL)[0])
WORDS = json.loads((THEME / "locales" / "en.default.schema.json").read_text())
MOST_JAVASCRIPT = 10_000
"""Shopify asks for less than that in what every page loads."""


class Shop:
    """A shop with that block in its theme: it keeps a cart and says what was asked of it."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.coupons: list[str] = []
        self.updates: list[Any] = []
        self.failing = False

    def answer(self, request: Request) -> Reply | str:
        """One page, and the two addresses that change the cart."""
        if request.path == "/wordmouth.js":
            script = (THEME / "assets" / "wordmouth.js").read_bytes()
            return Reply(status=200, body=script, kind="text/javascript")
        if request.path in ("/", "/en/tea"):
            root = "/en" if request.path == "/en/tea" else "/"
            return Reply(status=200, body=self.page(root).encode(), kind="text/html")
        if self.failing:
            return "reset"
        _, _, place = request.path.partition("/cart/update.js")
        if request.method == "POST" and request.path.endswith("/cart/update.js") and not place:
            told = request.json()
            self.updates.append((request.path, told))
            self.attributes |= told["attributes"]
            return reply(200, {"attributes": self.attributes})
        if "/discount/" in request.path:
            self.coupons.append(request.path)
        return reply(200, {})

    def page(self, root: str) -> str:
        """The block as Liquid would write it; what it may not say is a KeyError."""
        known = {
            "'wordmouth.js' | asset_url": "/wordmouth.js",
            "routes.root_url | escape": root,
            "cart.attributes.wordmouth_token | escape": self.attributes.get(TOKEN_NOTE, ""),
            "block.settings.days": "90",
        }
        block = re.sub(r"{%- if .*?{%- endif -%}|{% schema %}.*", "", BLOCK, flags=re.DOTALL)
        block = re.sub(r"{%.*?%}", "", block)
        block = re.sub(r"{{ (.*?) }}", lambda found: known[found[1]], block)
        return f"<!doctype html><title>Tea</title><p>Tea{block}"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def visit(shop: Shop, page: Page) -> Iterator[Callable[[str], None]]:
    """Open a page of the shop, and wait for what it asks of the shop."""
    with serving(shop) as address:

        def open_(path: str) -> None:
            page.goto(address + path, wait_until="networkidle")

        yield open_


@pytest.mark.browser
def test_the_cart_learns_the_first_visit_and_is_told_once(
    shop: Shop, visit: Callable[[str], None]
) -> None:
    visit("/")
    assert shop.updates == [], "a visitor without a link asks nothing of the shop"
    visit("/?wm=tok.1&coupon=WM-7K3Q")
    assert shop.attributes == {TOKEN_NOTE: "tok.1"}
    assert shop.coupons == ["/discount/WM-7K3Q"]
    visit("/?wm=tok.2")
    visit("/")
    assert len(shop.updates) == 1, "the first visit stays, and the cart knows it already"
    shop.attributes.clear()
    visit("/en/tea")
    assert shop.updates[1:] == [("/en/cart/update.js", {"attributes": {TOKEN_NOTE: "tok.1"}})]


@pytest.mark.browser
def test_a_visit_that_is_too_old_gives_way(
    shop: Shop, page: Page, visit: Callable[[str], None]
) -> None:
    visit("/?wm=tok.1")
    old = "JSON.stringify({token: 'tok.1', at: Date.now() - 91 * 86400000})"
    page.evaluate(f"localStorage.setItem('wordmouth_visit', {old})")
    visit("/?wm=tok.2")
    assert shop.attributes == {TOKEN_NOTE: "tok.2"}
    page.evaluate("localStorage.setItem('wordmouth_visit', 'not ours')")
    visit("/?wm=tok.3")
    assert shop.attributes == {TOKEN_NOTE: "tok.3"}


@pytest.mark.browser
def test_when_the_cart_fails_the_page_goes_on(
    shop: Shop, page: Page, visit: Callable[[str], None]
) -> None:
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    shop.failing = True
    visit("/?wm=tok.1&coupon=A%2FB")
    assert page.title() == "Tea"
    assert wrong == []
    shop.failing = False
    visit("/?coupon=A%2FB")
    assert shop.attributes == {TOKEN_NOTE: "tok.1"}
    assert shop.coupons == ["/discount/A/B"], "one part of the address, written as one"


def test_the_block_is_an_app_embed_with_settings_that_shopify_takes() -> None:
    assert SCHEMA.keys() == {"name", "target", "settings"}
    assert SCHEMA["target"] == "body"
    assert len(translated(SCHEMA["name"])) <= 25
    for setting in SCHEMA["settings"]:
        assert setting["type"] in ("text", "range")
        assert translated(setting["label"])
        assert translated(setting["info"])
        if setting["type"] == "range":
            low, high, step = setting["min"], setting["max"], setting["step"]
            assert (high - low) / step <= 100
            assert (setting["default"] - low) % step == 0
            assert low <= setting["default"] <= high
    named = {setting["id"] for setting in SCHEMA["settings"]}
    assert set(re.findall(r"block\.settings\.(\w+)", BLOCK)) == named


def translated(key: str) -> str:
    """The words behind `t:a.b`."""
    assert key.startswith("t:")
    found: Any = WORDS
    for part in key[2:].split("."):
        found = found[part]
    assert isinstance(found, str)
    return found


def test_the_app_asks_for_what_the_engine_needs() -> None:
    app = tomllib.loads((APP / "shopify.app.toml").read_text())
    assert set(app["access_scopes"]["scopes"].split(",")) == {*SCOPES, ALL_ORDERS}
    assert app["webhooks"]["api_version"] == VERSION
    (privacy,) = app["webhooks"]["subscriptions"]
    assert privacy["compliance_topics"] == [
        "customers/data_request",
        "customers/redact",
        "shop/redact",
    ]
    extension = tomllib.loads((THEME / "shopify.extension.toml").read_text())
    assert extension["type"] == "theme"


def test_the_script_is_small_and_speaks_of_the_token_as_the_engine_does() -> None:
    script = (THEME / "assets" / "wordmouth.js").read_text()
    assert len(script) < MOST_JAVASCRIPT
    assert f'query.get("{TOKEN_QUERY}")' in script
    assert f"{TOKEN_NOTE}: token" in script
    assert "https://" not in script, "it loads nothing from anybody else"
