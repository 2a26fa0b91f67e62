"""Connecting a shop and following a test order, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness.browser import assert_accessible, assert_no_sideways_scroll, press, screenshot
from tests.stage import Stage
from wordmouth.inbox import services as inbox
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.project.effects import Lane
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores

TRANSITIONS_END = """async () => {
  const moving = () => document.getAnimations().some((one) => one instanceof CSSTransition);
  for (let frame = 0; frame < 2 || (moving() && frame < 100); frame++) {
    await new Promise(requestAnimationFrame);
  }
}"""
"""Colours change from parent to child, a frame for each."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooTwin]:
    """A shop on this machine, which this installation may call."""
    known = WooCommerce(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", known)
    monkeypatch.setitem(adapters.ADAPTERS, "woocommerce", known)
    with running(WooTwin()) as twin:
        yield twin


def tell_an_order(stage: Stage, coupon: str) -> None:
    world = stage.world
    now = world.clock.now().isoformat()
    order: dict[str, Any] = {
        "id": "1001",
        "number": "#1001",
        "updated_at": now,
        "placed_at": now,
        "paid_at": now,
    }
    order |= {"currency": "EUR", "totals": {"items": 5000, "grand": 5400}}
    order |= {"customer": {"email": "fe@example.com", "first_name": "Fe"}}
    order |= {"discount_codes": [coupon]}
    body = json.dumps({"type": "order.snapshot", "timestamp": now, "data": order}).encode()
    with world.write():
        inbox.receive(world.store.id, "generic", "d1", {}, body)
    settle_store(world.store.id)
    stage.work()


@pytest.mark.parametrize(("width", "usual"), [(390, "dark"), (1280, "light")])
def test_a_shop_is_connected_and_a_test_order_followed_live(
    live_server, settings, world, new_profile, woo, width, usual
):
    settings.SITE_URL = live_server.url
    stage, store = Stage(world, live_server.url), world.store
    stores.add_member(store.id, "mari", "correct horse battery")
    page = new_profile(viewport={"width": width, "height": 844}).new_page()
    desk = f"{live_server.url}/desk/{store.slug}"

    def check(name: str, *schemes: str) -> None:
        for scheme in schemes or (usual,):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(TRANSITIONS_END)
            assert_no_sideways_scroll(page)
            screenshot(page, f"desk-{name}-{width}-{scheme}")
            assert_accessible(page)

    page.goto(f"{desk}/connection")
    page.fill("#username", "mari")
    page.fill("#password", "correct horse battery")
    press(page, "form button")
    check("connection-first")
    page.click("text=WooCommerce")
    page.fill("#field-url", woo.url)
    page.fill("#field-key", "ck_1")
    page.fill("#field-consumer_secret", "cs_other")
    press(page, "text=Try out and connect")
    check("connection-refused")
    page.fill("#field-consumer_secret", "cs_1")
    press(page, "text=Try out and connect")
    screenshot(page, f"desk-connection-importing-{width}-{usual}")
    woo.order(status="processing")
    lane = Lane()
    while lane.step() or settle_store(store.id):
        pass
    page.wait_for_selector("text=whole, and kept up to date")
    assert page.inner_text("#live-chip") == "Good"
    check("connection-well", "light", "dark")
    page.click("text=Disconnect")
    check("connection-disconnect")
    page.goto(f"{desk}/connection/vendure")
    press(page, "text=Make a secret")
    check("connection-secret")
    page.goto(f"{desk}/test-order")
    check("test-order")
    page.fill("#email", "mari@shop.example")
    press(page, "main button")
    code = page.url.split("/")[-2]
    coupon = world.claim(code, "fe@example.com").coupon_code
    stage.work()
    tell_an_order(stage, coupon)
    page.wait_for_selector("text=It is judged: pending")
    assert page.locator("[role=status]").inner_text() == "Advocate: €10.00 off"
    check("test-order-followed", "light", "dark")
