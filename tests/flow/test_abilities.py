"""What a store can promise follows from what it is connected with; the rest is refused in words."""

from __future__ import annotations

from typing import get_args

import pytest

from wordmouth.kit import signing
from wordmouth.programs import services as programs
from wordmouth.programs.document import Kind
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.parse import parse_toml
from wordmouth.project.adapters import abilities
from wordmouth.stores import services as stores
from wordmouth.stores.models import Connection
from wordmouth.stores.transactions import store_write

pytestmark = pytest.mark.django_db

ALWAYS = frozenset({"points", "store_credit", "cash", "early_access"})
COUPONS = frozenset({"percent_off", "amount_off", "free_shipping", "free_product"})


def opened(adapter: str = "generic") -> str:
    return stores.create_store("Tea", adapter=adapter).store.id


def change(store_id: str, **values: object) -> None:
    with store_write(store_id):
        Connection.objects.update(**values)


def test_any_shop_is_taken_to_make_what_the_format_can_express() -> None:
    found = abilities(opened())
    assert (found.adapter, found.kinds) == ("generic", ALWAYS | COUPONS)


def test_a_connection_may_say_that_its_shop_makes_fewer() -> None:
    store_id = opened()
    change(store_id, options={"kinds": ["percent_off"]})
    found = abilities(store_id)
    assert found.kinds == ALWAYS | {"percent_off"}
    assert found.why_not["free_product"] == (
        "the shop is connected by generic, which makes percent_off"
    )


@pytest.mark.parametrize("plugin", ["medusa", "oscar", "vendure"])
def test_a_shop_with_a_plugin_of_ours_gives_products_away(plugin: str) -> None:
    assert abilities(opened(plugin)).kinds == ALWAYS | COUPONS


def test_a_shop_that_this_version_does_not_know_makes_nothing() -> None:
    store_id = opened()
    change(store_id, adapter="newshop")
    found = abilities(store_id)
    assert (found.adapter, found.kinds) == ("newshop", ALWAYS)
    assert "newshop" in found.why_not["percent_off"]


def test_accounts_add_what_they_make() -> None:
    store_id = opened()
    stores.connect(store_id, "tremendous", ["key"], {"campaign": "A"}, serves="gift_cards")
    assert abilities(store_id).kinds == ALWAYS | COUPONS | {"gift_card"}
    secret = signing.new_secret()
    url = {"url": "https://tea.example/rewards"}
    stores.connect(store_id, "custom", [secret], url, serves="custom")
    found = abilities(store_id)
    assert found.kinds == set(get_args(Kind))
    assert found.adapter == "generic", "an account is no shop"
    assert found.why_not == {}
    stores.disconnect(store_id, "tremendous")
    assert "gift_card" not in abilities(store_id).kinds


def test_an_account_of_another_kind_adds_nothing() -> None:
    store_id = opened()
    stores.connect(store_id, "stripe", ["key"], {}, serves="payouts")
    assert abilities(store_id).kinds == ALWAYS | COUPONS


def test_every_kind_that_cannot_be_given_has_a_reason() -> None:
    store_id = opened()
    change(store_id, options={"kinds": []})
    found = abilities(store_id)
    assert set(found.why_not) == set(get_args(Kind)) - found.kinds


@pytest.mark.parametrize(
    ("reward", "words"),
    [
        ('kind = "gift_card", value = 1000', "wordmouth store connect STORE tremendous"),
        ('kind = "custom", name = "tree"', "wordmouth store connect STORE custom"),
    ],
)
def test_a_programme_is_refused_with_what_would_make_it_work(reward: str, words: str) -> None:
    store_id = opened()
    document = parse_toml(
        'slug = "a"\nname = "A"\nstatus = "live"\n[eligibility]\ncurrency = "EUR"\n'
        f'[[offers]]\nkey = "control"\nfriend = {{{reward}}}\n'
    )
    with pytest.raises(ProgramInvalid) as caught, store_write(store_id):
        programs.apply_document(document, by="test")
    (problem,) = caught.value.problems
    assert problem.path == "offers[0].friend.kind"
    assert words in problem.message
    assert "percent_off" in problem.allowed
