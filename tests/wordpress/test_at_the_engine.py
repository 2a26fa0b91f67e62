"""What the plug-in and WooCommerce ask of the engine and hand to it, with the engine itself at the
other end."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from tests.api.world import Api, program
from tests.harness.asgi import living
from tests.wordpress.driver import ENGINE, SET, needs_php, play, webhook
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.authorize import one_click_address
from wordmouth.integrations.woocommerce.tests.merchant import KIND, Merchant
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.project.asgi import build
from wordmouth.stores import addresses, queries, services

CHECK = (("check", "good-wordmouth_check"), ("page",))


@pytest.fixture
def store(db: None, settings: Any) -> Any:
    """A store whose shop is connected."""
    settings.SITE_URL = ENGINE
    made = services.create_store("Tea house", shop_url="https://tea.example")
    given = {"url": "https://tea.example", "key": "ck_1"}
    services.connect_shop(
        made.store.id, "woocommerce", {"consumer_secret": "cs_1"}, given, coupon_url=""
    )
    return made


def checked(store_id: str) -> Any:
    """What becomes of a check of that store."""
    answer = Client().get(f"/s/-/{store_id}/widget.json")
    told = [answer.status_code, answer.content.decode()]
    entered = {**SET, "store": store_id, "slug": ""}
    return play(*CHECK, admin=True, answer=told, entered=entered)


@needs_php
def test_the_check_understands_what_the_engine_answers(store: Any) -> None:
    assert "has no store with this id" in checked("str_01nobody")["said"][1]
    early = checked(store.store.id)
    assert "no programme that is live yet" in early["said"][1]
    assert Api(store.api_key).put("programs/tea", program("tea")).status == 200
    found = checked(store.store.id)
    assert "answers and knows this store" in found["said"][1]
    assert found["options"]["wordmouth_settings"]["slug"] == store.store.slug


@needs_php
def test_the_engine_knows_whom_the_plugin_vouches_for(store: Any) -> None:
    assert Api(store.api_key).put("programs/tea", program("tea")).status == 200
    connection = queries.connection(store.store.id, "woocommerce")
    assert connection is not None
    address = addresses.deliveries(store.store.id, "woocommerce")
    (shown,) = play(
        ("shown", "woocommerce_thankyou", 7),
        entered={**SET, "store": store.store.id, "slug": store.store.slug},
        placed={"email": "ana@tea.example", "first_name": "Ana", "customer": 12},
        webhooks=[webhook(url=address, secret=connection.secrets[0])],
    )["said"]
    (link,) = re.findall(r'href="([^"]+)"', shown)
    page = urlsplit(html.unescape(link))
    joined = Client().get(f"{page.path}?{page.query}")
    assert joined.status_code == 200
    assert "Ana" in joined.content.decode()


def test_the_whole_application_takes_a_granted_key(transactional_db: None, settings: Any) -> None:
    """As it is served, with its doors in front; the shop is asked while it waits for the answer."""
    settings.SITE_URL = ENGINE
    settings.ALLOW_PRIVATE_SHOPS = True
    store = services.create_store("Tea house").store
    with running(WooTwin()) as twin, living(build(worker=False)) as client:

        def post(path: str, body: bytes) -> tuple[int, str, bytes]:
            answer = client.request("POST", path, headers={"content-type": KIND}, body=body)
            return answer.status, answer.header("content-type"), answer.body

        merchant = Merchant(twin, post)
        page = one_click_address(store.id, twin.url, f"{ENGINE}/desk/tea-house")
        assert merchant.grant(page, user_id="a.b") == 403
        assert merchant.grant(page) == 200
        assert merchant.grant(page) == 403
    assert queries.connection(store.id, "woocommerce") is not None
