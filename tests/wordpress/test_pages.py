"""What customers and merchants see: invitations, the widget, settings, notices and the check."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.wordpress.driver import (
    DELIVERIES,
    ENGINE,
    PLUGIN,
    SECRET,
    SET,
    STORE,
    needs_php,
    play,
    webhook,
)
from wordmouth.kit import clock
from wordmouth.storefront import customer_token
from wordmouth.stores import addresses

pytestmark = needs_php

THANKS = ("shown", "woocommerce_thankyou", 7)
BOUGHT = {"email": "ana@tea.example", "first_name": "Ana", "last_name": "Õun", "customer": 12}
FIELDS = {"address": ENGINE, "store": STORE, "slug": "tea", "days": "90", "widget": "1"}
HOOKS = [webhook(), webhook()]
PAGE = "woocommerce_page_wordmouth"


def link(shown: str) -> str:
    """The address of the invitation on a page."""
    (found,) = re.findall(r'href="([^"]+)"', shown)
    return html.unescape(found)


def test_who_has_just_bought_is_invited_and_known_to_the_engine() -> None:
    (shown,) = play(THANKS, placed=BOUGHT, webhooks=HOOKS)["said"]
    assert "Get your personal link" in shown
    assert 'referrerpolicy="no-referrer"' in shown
    page = urlsplit(link(shown))
    assert page.geturl().startswith(f"{ENGINE}/s/tea/join?customer=")
    (token,) = parse_qs(page.query)["customer"]
    known = customer_token.read(token, [SECRET], clock.now())
    assert (known.id, known.email, known.locale) == ("12", "ana@tea.example", "pt-BR")
    assert (known.first_name, known.last_name) == ("Ana", "Õun")


def test_a_guest_has_no_number() -> None:
    (shown,) = play(THANKS, placed={"email": "ana@tea.example"}, webhooks=HOOKS)["said"]
    (token,) = parse_qs(urlsplit(link(shown)).query)["customer"]
    assert customer_token.read(token, [SECRET], clock.now()).id is None


def test_a_customer_finds_the_link_in_their_account() -> None:
    account = ("shown", "woocommerce_account_dashboard")
    *_, shown = play(("signIn", 12, "ana@tea.example"), account, webhooks=HOOKS)["said"]
    (token,) = parse_qs(urlsplit(link(shown)).query)["customer"]
    assert customer_token.read(token, [SECRET], clock.now()).email == "ana@tea.example"
    assert play(account, webhooks=HOOKS)["said"] == [""]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"webhooks": []},
        {"webhooks": [webhook(url="https://else.example/in/str_01tea/woocommerce")]},
        {"webhooks": [webhook(secret="hand-made")]},
        {"entered": {**SET, "slug": ""}},
        {"entered": {}},
        {"placed": {"email": ""}},
        {"placed": {**BOUGHT, "status": "failed"}},
        {"placed": []},
    ],
)
def test_nobody_is_invited_where_the_engine_would_not_know_them(otherwise: dict[str, Any]) -> None:
    shop: dict[str, Any] = {"placed": BOUGHT, "webhooks": HOOKS, **otherwise}
    assert play(THANKS, **shop)["said"] == [""]


def test_the_newest_secret_vouches_also_among_many_webhooks() -> None:
    others = [{"url": f"https://erp.example/{number}"} for number in range(20)]
    shop = [webhook(secret="whsec_b2xk"), webhook(), *others]
    (shown,) = play(THANKS, placed=BOUGHT, webhooks=shop)["said"]
    (token,) = parse_qs(urlsplit(link(shown)).query)["customer"]
    assert customer_token.read(token, [SECRET], clock.now()).email == "ana@tea.example"


def test_the_widget_is_on_every_page_unless_it_is_switched_off() -> None:
    footer = ("shown", "wp_footer")
    expected = f'<script src="{ENGINE}/widget.js" data-store="{STORE}" async></script>'
    assert play(footer)["said"] == [expected]
    assert play(footer, entered={**SET, "widget": False})["said"] == [""]
    assert play(footer, entered={})["said"] == [""]


def test_settings_are_kept_as_they_were_entered() -> None:
    given = {**FIELDS, "address": f" {ENGINE}/ "}
    found = play(("save", given), entered={}, admin=True)
    assert found["options"]["wordmouth_settings"] == SET
    assert found["refused"] == []
    again = play(("save", {**given, "widget": "", "days": "7"}), admin=True)
    assert again["options"]["wordmouth_settings"] == {**SET, "widget": False, "days": 7}


@pytest.mark.parametrize(
    ("field", "given", "says"),
    [
        ("address", "refer.example", "begins with https://"),
        ("address", "http://refer.example", "begins with https://"),
        ("address", "javascript:alert(1)", "begins with https://"),
        ("store", "tea-house", "begins with str_"),
        ("store", "str_01\n", None),
        ("store", "str_../../x", "begins with str_"),
        ("slug", "Tea House", "small letters"),
        ("days", "0", "1 to 400 days"),
        ("days", "401", "1 to 400 days"),
        ("days", "9.5", "1 to 400 days"),
        ("days", "", "1 to 400 days"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_old_stays(
    field: str, given: str, says: str | None
) -> None:
    found = play(("save", {**FIELDS, field: given}), admin=True)
    if says is None:
        assert found["refused"] == []
        return
    assert says in found["refused"][f"wordmouth_{field}"]
    assert found["options"]["wordmouth_settings"] == SET


def test_an_engine_on_the_merchants_own_machine_may_do_without_https() -> None:
    found = play(("save", {**FIELDS, "address": "http://127.0.0.1:8000"}), admin=True)
    assert found["options"]["wordmouth_settings"]["address"] == "http://127.0.0.1:8000"


def test_the_page_shows_what_is_entered_and_leads_to_the_desk() -> None:
    (page,) = play(("page",), admin=True, webhooks=[*HOOKS, webhook(status="disabled")])["said"]
    assert page.startswith("woocommerce manage_woocommerce ")
    assert "Settings saved." in page
    assert f'value="{ENGINE}"' in page
    assert 'name="option_page" value="wordmouth"' in page
    assert f'href="{ENGINE}/desk/tea/connection/woocommerce"' in page
    assert "Webhooks to Wordmouth: 2 on, 1 off." in page


def test_without_a_short_name_the_desk_itself_is_opened() -> None:
    (page,) = play(("page",), admin=True, entered={**SET, "slug": ""})["said"]
    assert f'href="{ENGINE}/desk"' in page


def test_what_the_webhooks_name_need_not_be_typed() -> None:
    (page,) = play(("page",), admin=True, entered={}, webhooks=HOOKS)["said"]
    assert f'value="{ENGINE}"' in page
    assert f'value="{STORE}"' in page
    assert "Connect" not in page, "first it is saved"


def test_what_is_entered_is_shown_as_text() -> None:
    (page,) = play(("page",), admin=True, entered={**SET, "slug": '"><b>'})["said"]
    assert "<b>" not in page


LIVE = {"live": True, "url": f"{ENGINE}/s/tea"}
GOOD = ("check", "good-wordmouth_check")


@pytest.mark.parametrize(
    ("answer", "kind", "says", "slug"),
    [
        ([200, json.dumps(LIVE)], "success", "knows this store.", "tea"),
        ([200, '{"live": false}'], "warning", "no programme that is live", ""),
        ([404, '{"live": false}'], "error", "no store with this id", ""),
        ([404, "<p>Not found"], "error", "it answered 404", ""),
        ([301, ""], "error", "it answered 301", ""),
        ([200, '"live"'], "error", "it answered 200", ""),
        ("cURL error 28", "error", "could not be reached: cURL error 28", ""),
        ([200, '{"live": true, "url": "https://evil.example/s/tea"}'], "success", "knows", ""),
        ([200, '{"live": true, "url": 7}'], "success", "knows", ""),
    ],
)
def test_the_check_says_in_words_what_it_found(
    answer: Any, kind: str, says: str, slug: str
) -> None:
    shop: dict[str, Any] = {"admin": True, "answer": answer, "entered": {**SET, "slug": ""}}
    found = play(GOOD, ("page",), ("page",), **shop)
    led, page, later = found["said"]
    assert led == "https://tea.example/wp-admin/admin.php?page=wordmouth"
    assert f'class="notice notice-{kind}"' in page
    assert says in page
    assert says not in later, "it is said once"
    assert found["options"]["wordmouth_settings"] == {**SET, "slug": slug}
    ((address, how),) = found["asked"]
    assert address == f"{ENGINE}/s/-/{STORE}/widget.json"
    assert how == {"timeout": 5, "redirection": 0}


def test_only_who_manages_the_shop_has_the_engine_asked() -> None:
    shop: dict[str, Any] = {"admin": True, "answer": [200, json.dumps(LIVE)]}
    assert play(("check", "forged"), **shop)["said"][0].startswith("403")
    refused = play(GOOD, **shop, may=["read"])
    assert refused["said"] == ["403 You may not change these settings."]
    assert refused["asked"] == []


def test_the_list_of_plugins_leads_to_the_settings() -> None:
    (links,) = play(("links",), admin=True)["said"]
    assert links[0] == (
        '<a href="https://tea.example/wp-admin/admin.php?page=wordmouth">Settings</a>'
    )
    assert links[1:] == ["Deactivate"]


@pytest.mark.parametrize("version", ["", "6.9.4"])
def test_without_a_woocommerce_that_is_new_enough_it_says_so_and_does_nothing(version: str) -> None:
    found = play(("notices", "plugins"), ("shown", "wp_footer"), version=version)
    assert "needs WooCommerce 7.0 or newer" in found["said"][0]
    assert found["said"][1] == ""
    assert "woocommerce_checkout_create_order" not in found["hooks"]


@pytest.mark.parametrize(
    ("otherwise", "says"),
    [
        ({"entered": {}}, "does not know its engine yet"),
        ({"webhooks": []}, "press Connect"),
        ({"webhooks": [webhook(), webhook(status="disabled")]}, "has switched off webhooks"),
        ({"entered": {**SET, "slug": ""}}, "Nobody is invited"),
        ({"options": {"permalink_structure": ""}}, "only be connected with permalinks"),
        ({"home": "http://tea.example"}, "does not begin with https://"),
    ],
)
def test_what_is_missing_is_said_where_it_can_be_mended(
    otherwise: dict[str, Any], says: str
) -> None:
    shop: dict[str, Any] = {"admin": True, "webhooks": HOOKS, **otherwise}
    acts = [("notices", screen) for screen in ("plugins", PAGE, "dashboard", "")]
    plugins, ours, *elsewhere = play(*acts, **shop)["said"]
    assert says in html.unescape(plugins)
    assert "admin.php?page=wordmouth" in plugins
    assert says in html.unescape(ours)
    assert "admin.php" not in ours
    assert elsewhere == ["", ""]
    assert play(*acts, **shop, may=["read"])["said"] == [""] * 4


def test_where_nothing_is_missing_nothing_is_said() -> None:
    assert play(("notices", "plugins"), admin=True, webhooks=HOOKS)["said"] == [""]


def test_a_deleted_plugin_leaves_nothing_of_its_own() -> None:
    found = play(("uninstall", str(PLUGIN)), options={"another": 1})
    assert sorted(found["options"]) == ["another", "permalink_structure"]


def test_in_a_network_of_sites_it_leaves_nothing_on_any_of_them() -> None:
    others = {number: {"wordmouth_settings": SET, "another": number} for number in (2, 3)}
    found = play(("uninstall", str(PLUGIN)), others=others)
    assert "wordmouth_settings" not in found["options"]
    assert found["others"] == {"2": {"another": 2}, "3": {"another": 3}}


def test_woocommerce_is_told_that_orders_may_be_anywhere_and_the_checkout_of_blocks() -> None:
    found = play()
    assert found["declared"] == {
        "custom_order_tables": ["wordmouth.php", True],
        "cart_checkout_blocks": ["wordmouth.php", True],
    }
    assert found["texts"] == ["wordmouth", "wordmouth/languages"]


def test_deliveries_go_where_the_engine_takes_them() -> None:
    path = urlsplit(addresses.deliveries(STORE, "woocommerce")).path
    assert urlsplit(DELIVERIES).path == path
