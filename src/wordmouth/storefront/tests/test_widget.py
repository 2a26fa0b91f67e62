"""The widget on other people's pages: small, silent when anything is wrong, out of the way."""

from __future__ import annotations

import gzip
import http.server
import threading
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.harness.browser import assert_accessible, screenshot, time_standing_still
from tests.stage import Stage
from wordmouth.programs import services as programs
from wordmouth.stores.transactions import store_write

HOSTILE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>*{{color:red!important;font-size:31px!important;display:block!important;
position:static!important;transform:rotate(3deg)}} aside,button,a{{visibility:hidden!important}}
</style></head><body><main><h1>A hostile shop</h1><p>Text.</p></main>
<script src="{site}/widget.js" data-store="{store}" async></script></body></html>"""

IDLE = "new Promise(done => requestIdleCallback(() => requestIdleCallback(() => done())))"
"""The widget begins when the page is idle for the first time."""


def test_the_widget_is_small():
    script = Path(str(finders.find("storefront/widget.js")))
    assert len(gzip.compress(script.read_bytes(), 9)) <= 10_000


@pytest.mark.django_db
def test_its_question_is_public_and_about_this_store(world):
    stage = Stage(world)
    client = Client()
    answer = client.get(f"/s/-/{stage.world.store.id}/widget.json")
    told = answer.json()
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert told["live"] is True
    assert told["words"]["button"] == "Give 10% off, get €10.00 off."
    assert told["url"].endswith(f"/s/{stage.world.store.slug}")
    assert told["theme"]["light"]["accent"] == "#a4451f"
    assert client.get("/s/-/str_nobody/widget.json").status_code == 404


@pytest.mark.django_db
def test_without_a_live_programme_it_shows_nothing(world):
    with store_write(world.store.id):
        programs.set_status("give-10-get-10", "paused", by="test")
    assert Client().get(f"/s/-/{world.store.id}/widget.json").json() == {"live": False}


@pytest.mark.django_db
def test_the_script_may_be_put_on_any_page(db):
    answer = Client().get("/widget.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.fixture
def shop_page():
    """Serves one page with a policy that allows nothing but the widget's site."""
    page = {"html": "", "policy": ""}

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", page["policy"])
            self.end_headers()
            self.wfile.write(page["html"].encode())

        def log_message(self, *args):
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page["url"] = f"http://127.0.0.1:{server.server_address[1]}/"
    yield page
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def hostile(live_server, settings, world, shop_page, new_profile):
    """A shop's page that fights everything on it, with the widget of a busy store."""
    settings.SITE_URL = live_server.url
    Stage(world, live_server.url)
    shop_page["policy"] = (
        f"default-src 'none'; script-src {live_server.url}; connect-src {live_server.url}; "
        "style-src 'unsafe-inline'"
    )
    shop_page["html"] = HOSTILE.format(site=live_server.url, store=world.store.id)
    page = new_profile(viewport={"width": 390, "height": 700}).new_page()
    page.problems = []
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.problems.append(str(e)))
    page.shop = shop_page
    return page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_button_stands_on_a_hostile_page(hostile, world):
    hostile.goto(hostile.shop["url"])
    link = hostile.get_by_role("link", name="Give 10% off, get €10.00 off.")
    link.wait_for()
    assert link.get_attribute("href").endswith(f"/s/{world.store.slug}")
    box = link.bounding_box()
    assert box["y"] > 600
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    screenshot(hostile, "widget-button")
    assert_accessible(hostile)
    hostile.get_by_role("button", name="Close").click()
    asked = []
    hostile.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    hostile.reload()
    hostile.evaluate(IDLE)
    assert "widget.js" in asked
    assert "widget.json" not in asked
    assert hostile.locator("wm-widget").count() == 0
    assert hostile.problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_friend_is_greeted_with_the_code(hostile):
    hostile.clock.install()
    hostile.goto(hostile.shop["url"] + "?wm=token&coupon=WM-7K3Q-9XM2P-48RT")
    hostile.get_by_text("WM-7K3Q-9XM2P-48RT").wait_for()
    assert hostile.get_by_text("You get 10% off on your first order.").is_visible()
    with time_standing_still(hostile):
        hostile.get_by_role("button", name="Copy").click()
        hostile.get_by_role("button", name="Copied").wait_for()
        screenshot(hostile, "widget-friend")
    assert_accessible(hostile)
    assert hostile.problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_it_fails_in_silence(hostile, live_server, world):
    hostile.shop["html"] = HOSTILE.format(site=live_server.url, store="str_nobody")
    with hostile.expect_response("**/widget.json") as answer:
        hostile.goto(hostile.shop["url"])
    assert answer.value.status == 404
    answer.value.finished()
    hostile.evaluate(IDLE)
    assert hostile.locator("wm-widget").count() == 0
    assert all("404" in problem for problem in hostile.problems)
