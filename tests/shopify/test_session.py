"""The engine's answer to Shopify's extensions: only to a token that Shopify signed for this store's
shop and app, and to its customer what their own page shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.flow.test_schedules import Shop, open_store
from tests.shopify.extension import EXTENSION, node
from tests.world import START, World
from wordmouth.advocates import services as advocates
from wordmouth.integrations.shopify import session
from wordmouth.integrations.shopify.adapter import OLD_SECRET, SECRET
from wordmouth.kit import clock
from wordmouth.kit.signing import BadSignature
from wordmouth.people import services as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.storefront.views.extension import QUESTIONS_BY_VISITOR
from wordmouth.stores import queries, services
from wordmouth.stores.facts import ConnectionFacts

ANA = "gid://shopify/Customer/7001"
NOW = int(START.timestamp())
CONNECTION = ConnectionFacts(
    id="con_1",
    store_id="str_1",
    adapter="shopify",
    secrets=(),
    coupon_url="",
    options={"url": "https://tea.myshopify.com", "client_id": "c1"},
    credentials={SECRET: "shpss_1", OLD_SECRET: "shpss_0"},
)


def token(secret: str = "shpss_1", alg: str = "HS256", **claims: Any) -> str:
    """What Shopify hands an extension; a claim that is None is missing."""
    known = {
        "dest": "tea.myshopify.com",
        "aud": "c1",
        "exp": NOW + 300,
        "nbf": NOW,
        "iat": NOW,
        "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
        "sub": ANA,
        **claims,
    }
    told = {name: value for name, value in known.items() if value is not None}
    text = f"{encoded({'alg': alg, 'typ': 'JWT'})}.{encoded(told)}"
    mac = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def encoded(part: dict[str, Any]) -> str:
    raw = json.dumps(part, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("given", "customer"),
    [
        (token(), "7001"),
        (token("shpss_0"), "7001"),
        (token(sub=None), ""),
        (token(dest="https://TEA.myshopify.com"), "7001"),
        (token(exp=NOW - 59), "7001"),
        (token(iat=NOW + 59, nbf=NOW + 59), "7001"),
    ],
)
def test_a_token_of_shopifys_names_its_customer(given: str, customer: str) -> None:
    assert session.customer(CONNECTION, given, START) == customer


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "missing"),
        ("a.b", "missing"),
        ("x" * 5000, "missing"),
        (token("shpss_2"), "client secret"),
        (token(""), "client secret"),
        (token() + "é", "client secret"),
        (token().replace(".", ".e30.", 1).rsplit(".", 1)[0], "client secret"),
        (token(alg="none"), "HS256"),
        (token(aud=7), "malformed"),
        (token(exp=None), "malformed"),
        (token(exp=NOW - 60), "too old"),
        (token(nbf=NOW + 61), "future"),
        (token(iat=NOW + 61), "future"),
        (token(aud="c2"), "another app"),
        (token(dest="coffee.myshopify.com"), "another shop"),
        (token(dest="https://tea.myshopify.com.example"), "another shop"),
        (token(sub="42"), "nobody's"),
        (token(sub="gid://shopify/Customer/7001/x"), "nobody's"),
    ],
)
def test_any_other_token_is_refused_in_words(given: str, why: str) -> None:
    with pytest.raises(BadSignature, match=why):
        session.customer(CONNECTION, given, START)


def test_a_connection_that_lost_its_secret_proves_nobody() -> None:
    bare = ConnectionFacts(
        id="con_1",
        store_id="str_1",
        adapter="shopify",
        secrets=(),
        coupon_url="",
        options=CONNECTION.options,
    )
    with pytest.raises(BadSignature, match="client secret"):
        session.customer(bare, token(""), START)


@pytest.fixture
def watch(db: None) -> Iterator[clock.SetClock]:
    QUESTIONS_BY_VISITOR.reset()
    with clock.using(clock.SetClock(START)) as standing:
        assert isinstance(standing, clock.SetClock)
        yield standing


def connected(world: World, shop: str = "tea", secret: str = "shpss_1") -> World:
    services.connect_shop(
        world.store.id,
        "shopify",
        {SECRET: secret},
        {"url": f"https://{shop}.myshopify.com", "client_id": "c1"},
        coupon_url=f"https://{shop}.myshopify.com/admin/api",
    )
    return world


def ask(world: World, given: str, **headers: str) -> HttpResponse:
    address = f"/s/-/{world.store.id}/shopify.json"
    sent = {"Authorization": f"Bearer {given}", "Origin": "null", **headers}
    return Client().get(address, headers=sent)  # type: ignore[return-value]


def told(world: World, given: str) -> Any:
    response = ask(world, given)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


SHOW = f"""
import {{ readFileSync }} from "node:fs";
import {{ view }} from "{(EXTENSION / "src" / "view.js").as_uri()}";
const told = JSON.parse(readFileSync(0, "utf8"));
const parts = [];
const h = (name, has, ...within) => parts.push(...Object.values(has ?? {{}}), ...within);
view(h, told, (key, values) => [key, ...Object.values(values ?? {{}})].join(" "));
console.log(JSON.stringify(parts.filter((part) => typeof part === "string")));
"""


def seen(answer: Any) -> set[str]:
    """Every text and address that the extension puts on the page for an answer of the engine's."""
    return set(json.loads(node("--input-type=module", "-e", SHOW, told=json.dumps(answer))))


def test_an_advocate_is_shown_what_their_own_page_shows(watch: clock.SetClock) -> None:
    rewards = [{"schedule": "each", "kind": "store_credit", "percent": 10}]
    shop = Shop(open_store(watch, *rewards))
    connected(shop.world)
    shop.friend_buys()
    with shop.world.write():
        ana = advocates.enrol(
            shop.world.store.id, CustomerSnapshot(id="7001", email="ana@shop.example")
        )
    assert ana.id == shop.ana.id
    fresh = token(exp=NOW + 90_000)
    shown = told(shop.world, fresh)
    page = shown["portal"]
    assert page["code"] == ana.code
    assert page["link"].endswith(f"/r/{ana.code}")
    assert [purse["key"] for purse in page["wallet"]["purses"]] == ["credit"]
    assert len(page["journeys"]) == 1
    assert shown["offer"] is None
    assert shown["url"].endswith(f"/s/{shop.world.store.slug}/me")
    (purse,) = page["wallet"]["purses"]
    holds = f"holds {purse['name']} {purse['available']}"
    assert {page["headline"], page["link"], page["code"], holds, shown["url"]} <= seen(shown)
    with shop.world.write():
        advocates.leave(ana.id)
    assert told(shop.world, fresh)["portal"] is None


def test_a_customer_who_is_no_advocate_joins_by_the_invitation(watch: clock.SetClock) -> None:
    world = connected(World(watch))
    slug = world.store.slug
    stranger = told(world, token())
    assert stranger["url"].endswith(f"/s/{slug}"), "nobody has told of them yet"
    assert stranger["offer"]["headline"] == "Give 10% off, get €10.00 off."
    with world.write():
        people.resolve(world.store.id, [CustomerSnapshot(id="7001", email="mari@example.com")])
    invited = told(world, token())
    assert invited["portal"] is None
    assert f"/s/{slug}/join?key=" in invited["url"]
    offer = invited["offer"]
    assert {offer["headline"], offer["lead"], invited["url"]} <= seen(invited)
    path, key = invited["url"].split("/s/", 1)[1].split("?key=")
    joined = Client().post(f"/s/{path}", {"key": key})
    assert joined.status_code == 302
    assert told(world, token())["portal"]["code"]
    assert told(world, token(sub=None))["url"].endswith(f"/s/{slug}"), "nobody is signed in"


def test_a_customer_without_an_address_enters_one(watch: clock.SetClock) -> None:
    world = connected(World(watch))
    with world.write():
        people.resolve(world.store.id, [CustomerSnapshot(id="7001")])
    assert told(world, token())["url"].endswith(f"/s/{world.store.slug}")


def test_while_the_programme_rests_there_is_nothing_to_show(watch: clock.SetClock) -> None:
    world = connected(World(watch))
    with world.write():
        programs.set_status("give-10-get-10", "paused", by="test")
    assert told(world, token()) == {"live": False, "url": "", "offer": None, "portal": None}


def test_another_stores_token_opens_nothing(watch: clock.SetClock) -> None:
    world, other = connected(World(watch)), connected(World(watch), "coffee", "shpss_9")
    world.advocate("ana@example.com", customer="7001")
    assert queries.connection(other.store.id, "shopify")
    for given in (
        token("shpss_9", dest="coffee.myshopify.com"),
        token("shpss_9"),
        token(dest="coffee.myshopify.com"),
    ):
        refused = ask(world, given)
        assert refused.status_code == 401
        assert json.loads(refused.content)["code"] == "session_refused"
        assert refused["Access-Control-Allow-Origin"] == "*"
    mine = told(other, token("shpss_9", dest="coffee.myshopify.com"))
    assert mine["portal"] is None, "the same number is another customer in another shop"


def test_stores_without_shopify_have_no_answer(watch: clock.SetClock) -> None:
    world = World(watch)
    assert ask(world, token()).status_code == 404
    assert Client().get("/s/-/str_nobody/shopify.json").status_code == 404


def test_any_origin_may_ask_without_cookies(watch: clock.SetClock) -> None:
    world = connected(World(watch))
    address = f"/s/-/{world.store.id}/shopify.json"
    asked = {"Origin": "null", "Access-Control-Request-Headers": "authorization"}
    before = Client().options(address, headers=asked)
    assert before.status_code == 204
    assert before["Access-Control-Allow-Headers"] == "Authorization"
    answer = ask(world, token())
    for response in (before, answer):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    assert Client().post(address).status_code == 405


def test_one_address_may_not_ask_for_ever(watch: clock.SetClock) -> None:
    world = World(watch)
    answers = [ask(world, "x") for _ in range(QUESTIONS_BY_VISITOR.burst + 1)]
    assert {one.status_code for one in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"] == "2"
    assert json.loads(answers[-1].content)["code"] == "rate_limited"
    QUESTIONS_BY_VISITOR.reset()
