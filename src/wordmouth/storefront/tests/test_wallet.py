"""The wallet on an advocate's page: what it holds, buys and tells, and that it buys once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client

from tests.flow.test_schedules import Shop, open_store
from tests.harness.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    press,
    screenshot,
)
from tests.stage import Stage
from tests.world import START
from wordmouth.advocates import services as advocates
from wordmouth.kit import clock

REWARDS = [
    {"schedule": "each", "kind": "points", "value": 120, "expires_days": 365},
    {"schedule": "each", "kind": "store_credit", "percent": 10},
    {"schedule": "every_nth", "n": 5, "kind": "cash", "value": 2500},
]
OPTIONS = {
    "redemptions": [
        {"key": "five-off", "price": 300, "kind": "amount_off", "value": 500},
        {"key": "ship", "pay_with": "store_credit", "price": 400, "kind": "free_shipping"},
        {"key": "twenty-off", "price": 1000, "kind": "amount_off", "value": 2000},
    ]
}


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def opened(watch: clock.SetClock, site: str = "") -> tuple[Shop, Stage]:
    """An advocate with three friends who bought."""
    shop = Shop(open_store(watch, *REWARDS, wallet=OPTIONS))
    stage = Stage(shop.world, site)
    for _ in range(3):
        shop.friend_buys()
    stage.work()
    return shop, stage


def key_of(shop: Shop) -> str:
    with shop.world.write():
        return advocates.portal_key(shop.world.store.id, shop.ana.id)


class Page:
    """The page of the advocate, without a browser."""

    def __init__(self, shop: Shop) -> None:
        self.address = f"/s/{shop.world.store.slug}/me"
        self.client = Client()
        self.client.post(self.address, {"key": key_of(shop)})

    def text(self) -> str:
        return re.sub(r"\s+", " ", self.client.get(self.address).content.decode())

    def once(self, option: str) -> str:
        found = re.search(
            rf'value="{option}"><input type="hidden" name="once" value="(\w+)"', self.text()
        )
        assert found, f"{option} cannot be bought"
        return found[1]

    def redeem(self, **form: str) -> int:
        return self.client.post(f"{self.address}/redeem", form).status_code


@pytest.mark.django_db
def test_the_page_shows_what_the_wallet_holds_and_buys(watch: clock.SetClock) -> None:
    shop, _ = opened(watch)
    text = Page(shop).text()
    for said in (
        "360 points",
        "€15.00",
        "Yes: 300 points for €5.00 off",
        "640 points to go",
        "2 more friends who buy earn it.",
        "Released: it is yours now.",
        "Every movement",
    ):
        assert said in text, said


@pytest.mark.django_db
def test_a_form_that_is_sent_twice_buys_once(watch: clock.SetClock) -> None:
    shop, stage = opened(watch)
    page = Page(shop)
    once = page.once("five-off")
    for _ in range(2):
        assert page.redeem(option="five-off", once=once) == 302
    stage.work()
    assert shop.purse("points") == (60, 0)
    assert len(stage.shop.made) == 1
    assert page.redeem(option="five-off", once="") == 409
    assert page.redeem(amount="7,50") == 302
    assert page.redeem(amount="7.505") == 422
    assert page.redeem(amount="lots") == 422
    assert page.redeem(option="none-such") == 422
    assert shop.purse("credit") == (750, 0)
    assert shop.proven()


@pytest.mark.django_db
def test_an_advocate_says_where_cash_is_paid(watch: clock.SetClock) -> None:
    shop, _ = opened(watch)
    page = Page(shop)
    assert "Cash is paid to your bank account or by PayPal." in page.text()
    address = f"{page.address}/payee"
    mistyped = {"method": "iban", "name": "Ana Tamm", "iban": "DE38370400440532013000"}
    refused = page.client.post(address, mistyped)
    assert refused.status_code == 422
    assert "they would be 89 if the rest is right" in refused.content.decode()
    assert page.client.post(address, {"method": "cheque"}).status_code == 422
    kept = page.client.post(address, mistyped | {"iban": "DE89370400440532013000"})
    assert kept.status_code == 302
    text = page.text()
    assert re.search(r"Cash is paid to <bdi>DE89 … 3000</bdi>", text), text
    assert "0440532013" not in text + page.client.get(address).content.decode()
    assert Client().get(address).status_code == 302


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_payee_form(live_server, settings, new_profile, watch, width, scheme) -> None:
    settings.SITE_URL = live_server.url
    shop, _ = opened(watch, live_server.url)
    profile = new_profile(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = profile.new_page()
    page.goto(f"{live_server.url}/s/{shop.world.store.slug}/me?key={key_of(shop)}")
    page.click("main form button")
    page.click("text=Say where")
    page.fill("#name", "Ana Tamm")
    page.fill("#iban", "DE38370400440532013000")
    page.click("text=Pay me there")
    page.wait_for_selector("#fault")
    assert_no_sideways_scroll(page)
    screenshot(page, f"payee-{width}-{scheme}")
    assert_accessible(page)


@pytest.mark.django_db
def test_nobody_buys_from_a_page_that_is_not_open(watch: clock.SetClock) -> None:
    shop, _ = opened(watch)
    stranger = Client()
    address = f"/s/{shop.world.store.slug}/me/redeem"
    assert stranger.post(address, {"option": "five-off"}).status_code == 302
    assert stranger.get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert shop.purse("points") == (360, 0)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark"), (320, "dark")]
)
def test_the_wallet_in_a_browser(live_server, settings, new_profile, watch, width, scheme) -> None:
    settings.SITE_URL = live_server.url
    shop, stage = opened(watch, live_server.url)
    profile = new_profile(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = profile.new_page()
    page.goto(f"{live_server.url}/s/{shop.world.store.slug}/me?key={key_of(shop)}")
    page.click("main form button")
    page.click(".sure summary >> nth=0")
    press(page, ".sure[open] form button")
    page.wait_for_selector("#wallet")
    stage.work()
    shop.cancels("1")
    page.reload()
    page.click(".statement summary")
    assert_no_sideways_scroll(page)
    screenshot(page, f"wallet-{width}-{scheme}")
    assert_accessible(page)
