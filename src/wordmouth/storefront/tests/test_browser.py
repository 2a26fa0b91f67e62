"""The pages in a real browser: accessible, never wider than the window, with and without scripts."""

from __future__ import annotations

import pytest

from tests.harness.browser import assert_accessible, assert_no_sideways_scroll, screenshot
from wordmouth.advocates import services as advocates
from wordmouth.messages import services as messages
from wordmouth.storefront.tests.stage import Stage
from wordmouth.stores import services as stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"), (320, "light")]


@pytest.fixture
def stage(live_server, settings, world):
    settings.SITE_URL = live_server.url
    return Stage(world, live_server.url)


def look(new_profile, width, scheme, **more):
    return new_profile(
        viewport={"width": width, "height": 844}, color_scheme=scheme, **more
    ).new_page()


def check(page, name, width, scheme):
    assert_no_sideways_scroll(page)
    screenshot(page, f"{name}-{width}-{scheme}")
    assert_accessible(page)


def portal_key(stage, advocate):
    with stage.world.write():
        return advocates.portal_key(stage.world.store.id, advocate.id)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages_are_accessible(stage, new_profile, width, scheme):
    ana = stage.busy()
    site, slug = stage.world.store.shop_url.removesuffix("/demo/shop/"), stage.world.store.slug
    page = look(new_profile, width, scheme)
    for name, address in {
        "landing": f"/s/{slug}",
        "enter": f"/s/{slug}/me",
        "friend": f"/s/{slug}/from/{ana.code}",
        "unknown": f"/s/{slug}/from/NOBODY-1",
        "lost": "/s/no-such-store",
    }.items():
        page.goto(site + address)
        check(page, name, width, scheme)
    page.goto(f"{site}/s/{slug}")
    page.fill("#email", "new@example.com")
    page.click("form.signup button")
    check(page, "mail-sent", width, scheme)
    page.goto(f"{site}/s/{slug}/from/{ana.code}")
    page.fill("#email", "kati@example.com")
    page.click("form button")
    page.wait_for_selector("[data-waiting]")
    check(page, "preparing", width, scheme)
    stage.work()
    page.wait_for_selector(".chip.good", timeout=10_000)
    check(page, "ready", width, scheme)
    page.goto(f"{site}/s/{slug}/me?key={portal_key(stage, ana)}")
    check(page, "key", width, scheme)
    page.click("main form button")
    page.wait_for_selector(".portal")
    check(page, "portal", width, scheme)
