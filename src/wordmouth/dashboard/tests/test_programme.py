"""The programme's page at the desk: its budget, and the emergency stop."""

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
from wordmouth.dashboard.views.entrance import TRIES_BY_NAME, TRIES_BY_VISITOR
from wordmouth.kit import clock
from wordmouth.programs import queries as programs
from wordmouth.stores import services as stores

PASSWORD = "correct horse battery"
LIMITS = {"budget": {"amount": 5000, "days": 30}}
OFFERS = [
    {
        "key": "control",
        "friend": {"kind": "amount_off", "value": 500},
        "advocate": [{"schedule": "each", "kind": "store_credit", "value": 1500}],
    }
]


@pytest.fixture
def watch() -> Iterator[clock.SetClock]:
    TRIES_BY_NAME.reset()
    TRIES_BY_VISITOR.reset()
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


class Desk:
    """A merchant at the desk of a store with a budget."""

    def __init__(self, watch: clock.SetClock, site: str = "") -> None:
        self.shop = Shop(open_store(watch, offers=OFFERS, limits=LIMITS))
        self.stage = Stage(self.shop.world, site)
        stores.add_member(self.shop.world.store.id, "mari", PASSWORD)
        self.address = f"/desk/{self.shop.world.store.slug}/programme"
        self.client = Client()
        self.client.post("/desk/login", {"username": "mari", "password": PASSWORD})

    def text(self) -> str:
        page = self.client.get(self.address).content.decode()
        return " ".join(re.sub(r"<[^>]+>", " ", page).split())

    def press(self, **form: str) -> int:
        form |= {"program": "give-10-get-10"}
        return self.client.post(f"{self.address}/status", form).status_code

    def intake(self) -> str:
        with self.shop.world.read():
            return programs.program("give-10-get-10").intake


@pytest.mark.django_db
def test_the_budget_is_shown_with_what_it_means(watch: clock.SetClock) -> None:
    desk = Desk(watch)
    desk.shop.friend_buys()
    assert "€15.00 of €50.00 promised in the last 30 days." in desk.text()
    for _ in range(2):
        desk.shop.friend_buys()
    assert "Little is left: when it is used up, nobody new can claim." in desk.text()
    desk.shop.friend_buys()
    assert "Budget used up" in desk.text()
    assert "promises are kept" in desk.text()


@pytest.mark.django_db
def test_everything_is_held_back_with_a_reason_and_goes_on(watch: clock.SetClock) -> None:
    desk = Desk(watch)
    assert desk.press(move="stop", reason="  ") == 422
    assert desk.intake() == "open"
    assert desk.press(move="stop", reason="A code leaked") == 302
    assert desk.intake() == "stopped"
    assert "Everything is held back: A code leaked" in desk.text()
    assert desk.press(move="go-on") == 302
    assert desk.intake() == "open"
    assert desk.press(move="fly") == 422


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (320, "dark")])
def test_the_budget_in_a_browser(live_server, settings, new_profile, watch, width, scheme) -> None:
    settings.SITE_URL = live_server.url
    desk = Desk(watch, live_server.url)
    for _ in range(3):
        desk.shop.friend_buys()
    profile = new_profile(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = profile.new_page()
    page.goto(f"{live_server.url}/desk/login")
    page.fill("[name=username]", "mari")
    page.fill("[name=password]", PASSWORD)
    press(page, "form button")
    page.goto(f"{live_server.url}{desk.address}")
    page.click(".stop summary")
    assert_no_sideways_scroll(page)
    screenshot(page, f"desk-budget-{width}-{scheme}")
    assert_accessible(page)
    page.fill("#stop-reason", "A code leaked to a coupon site")
    press(page, "button[value=stop]")
    screenshot(page, f"desk-stopped-{width}-{scheme}")
    assert_accessible(page)
