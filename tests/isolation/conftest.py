from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.test import Client

from tests.api.world import NOW, World
from tests.isolation import canaries
from wordmouth.advocates import services as advocates
from wordmouth.api import limits
from wordmouth.kit import clock
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_write


class Scene(NamedTuple):
    """Two stores. The canaries are texts that only the victim has; its public face is apart."""

    victim: World
    intruder: World
    referral: str
    reward: str
    delivery: str
    effect: str
    secrets: frozenset[str]
    face: frozenset[str]
    revoked: str
    browser: Client


@pytest.fixture
def scene(db: None) -> Iterator[Scene]:
    """A victim in whose store all has happened, and an intruder with a store of their own."""
    for limit in limits.ALL:
        limit.reset()
    with clock.using(clock.SetClock(NOW)):
        victim, intruder = World("victim"), World("intruder")
        referral = victim.refer()
        intruder.refer()
        victim.pay_out()
        intruder.pay_out()
        victim.redeem()
        intruder.redeem()
        yield Scene(
            victim=victim,
            intruder=intruder,
            referral=referral,
            reward=_first(victim, "rewards"),
            delivery=_first(victim, "deliveries"),
            effect=_first(victim, "effects"),
            revoked=_revoked_key(victim),
            secrets=_secrets(victim, intruder),
            face=frozenset({victim.slug, victim.code, victim.program, "Mari victim"}),
            browser=_intruders_browser(intruder),
        )


def _first(world: World, what: str) -> str:
    return str(world.api.get(what).data["data"][0]["id"])


def _secrets(victim: World, intruder: World) -> frozenset[str]:
    """What only the victim's rows say, and parts of it that may come in another dress."""
    only = canaries.texts_of(victim.store_id) - canaries.texts_of(intruder.store_id)
    return frozenset(only | {"@victim.example.com", "Mari victim", "victim shop"})


def _revoked_key(victim: World) -> str:
    """A key that once opened the victim's store."""
    token = stores.new_api_key(victim.store_id, "old", "live")
    known = stores.authenticate(token)
    assert known is not None
    stores.revoke_api_key(victim.store_id, known.id)
    return token


def _intruders_browser(intruder: World) -> Client:
    """A browser in which the intruder is signed in: at their desk, and as their own advocate.

    Its cookies are sent to every address, the victim's too.
    """
    stores.add_member(intruder.store_id, "intruder", "a long enough password")
    client = Client()
    assert client.login(username="intruder", password="a long enough password")
    with store_write(intruder.store_id):
        key = advocates.portal_key(intruder.store_id, intruder.advocate)
    entered = client.post(f"/s/{intruder.slug}/me", {"key": key})
    assert entered.status_code == 302
    assert "Mari" in client.get(f"/s/{intruder.slug}/me").content.decode()
    for cookie in client.cookies.values():
        cookie["path"] = "/"
    return client
