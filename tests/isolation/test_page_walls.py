"""The pages: every address of the URL conf, for strangers and for people of another store."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests.api.world import NOW
from tests.isolation.canaries import fingerprint, models_of_stores
from tests.isolation.conftest import Scene
from tests.isolation.routes import Route, Wall, behind, routes, wall_of
from wordmouth.advocates import services as advocates
from wordmouth.fulfilment.entitlements import Entitlement, sign
from wordmouth.messages import tokens
from wordmouth.stores import queries as stores
from wordmouth.stores.transactions import store_write

STORED = (Wall.MEMBER, Wall.VISITOR, Wall.FACE)
PAGES = behind(*STORED)


def address(scene: Scene, pattern: str, slug: str) -> str:
    """The address with the victim's things in it, under the store `slug`."""
    parts = {
        "slug": slug,
        "store_id": scene.victim.store_id,
        "code": scene.victim.code,
        "referral_id": scene.referral,
        "adapter": "generic",
        "since": "0",
        **scene.victim.paid,
        "key": tokens.stop_key(scene.intruder.store_id, "0" * 64),
        "token": access_token(scene),
    }
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: parts[found[1]], pattern)


def access_token(scene: Scene) -> str:
    """An entitlement to a reward of the victim, signed by the intruder."""
    entitlement = Entitlement(
        reward=scene.reward,
        person="",
        products=(),
        category="Drinks",
        until=NOW + timedelta(days=30),
        iat=int(NOW.timestamp()),
    )
    (connection,) = stores.connections(scene.intruder.store_id)
    return sign(entitlement, connection.secrets[0])


def form(scene: Scene) -> dict[str, str]:
    """What a form might name of the victim."""
    return {
        "email": "stranger@elsewhere.example",
        "reason": "x",
        "decision": "approve",
        "referral": scene.referral,
        "delivery": scene.delivery,
        "effect": scene.effect,
        "id": scene.effect,
        "advocate": scene.victim.advocate,
        "status": "ended",
    }


def leaks(scene: Scene, said: str, response: Any, allowed: frozenset[str]) -> set[str]:
    """What only the victim knows and the answer tells, save what was said to it."""
    body = b"" if response.streaming else response.content
    heard = f"{body.decode('utf-8', 'replace')}\n{dict(response.headers)}"
    return {text for text in scene.secrets - allowed if text in heard and text not in said}


def face(scene: Scene) -> frozenset[str]:
    """What everybody may know of the victim: its names and its offer."""
    public = {"victim shop", "victim-shop", "https://shop.example"}
    return scene.face | public | {text for text in scene.secrets if text.startswith("Give 10")}


def test_every_address_is_declared() -> None:
    undeclared = [route.pattern for route in routes() if wall_of(route) is None]
    assert not undeclared, f"say in tests/isolation/routes.py who may see {undeclared}"


def test_an_address_that_nobody_thought_of_is_noticed() -> None:
    new = Route(str(path("s/<slug:slug>/secrets", lambda request: HttpResponse()).pattern), "new")
    assert wall_of(new) is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_desk_is_for_its_members(scene: Scene, method: str) -> None:
    before = fingerprint(scene.victim.store_id)
    data = form(scene)
    for pattern in behind(Wall.MEMBER):
        url = address(scene, pattern, scene.victim.slug)
        stranger = getattr(Client(), method)(url, data)
        member_elsewhere = getattr(scene.browser, method)(url, data)
        if stranger.status_code != 405:
            assert stranger.headers["Location"].startswith("/desk/login"), pattern
            assert member_elsewhere.status_code == 404, pattern
        for response in (stranger, member_elsewhere):
            assert not leaks(scene, f"{url} {data}", response, frozenset()), pattern
        assert fingerprint(scene.victim.store_id) == before, pattern


@pytest.mark.parametrize("method", ["get", "post"])
def test_under_ones_own_address_nothing_of_another_store_is_found(
    scene: Scene, method: str
) -> None:
    before = fingerprint(scene.victim.store_id)
    data = form(scene)
    for pattern in PAGES:
        url = address(scene, pattern, scene.intruder.slug)
        if "store_id" in pattern:
            url = url.replace(scene.victim.store_id, scene.intruder.store_id)
        response = getattr(scene.browser, method)(url, data)
        assert response.status_code < 500, pattern
        assert not leaks(scene, f"{url} {data}", response, frozenset()), pattern
        assert fingerprint(scene.victim.store_id) == before, pattern
        if any(name in pattern for name in ("code", "referral_id", "batch_id", "payout_id")):
            assert response.status_code in (204, 404, 405), pattern


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_stores_cookies_open_nothing(scene: Scene, method: str) -> None:
    for pattern in behind(Wall.VISITOR, Wall.FACE):
        url = address(scene, pattern, scene.victim.slug)
        for client in (Client(), scene.browser):
            response = getattr(client, method)(url)
            assert response.status_code < 500, pattern
            assert not leaks(scene, url, response, face(scene)), pattern
            assert "@victim.example.com" not in str(getattr(response, "content", b"")), pattern


def test_another_stores_keys_open_nothing(scene: Scene) -> None:
    intruder, slug = scene.intruder, scene.victim.slug
    with store_write(intruder.store_id):
        key = advocates.portal_key(intruder.store_id, intruder.advocate)
    invite = tokens.invite_key(intruder.store_id, "per_" + "0" * 26)
    claim = tokens.claim_key(intruder.store_id, scene.victim.claim)
    before = fingerprint(scene.victim.store_id)
    tries = [
        scene.browser.get(f"/s/{slug}/me?key={key}"),
        scene.browser.post(f"/s/{slug}/me", {"key": key}),
        scene.browser.get(f"/s/{slug}/join?key={invite}"),
        scene.browser.post(f"/s/{slug}/join", {"key": invite}),
        scene.browser.get(f"/s/{slug}/from/{scene.victim.code}?claim={claim}"),
        scene.browser.post(f"/s/{slug}/unsubscribe/{tokens.stop_key(intruder.store_id, '0' * 64)}"),
    ]
    for response in tries:
        assert not leaks(scene, "", response, face(scene))
    assert "wordmouth_me" not in tries[1].cookies
    assert "wordmouth_claim" not in tries[4].cookies
    assert fingerprint(scene.victim.store_id) == before


def test_the_victims_own_visitors_see_the_canaries(scene: Scene) -> None:
    """Otherwise silence would prove nothing."""
    with store_write(scene.victim.store_id):
        key = advocates.portal_key(scene.victim.store_id, scene.victim.advocate)
    client = Client()
    client.post(f"/s/{scene.victim.slug}/me", {"key": key})
    page = client.get(f"/s/{scene.victim.slug}/me")
    assert scene.victim.code in page.content.decode()
    assert leaks(scene, "", page, frozenset())


@pytest.mark.parametrize("pattern", behind(Wall.OPEN, Wall.OPERATOR))
def test_what_is_of_no_store_tells_of_no_store(scene: Scene, pattern: str) -> None:
    url = "/" + pattern.replace(r"^api(?:/.*)?$", "api/v9/anything")
    for client in (Client(), scene.browser):
        response = client.get(url)
        assert not leaks(scene, url, response, frozenset())


def test_no_row_is_read_without_a_store(db: None) -> None:
    from django_scopes.exceptions import ScopeError

    assert len(models_of_stores()) > 20
    for model in models_of_stores():
        with pytest.raises(ScopeError):
            model._default_manager.count()
