"""The desk in a real browser: accessible, and never wider than the window."""

from __future__ import annotations

import pytest

from tests.harness.browser import assert_accessible, assert_no_sideways_scroll, screenshot
from tests.stage import Stage
from wordmouth.inbox import services as inbox
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(390, "light"), (1280, "light"), (320, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_the_desk_is_accessible(live_server, settings, world, new_profile, width, scheme):
    settings.SITE_URL = live_server.url
    stage = Stage(world, live_server.url)
    stage.busy()
    store = world.store
    stores.add_member(store.id, "mari", "correct horse battery")
    with world.write():
        inbox.receive(store.id, "generic", "d1", {}, b'{"type": "order.snapshot", "data": {}}')
    settle_store(store.id)
    page = new_profile(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()

    def check(name):
        assert_no_sideways_scroll(page)
        screenshot(page, f"desk-{name}-{width}-{scheme}")
        assert_accessible(page)

    page.goto(f"{live_server.url}/desk")
    check("login")
    page.fill("#username", "mari")
    page.fill("#password", "correct horse battery")
    page.click("form button")
    page.wait_for_url(f"**/desk/{store.slug}")
    check("overview")
    page.goto(f"{live_server.url}/desk/{store.slug}/referrals")
    check("referrals")
    page.goto(f"{live_server.url}/desk/{store.slug}/referrals/{stage.referral_ids()[-1]}")
    check("referral")
    page.goto(f"{live_server.url}/desk/{store.slug}/programme")
    check("program")
    page.fill(
        "#document",
        page.input_value("#document").replace('after = "delivered"', 'after = "arrived"'),
    )
    page.click("text=Apply")
    page.wait_for_selector(".note.bad")
    check("program-faults")
    for place in ("deliveries", "effects"):
        page.goto(f"{live_server.url}/desk/{store.slug}/{place}")
        check(place)
