"""Accounts of a store with those who make gift cards or pay people: kept apart from its shop."""

from __future__ import annotations

import pytest

from tests.world import World
from wordmouth.fulfilment import registry
from wordmouth.stores import queries, services
from wordmouth.stores.errors import BadStore
from wordmouth.stores.facts import GIFT_CARDS, PAYOUTS
from wordmouth.stores.models import Connection


@pytest.fixture
def paypal(world: World) -> str:
    """The id of a store with a PayPal account."""
    services.connect(world.store.id, "paypal", ["hush"], {"client_id": "me"}, serves=PAYOUTS)
    return world.store.id


def test_an_account_keeps_its_secret_sealed_and_its_options_readable(
    world: World, paypal: str
) -> None:
    (known,) = queries.accounts(paypal)
    assert (known.adapter, known.serves) == ("paypal", PAYOUTS)
    assert known.secrets == ("hush",)
    assert known.options == {"client_id": "me"}
    with world.read():
        row = Connection.objects.get(adapter="paypal")
    assert "hush" not in row.secrets
    assert "hush" not in repr(known)


def test_an_account_is_never_taken_for_the_shop(world: World, paypal: str) -> None:
    assert [known.adapter for known in queries.connections(paypal)] == ["generic"]
    assert queries.connection(paypal, "paypal") is None
    assert registry.preferred_adapter(paypal) == "generic"
    with pytest.raises(BadStore, match="no connection named"):
        services.update_connection(paypal, "paypal", coupon_url="https://shop.test/coupons")
    with pytest.raises(BadStore, match="how this store's shop is connected"):
        services.connect(paypal, "generic", ["hush"], {}, serves=PAYOUTS)
    with pytest.raises(BadStore, match="no account named"):
        services.disconnect(paypal, "generic")
    assert queries.connection(paypal, "generic") is not None


def test_connecting_again_replaces_and_each_purpose_is_found(paypal: str) -> None:
    services.connect(paypal, "paypal", ["new"], {"client_id": "other"}, serves=PAYOUTS)
    services.connect(paypal, "tremendous", ["key"], {}, serves=GIFT_CARDS)
    known = sorted((a.adapter, a.secrets) for a in queries.accounts(paypal))
    assert known == [
        ("paypal", ("new",)),
        ("tremendous", ("key",)),
    ]
    assert [a.adapter for a in queries.accounts(paypal, GIFT_CARDS)] == ["tremendous"]
    assert [a.adapter for a in queries.accounts(paypal, PAYOUTS)] == ["paypal"]


def test_each_store_has_its_own(paypal: str) -> None:
    other = services.create_store("Other").store.id
    assert queries.accounts(other) == []
    services.connect(other, "paypal", ["theirs"], {}, serves=PAYOUTS)
    services.disconnect(other, "paypal")
    assert queries.accounts(other) == []
    assert [known.secrets for known in queries.accounts(paypal)] == [("hush",)]


@pytest.mark.parametrize("secrets", [[], [""]])
def test_an_account_without_a_secret_is_refused(world: World, secrets: list[str]) -> None:
    with pytest.raises(BadStore, match="secret"):
        services.connect(world.store.id, "paypal", secrets, {}, serves=PAYOUTS)


def test_an_account_serves_something_known(world: World) -> None:
    with pytest.raises(BadStore, match="gift_cards, payouts, custom"):
        services.connect(world.store.id, "paypal", ["hush"], {}, serves="shop")
