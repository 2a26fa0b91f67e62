"""The module for Magento: what changed is noted and told, and a friend's visit is kept."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from tests.magento.conftest import MODULE, PATH, Shop
from tests.prestashop.driver import NO_PHP, PHP, SECRET, Receiver, run_php
from wordmouth.inbox.ports import Verified
from wordmouth.integrations.generic.verify import StandardWebhooks
from wordmouth.integrations.magento.parse import parse
from wordmouth.integrations.ports import Ref
from wordmouth.kit import clock
from wordmouth.kit.signing import secret_bytes

TOKEN = "eyJhIjoxfQ.c2ln-_"
ORDER = ("happens", "order", {"entity_id": 17})
PHP_FILES = sorted(MODULE.rglob("*.php"))
XML_FILES = sorted(MODULE.rglob("*.xml"))


def hints(receiver: Receiver) -> list[Ref]:
    """What the engine understands of what it was sent, in the order of arrival."""
    found: list[Ref] = []
    for path, headers, body in receiver.requests:
        assert path == PATH
        keys = [secret_bytes(SECRET)]
        assert isinstance(StandardWebhooks().verify(keys, headers, body, clock.now()), Verified)
        found += parse(headers, body).refetch
    return found


def ref(kind: str, number: int) -> Ref:
    return Ref(kind=kind, id=str(number))


def test_what_changed_is_told_once_however_often_it_changed(shop: Shop, receiver: Receiver) -> None:
    shop.does(
        ORDER,
        ("happens", "invoice", {"entity_id": 3, "order_id": 17}),
        ("happens", "creditmemo", {"entity_id": 4, "order_id": 18}),
        ("happens", "customer", {"entity_id": 5}),
        ("happens", "product", {"entity_id": 6}),
        ORDER,
    )
    assert receiver.requests == [], "nothing is sent while somebody waits"
    *_, rows, said = shop.does(("cron",), ("rows",), ("log",))
    told = {ref("customer", 5), ref("product", 6), ref("order", 17), ref("order", 18)}
    assert (set(hints(receiver)), len(receiver.requests)) == (told, 4)
    assert (rows, said) == ([], [])


@pytest.mark.parametrize("status", [401, 429, 503])
def test_while_the_engine_does_not_take_it_it_is_kept(
    shop: Shop, receiver: Receiver, status: int
) -> None:
    receiver.status, receiver.headers = status, {"Retry-After": "600"}
    begun = int(time.time())
    *_, rows, said = shop.does(ORDER, ("cron",), ("rows",), ("log",))
    (row,) = rows
    assert (row["kind"], row["object_id"], row["attempts"]) == ("order", 17, 1)
    assert 600 <= row["due_at"] - begun <= 660, "as long as the engine asked for"
    assert said == [f"warning: Wordmouth answered {status} to a hint."]
    assert shop.does(("cron",), ORDER, ("cron",), ("log",))[-1] == [], "it is not asked before"
    assert len(receiver.requests) == 1
    receiver.status = 202
    assert shop.does(("ripen",), ("cron",), ("rows",))[-1] == []
    assert hints(receiver)[-1] == ref("order", 17)


def test_an_engine_that_is_not_there_is_asked_ever_more_rarely(
    shop: Shop, receiver: Receiver
) -> None:
    shop.environment["SHOP_TELLS"] = "http://127.0.0.1:9" + PATH
    waits = []
    shop.does(ORDER)
    for _ in range(3):
        *_, (row,) = shop.does(("ripen",), ("cron",), ("rows",))
        waits.append(round((row["due_at"] - time.time()) / 60))
    assert waits == [1, 2, 4]


def test_what_changes_while_it_is_told_is_told_again(shop: Shop, receiver: Receiver) -> None:
    shop.does(ORDER)

    def meanwhile() -> int:
        if len(receiver.requests) == 1:
            shop.does(ORDER)
        return 202

    receiver.fate = meanwhile
    assert shop.does(("cron",), ("rows",))[-1] == []
    assert hints(receiver) == [ref("order", 17)] * 2
    assert len(set(receiver.ids())) == 2


def test_whatever_goes_wrong_the_shop_goes_on(shop: Shop, tmp_path: Path) -> None:
    shop.environment["SHOP_DB"] = str(tmp_path / "without-tables.sqlite3")
    (said,) = shop.does(ORDER, ("log",))[-1]
    assert said.startswith("error: Wordmouth could not note a change: ")


def test_nothing_is_noted_before_the_shop_is_connected(shop: Shop) -> None:
    shop.environment["SHOP_TELLS"] = ""
    assert shop.does(ORDER, ("cron",), ("rows",))[-1] == []


def test_without_a_secret_nothing_is_sent(shop: Shop, receiver: Receiver) -> None:
    shop.environment["SHOP_SECRET"] = "not-a-secret"
    assert len(shop.does(ORDER, ("cron",), ("rows",))[-1]) == 1
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("cookies", "kept"),
    [
        ({"wordmouth_token": TOKEN}, TOKEN),
        ({}, None),
        ({"wordmouth_token": "<script>"}, None),
        ({"wordmouth_token": TOKEN + "\n"}, None),
        ({"wordmouth_token": "x" * 2001}, None),
    ],
)
def test_a_visit_is_kept_with_the_order_and_shown_in_the_api(
    shop: Shop, cookies: dict[str, str], kept: str | None
) -> None:
    assert shop.does(("buys", cookies)) == [[kept, kept]]


@pytest.mark.parametrize(
    ("cookies", "before", "after"),
    [
        ({"wordmouth_coupon": "WM-7K3Q-9XM2P-48RT"}, "", "WM-7K3Q-9XM2P-48RT"),
        ({"wordmouth_coupon": "WM-7K3Q-9XM2P-48RT"}, "SPRING", "SPRING"),
        ({"wordmouth_coupon": "A' OR 1"}, "", ""),
        ({}, "", ""),
    ],
)
def test_the_friends_coupon_is_put_into_a_cart_that_has_none(
    shop: Shop, cookies: dict[str, str], before: str, after: str
) -> None:
    assert shop.does(("puts", cookies, before)) == [after]


@pytest.mark.browser
def test_the_page_keeps_the_first_visit_and_the_last_coupon(page: Page, live_shop: str) -> None:
    def kept() -> dict[str, str]:
        return {one["name"]: one["value"] for one in page.context.cookies()}

    for query, token, coupon in [
        ("", None, None),
        ("?wm=%3Cscript%3E&coupon=%3B", None, None),
        (f"?wm={TOKEN}&coupon=WM-1", TOKEN, "WM-1"),
        ("?wm=another.one&coupon=WM-2", TOKEN, "WM-2"),
    ]:
        page.goto(live_shop + query)
        found = kept()
        assert (found.get("wordmouth_token"), found.get("wordmouth_coupon")) == (token, coupon)


@pytest.fixture
def live_shop(page: Page) -> str:
    """A page of a shop with the module's script on it."""
    script = (MODULE / "view/frontend/web/js/visit.js").read_text()
    body = f"<!doctype html><title>Tea</title><script>{script}</script>"
    page.route(
        "https://tea.example/**", lambda route: route.fulfill(body=body, content_type="text/html")
    )
    return "https://tea.example/"


@pytest.mark.skipif(PHP is None, reason=NO_PHP)
def test_php_can_read_all_of_it() -> None:
    for path in PHP_FILES:
        assert "No syntax errors" in run_php(["-l", str(path)], dict(os.environ))


def test_what_magento_is_told_of_the_module_is_there() -> None:
    """Classes that are named stand in files of that name; so do columns in the list of those that
    may be dropped with the module, and the package is named as the module registers itself."""
    named = set()
    for path in XML_FILES:
        for element in ElementTree.parse(path).iter():
            named |= {text for text in element.attrib.values() if "Wordmouth\\" in text}
    assert len(named) == 5
    for name in named:
        file = MODULE / (name.removeprefix("Wordmouth\\Referrals\\").replace("\\", "/") + ".php")
        assert file.is_file(), name
    tables = ElementTree.parse(MODULE / "etc/db_schema.xml").getroot()
    declared = {
        table.attrib["name"]: {column.attrib["name"] for column in table.findall("column")}
        for table in tables
    }
    droppable = json.loads((MODULE / "etc/db_schema_whitelist.json").read_text())
    assert {table: set(told["column"]) for table, told in droppable.items()} == declared
    package = json.loads((MODULE / "composer.json").read_text())
    assert package["autoload"]["psr-4"] == {"Wordmouth\\Referrals\\": ""}
    assert "'Wordmouth_Referrals'" in (MODULE / "registration.php").read_text()
