"""The pages in a real browser: accessible, in the window, with and without scripts."""

from __future__ import annotations

import pytest

from tests.harness.browser import (
    assert_accessible,
    assert_no_sideways_scroll,
    press,
    screenshot,
    time_standing_still,
)
from tests.stage import BRAND, Stage
from wordmouth.advocates import services as advocates
from wordmouth.fulfilment.tests.test_access import CATEGORY, TEAS, early
from wordmouth.fulfilment.tests.test_carriers import run
from wordmouth.stores import services as stores

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(390, "light"), (1280, "light"), (1280, "dark"), (320, "dark")]


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
    press(page, "form.signup button")
    check(page, "mail-sent", width, scheme)
    page.goto(f"{site}/s/{slug}/from/{ana.code}")
    page.fill("#email", "kati@example.com")
    press(page, "form button")
    page.wait_for_selector("[data-waiting]")
    check(page, "preparing", width, scheme)
    stage.work()
    page.wait_for_selector(".chip.good")
    check(page, "ready", width, scheme)
    page.goto(f"{site}/s/{slug}/me?key={portal_key(stage, ana)}")
    check(page, "key", width, scheme)
    press(page, "main form button")
    page.wait_for_selector(".portal")
    check(page, "portal", width, scheme)


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_early_access_is_accessible(live_server, settings, new_profile, width, scheme):
    """What opens single products, what opens a category, and the way in that is closed."""
    settings.SITE_URL = live_server.url
    shown = look(new_profile, width, scheme)
    products = TEAS % 'products = ["p-9", "p-1"]'
    for name, friend in {"access-products": products, "access-category": CATEGORY}.items():
        with early(friend, name=name, helps=False) as tea:
            stores.update_store(
                tea.store_id, name="Kohvik", shop_url="https://shop.example/", brand=BRAND
            )
            reward = tea.claim()
            run(tea)
            address = tea.held(reward).url
            shown.goto(address)
            check(shown, name, width, scheme)
            assert shown.get_by_text("Early access", exact=True).is_visible()
            assert shown.get_by_role("link", name="Shop now").is_visible()
            tea.tell(reward, "withdrawn")
            shown.goto(address)
            check(shown, "access-closed", width, scheme)
            assert shown.get_by_role("heading", name="This way in is closed").is_visible()


def test_the_whole_way_without_scripts(stage, new_profile, live_server):
    """A friend takes the offer and an advocate opens her page in a browser that runs no script."""
    ana = stage.world.advocate("ana.tamm@gmail.com", "Ana")
    slug = stage.world.store.slug
    page = look(new_profile, 390, "light", java_script_enabled=False)
    page.goto(f"{live_server.url}/s/{slug}/from/{ana.code}")
    page.fill("#email", "kati@example.com")
    press(page, "form button")
    assert page.get_by_role("heading", name="Your code is on its way").is_visible()
    stage.work()
    page.reload()
    assert page.get_by_role("heading", name="Here is your code").is_visible()
    assert page.get_by_role("link", name="Shop now").is_visible()
    assert page.get_by_role("button", name="Copy the code").count() == 0
    page.goto(f"{live_server.url}/s/{slug}/me?key={portal_key(stage, ana)}")
    press(page, "main form button")
    assert page.get_by_role("textbox", name="Your link").input_value().endswith(f"/r/{ana.code}")
    assert page.get_by_role("link", name="WhatsApp").is_visible()


def test_copying_and_the_keyboard(stage, new_profile, live_server):
    ana = stage.world.advocate("ana.tamm@gmail.com", "Ana")
    page = look(new_profile, 1280, "light", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/s/{stage.world.store.slug}/me?key={portal_key(stage, ana)}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("node => node === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.clock.install()
    press(page, "main form button")
    page.get_by_role("button", name="Copy").wait_for()
    with time_standing_still(page):
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/r/{ana.code}")


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_can_be_read_from_right_to_left(stage, new_profile, live_server, width):
    """The direction of the page alone turns it round: the styles know no left and right."""
    ana = stage.busy()
    page = look(new_profile, width, "light")
    slug = stage.world.store.slug
    page.goto(f"{live_server.url}/s/{slug}/me?key={portal_key(stage, ana)}")
    press(page, "main form button")
    page.wait_for_selector(".portal")
    for name, address in {"portal": "me", "landing": ""}.items():
        page.goto(f"{live_server.url}/s/{slug}/{address}".rstrip("/"))
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert_no_sideways_scroll(page)
        screenshot(page, f"rtl-{name}-{width}")


@pytest.mark.parametrize("width", [375, 640])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_mails_can_be_read(stage, new_profile, live_server, width, scheme):
    stage.busy()
    page = look(new_profile, width, scheme)
    latest = {mail["Subject"]: mail for mail in stage.mailbox.mails}
    assert len(latest) >= 5
    for number, mail in enumerate(latest.values()):
        page.set_content(mail.get_body(("html",)).get_content())
        assert_no_sideways_scroll(page)
        screenshot(page, f"mail-{number}-{width}-{scheme}")
        assert_accessible(page)
