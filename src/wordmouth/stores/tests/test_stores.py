"""Stores, keys, connections, and the walls between them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django_scopes.exceptions import ScopeError

from tests.world import World
from wordmouth.kit import events
from wordmouth.stores import queries, services
from wordmouth.stores.errors import BadStore, SlugTaken
from wordmouth.stores.models import ApiKey, Connection
from wordmouth.stores.transactions import store_write
from wordmouth.stores.vault import SealBroken, seal, unseal


def test_a_new_store_shows_its_secrets_once_and_keeps_them_unreadable(world: World) -> None:
    with world.read():
        (key,) = ApiKey.objects.all()
        (connection,) = Connection.objects.all()
    assert world.api_key.startswith("wm_live_")
    assert world.api_key not in key.digest
    assert key.hint == world.api_key[-4:]
    assert world.webhook_secret not in connection.secrets
    known = queries.connection(world.store.id, "generic")
    assert known is not None
    assert known.secrets == (world.webhook_secret,)


def test_a_key_opens_its_store_until_it_is_revoked(world: World) -> None:
    test_key = services.new_api_key(world.store.id, "for tests", "test")
    found = services.authenticate(test_key)
    assert found is not None
    assert (found.store_id, found.mode) == (world.store.id, "test")
    assert services.authenticate(test_key + "x") is None
    services.revoke_api_key(world.store.id, found.id)
    assert services.authenticate(test_key) is None
    assert services.authenticate(world.api_key) is not None


def test_secrets_rotate_with_two_alive(world: World) -> None:
    second, third = ("whsec_" + "QUJD" * 8, "whsec_" + "REVG" * 8)
    for secret in (second, third):
        services.update_connection(world.store.id, "generic", add_secret=secret)
    known = queries.connection(world.store.id, "generic")
    assert known is not None
    assert known.secrets == (third, second)
    with pytest.raises(BadStore, match="base64"):
        services.update_connection(world.store.id, "generic", add_secret="whsec_é")


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"name": "!!!"}, BadStore),
        ({"name": "Shop", "currency": "EURO"}, BadStore),
        ({"name": "Shop", "slug": "taken"}, SlugTaken),
    ],
)
def test_a_store_that_cannot_be_is_refused(
    db: None, told: dict[str, str], error: type[Exception]
) -> None:
    services.create_store("First", slug="taken")
    with pytest.raises(error):
        services.create_store(**told)


def test_a_moved_or_foreign_seal_does_not_open() -> None:
    sealed = seal("secret", "con_1:secrets")
    assert unseal(sealed, "con_1:secrets") == "secret"
    with pytest.raises(SealBroken, match="con_2"):
        unseal(sealed, "con_2:secrets")


def test_another_installation_cannot_open_a_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("secret", "con_1:secrets")
    monkeypatch.setattr(settings, "SECRET_KEY", "x" * 50)
    with pytest.raises(SealBroken):
        unseal(sealed, "con_1:secrets")


def test_without_a_scope_nothing_is_read(world: World) -> None:
    with pytest.raises(ScopeError):
        list(ApiKey.objects.all())


def test_a_write_that_fails_leaves_nothing_and_tells_nobody(world: World) -> None:
    told: list[events.Event] = []
    before = events._table

    class Happened(events.Event, frozen=True, kw_only=True):
        """Something."""

    def fail_halfway() -> None:
        with store_write(world.store.id):
            ApiKey.objects.all().delete()
            events.emit(Happened())
            raise ZeroDivisionError

    events.install({Happened: [told.extend]})
    try:
        with pytest.raises(ZeroDivisionError):
            fail_halfway()
        with store_write(world.store.id):
            events.emit(Happened(), Happened())
    finally:
        events.install(before)
    assert len(told) == 2
    assert services.authenticate(world.api_key) is not None


def test_an_event_needs_a_write(world: World) -> None:
    with pytest.raises(events.NoCollection):
        events.emit()
