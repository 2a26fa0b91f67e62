"""The page of the store's shops: connecting one, how it is, and letting it go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from tests.stage import found_in
from tests.world import World
from wordmouth.dashboard import shop_words
from wordmouth.dashboard.views.entrance import TRIES_BY_NAME, TRIES_BY_VISITOR
from wordmouth.inbox import queries as inbox
from wordmouth.inbox import refusals
from wordmouth.inbox import services as inbox_services
from wordmouth.integrations import following, shops
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit.http import Http
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import services as outbox_services
from wordmouth.outbox.facts import EffectRequest
from wordmouth.project import adapters
from wordmouth.project.effects import Lane
from wordmouth.project.settle import settle_store
from wordmouth.stores import queries as stores
from wordmouth.stores import services

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooTwin]:
    """A shop on this machine, which this installation may call."""
    known = WooCommerce(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", known)
    monkeypatch.setitem(adapters.ADAPTERS, "woocommerce", known)
    with running(WooTwin()) as twin:
        yield twin


@pytest.fixture
def mari(world: World) -> Client:
    refusals.forget()
    TRIES_BY_NAME.reset()
    TRIES_BY_VISITOR.reset()
    services.add_member(world.store.id, "mari", PASSWORD)
    client = Client()
    client.post("/desk/login", {"username": "mari", "password": PASSWORD})
    return client


@pytest.fixture
def root(world: World) -> str:
    return f"/desk/{world.store.slug}/connection"


def text(answer) -> str:
    plain = re.sub(r"<(svg|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(plain.replace("&#x27;", "'").replace("&quot;", '"').split())


def form(woo: WooTwin, **more: str) -> dict[str, str]:
    entered = {"act": "connect", "url": woo.url, "key": "ck_1", "consumer_secret": "cs_1"}
    return entered | more


def work(world: World) -> None:
    """What the worker does: read at shops, and settle what was read."""
    lane = Lane()
    while lane.step() or settle_store(world.store.id):
        pass


def test_every_kind_of_shop_can_be_chosen(mari, root) -> None:
    said = text(mari.get(root))
    for title in ("WooCommerce", "Shopify", "Vendure", "django-oscar", "thirty bees", "Any other"):
        assert title in said
    assert "Connect your shop" in said
    for adapter in adapters.ADAPTERS:
        page = mari.get(f"{root}/{adapter}")
        assert page.status_code == 200
        assert "What is read, and why" in text(page)
        assert "Coupons are written" in text(page)
    assert mari.get(f"{root}/nonesuch").status_code == 404


def test_every_kind_of_shop_and_all_that_it_asks_for_has_words() -> None:
    assert {*adapters.ADAPTERS} <= {*shop_words.KINDS}
    for name, provider in adapters.SHOPS.items():
        for each in shops.asked(provider):
            assert {(name, each.name), ("", each.name)} & {*shop_words.LABELS}, (name, each.name)


def test_a_shop_is_tried_out_connected_and_its_history_followed(mari, root, woo, world) -> None:
    woo.order(status="processing")
    woo.customer("ana@example.com")
    answer = mari.post(f"{root}/woocommerce", form(woo))
    assert answer["Location"] == f"{root}/woocommerce?done=connected"
    page = mari.get(answer["Location"])
    assert "It is connected. Its history is read now" in text(page)
    assert "Being read" in text(page)
    assert "history is being read" in text(page)
    assert "data-live" in page.content.decode()
    assert "cs_1" not in page.content.decode()
    work(world)
    page = mari.get(f"{root}/woocommerce")
    said = text(page)
    assert "WooCommerce accepts the key." in said
    assert "webhooks are active" in said
    assert "Orders 1 whole, and kept up to date" in said
    assert "Customers 1 whole" in said
    assert "data-live" not in page.content.decode(), "nothing moves any more"
    assert f"/in/{world.store.id}/woocommerce" in said
    overview = text(mari.get(root))
    assert overview.index("WooCommerce") < overview.index("Connect another shop")


@pytest.mark.parametrize(
    ("entered", "field", "says"),
    [
        ({"url": ""}, "url", "This is needed."),
        ({"consumer_secret": ""}, "consumer_secret", "This is needed."),
        ({"url": "http://tea.example"}, "url", "begins with https://"),
        ({"url": "https://127.0.0.1"}, "url", "not a public address"),
        ({"url": "tea"}, "url", "cannot be called"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(
    mari, root, world, monkeypatch, entered, field, says
) -> None:
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", WooCommerce(Http()))
    given = {"act": "connect", "url": "https://tea.example", "key": "ck_1"}
    answer = mari.post(f"{root}/woocommerce", given | {"consumer_secret": "cs_secret"} | entered)
    assert answer.status_code == 422
    html = answer.content.decode()
    problem = found_in(html, rf'id="problem-{field}" role="alert">([^<]+)<')
    assert says in problem
    assert 'value="ck_1"' in html, "what was entered is still there"
    assert "cs_secret" not in html
    assert stores.connection(world.store.id, "woocommerce") is None


def test_a_key_that_does_not_open_the_shop_is_said(mari, root, world, woo) -> None:
    answer = mari.post(f"{root}/woocommerce", form(woo, consumer_secret="cs_other"))
    assert answer.status_code == 422
    assert "does not accept the key" in text(answer)
    woo.faults.append("html")
    assert "a page and no JSON" in text(mari.post(f"{root}/woocommerce", form(woo)))
    assert stores.connection(world.store.id, "woocommerce") is None
    with world.read():
        assert inbox.feeds() == []


def test_what_is_broken_is_said_and_mended_by_a_check(mari, root, world, woo) -> None:
    mari.post(f"{root}/woocommerce", form(woo))
    work(world)
    for hook in woo.hooks.values():
        hook["status"] = "disabled"
    answer = mari.post(f"{root}/woocommerce", {"act": "check"})
    assert answer["Location"].endswith("done=asked")
    work(world)
    assert {hook["status"] for hook in woo.hooks.values()} == {"active"}
    woo.secret = "cs_2"
    mari.post(f"{root}/woocommerce", {"act": "check"})
    work(world)
    said = text(mari.get(f"{root}/woocommerce"))
    assert "Broken" in said
    assert "does not accept the key" in said
    assert "Make a new key" in said, "and how to mend it"


def test_coupons_that_wait_are_counted_for_the_shop_that_makes_them(mari, root, world) -> None:
    services.update_connection(world.store.id, "generic", coupon_url="https://tea.example/c")
    with world.write():
        outbox_services.enqueue(
            [EffectRequest(key="coupon.issue:x", kind="coupon.issue", payload={})]
        )
        (leased,) = outbox_services.lease(world.store.id, 1)
        outbox_services.fail(leased, "The shop answered 503.")
    said = text(mari.get(f"{root}/generic"))
    assert "1 coupon waits for the shop. The shop answered 503." in said
    with world.write():
        world.clock.move(timedelta(hours=1))
        (leased,) = outbox_services.lease(world.store.id, 1)
        outbox_services.hopeless(leased, "The shop said no.")
    assert "1 coupon was given up. The shop said no." in text(mari.get(f"{root}/generic"))


def test_a_shop_with_a_plugin_gets_a_secret_once(mari, root, world) -> None:
    made = mari.post(f"{root}/vendure", {"act": "connect"})
    shown = found_in(made.content.decode(), r"(whsec_[A-Za-z0-9+/=]+)")
    connection = stores.connection(world.store.id, "vendure")
    assert connection is not None
    assert connection.secrets == (shown,)
    assert shown not in mari.get(f"{root}/vendure").content.decode()
    again = mari.post(f"{root}/vendure", {"act": "connect"})
    assert again.status_code == 422
    assert "already" in text(again)
    rotated = found_in(
        mari.post(f"{root}/vendure", {"act": "secret"}).content.decode(), r"(whsec_[\w+/=]+)"
    )
    connection = stores.connection(world.store.id, "vendure")
    assert connection is not None
    assert connection.secrets == (rotated, shown)


def test_where_coupons_are_made_is_checked_before_it_is_kept(mari, root, world, settings) -> None:
    settings.ALLOW_PRIVATE_SHOPS = False
    refused = mari.post(
        f"{root}/generic", {"act": "coupons", "coupon_url": "https://10.0.0.1/coupons"}
    )
    assert refused.status_code == 422
    assert "not a public address" in text(refused)
    kept = mari.post(
        f"{root}/generic", {"act": "coupons", "coupon_url": "https://tea.example/coupons"}
    )
    assert kept["Location"].endswith("done=saved")
    connection = stores.connection(world.store.id, "generic")
    assert connection is not None
    assert connection.coupon_url == "https://tea.example/coupons"


def test_a_delivery_that_was_refused_is_said(mari, root, world) -> None:
    with world.write():
        inbox_services.receive(
            world.store.id, "generic", "d1", {}, b'{"type": "order.snapshot", "data": {}}'
        )
    settle_store(world.store.id)
    said = text(mari.get(f"{root}/generic"))
    assert "The last delivery came at" in said
    assert "1 delivery was refused or given up." in said


def test_what_the_door_refused_is_a_hint_until_something_good_comes(mari, root, world) -> None:
    refusals.note(world.store.id, "generic", world.clock.now(), "webhook-timestamp is 400 s off")
    said = text(mari.get(f"{root}/generic"))
    assert "was refused: webhook-timestamp is 400 s off." in said
    assert "its secret is another, or its clock is wrong" in said
    world.clock.move(timedelta(minutes=1))
    with world.write():
        inbox_services.receive(world.store.id, "generic", "d1", {}, b"{}")
    assert "was refused: webhook" not in text(mari.get(f"{root}/generic"))


def test_what_was_found_out_about_a_shop_is_not_shown_as_if_it_was_entered(
    mari, root, world
) -> None:
    options = {"url": "https://tea.example/graphql/", "signs_with": [{"kty": "RSA", "n": "AQAB"}]}
    services.connect_shop(world.store.id, "saleor", {"token": "t"}, options, coupon_url="")
    said = text(mari.get(f"{root}/saleor"))
    assert "Address of the API https://tea.example/graphql/" in said
    assert "AQAB" not in said


def test_disconnecting_says_what_stays_and_leaves_nothing_open(mari, root, world, woo) -> None:
    woo.order(status="processing")
    mari.post(f"{root}/woocommerce", form(woo))
    work(world)
    mari.post(f"{root}/woocommerce", {"act": "check"})
    page = text(mari.get(f"{root}/woocommerce/disconnect"))
    assert "Disconnect WooCommerce?" in page
    assert "Orders, people, referrals and rewards stay" in page
    assert "No coupon is waiting" in page
    mari.post(f"{root}/woocommerce/disconnect")
    assert stores.connection(world.store.id, "woocommerce"), "nobody has pressed the button"
    gone = mari.post(f"{root}/woocommerce/disconnect", {"act": "disconnect"})
    assert gone["Location"] == f"{root}?done=disconnected"
    assert "It is disconnected." in text(mari.get(gone["Location"]))
    assert stores.connection(world.store.id, "woocommerce") is None
    asked = len(woo.seen)
    world.clock.move(timedelta(hours=2))
    following.adopt()
    following.follow()
    work(world)
    assert len(woo.seen) == asked, "nobody asks the shop any more"
    with world.read():
        assert inbox.feeds() == []
        assert not [one for one in outbox.page() if one.kind.startswith("shop.")]
        assert inbox.page(5), "what it told stays"
    assert mari.get(f"{root}/woocommerce/disconnect").status_code == 404
    mari.post(f"{root}/woocommerce", form(woo))
    work(world)
    assert "Orders 0 whole" in text(mari.get(f"{root}/woocommerce")), "known orders are known"


def test_a_store_without_any_shop_goes_on_and_its_coupons_wait(mari, root, world) -> None:
    services.update_connection(world.store.id, "generic", coupon_url="https://tea.example/c")
    ana = world.advocate("ana@example.com", "Ana")
    world.claim(ana.code, "fe@example.com")
    leaving = text(mari.get(f"{root}/generic/disconnect"))
    assert "1 coupon is still to be made or taken back." in leaving
    mari.post(f"{root}/generic/disconnect", {"act": "disconnect"})
    assert stores.connections(world.store.id) == []
    Lane().step()
    with world.read():
        (effect,) = [one for one in outbox.page() if one.kind == "coupon.issue"]
    assert (effect.state, effect.problem) == (
        "waiting",
        "No coupon address is set for this store's shop.",
    )
    slug = world.store.slug
    for page in (f"/desk/{slug}", f"/desk/{slug}/programme", root, f"{root}/generic", f"/s/{slug}"):
        assert mari.get(page).status_code == 200, page
    mari.post(f"{root}/generic", {"act": "connect"})
    assert [one.adapter for one in stores.connections(world.store.id)] == ["generic"]


def test_one_click_leads_to_the_shop_and_back(mari, root, world, settings) -> None:
    assert "one click" not in text(mari.get(f"{root}/woocommerce"))
    settings.SITE_URL = "https://words.example"
    services.update_store(world.store.id, shop_url="https://tea.example")
    html = mari.get(f"{root}/woocommerce").content.decode()
    assert "https://tea.example/wc-auth/v1/authorize?app_name=Wordmouth" in html
    assert "no key that opens it" in text(mari.get(f"{root}/woocommerce?success=1"))
    assert "told not to hand out" in text(mari.get(f"{root}/woocommerce?success=0"))


def test_only_a_form_of_the_desk_changes_something(world, root) -> None:
    services.add_member(world.store.id, "mari", PASSWORD)
    strict = Client(enforce_csrf_checks=True)
    strict.login(username="mari", password=PASSWORD)
    for place in ("/generic", "/generic/disconnect"):
        assert strict.post(f"{root}{place}", {"act": "secret"}).status_code == 403
    assert (
        strict.post(f"/desk/{world.store.slug}/test-order", {"email": "a@b.ee"}).status_code == 403
    )
    assert stores.connection(world.store.id, "generic") is not None
