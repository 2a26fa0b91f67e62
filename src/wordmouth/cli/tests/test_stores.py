"""Stores, keys and the first set-up, as a person at a terminal meets them."""

import pytest
from django.contrib.auth import get_user_model

from wordmouth.stores import queries, services


def test_a_store_is_made_with_all_that_a_shop_needs(door) -> None:
    facts = door.facts(
        *("store", "create", "Tea House", "--adapter", "oscar", "--slug", "tea"),
        *("--shop-url", "https://tea.example/", "--coupon-url", "https://tea.example/wm"),
    )
    store = facts["store"]
    assert (store["slug"], store["currency"], store["shop_url"]) == (
        "tea",
        "EUR",
        "https://tea.example/",
    )
    key = services.authenticate(facts["api_key"])
    assert key is not None
    assert key.store_id == store["id"]
    connection = queries.connection(store["id"], "oscar")
    assert connection is not None
    assert connection.secrets == (facts["webhook_secret"],)
    assert connection.coupon_url == "https://tea.example/wm"
    assert facts["urls"]["deliveries"].endswith(f"/in/{store['id']}/oscar")
    assert facts["urls"]["landing"].endswith("/s/tea")


def test_words_say_the_same_as_json(door) -> None:
    result = door("store", "create", "Tea House")
    assert "wm_live_" in result.stdout
    assert "whsec_" in result.stdout
    assert "not shown again" in result.stderr


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("Tea House",), 1, "exists already"),
        (("Coffee", "--currency", "XEU!"), 1, "ISO 4217"),
        (("!!!",), 1, "at least one letter"),
        (("Coffee", "--adapter", "oscars"), 1, "there are generic, oscar"),
        (("Coffee", "--shop-url", "tea.example"), 2, "begins with https://"),
        (("Coffee", "--colour", "red"), 2, "No such option"),
        ((), 2, "Missing argument 'NAME'"),
    ],
)
def test_a_store_that_cannot_be_made(door, made, words, status, complaint) -> None:
    assert complaint in door.refusal("store", "create", *words, status=status)
    assert len(queries.list_stores()) == 1


def test_stores_are_listed_and_shown_without_secrets(door, made) -> None:
    assert [store["slug"] for store in door.facts("store", "list")] == ["tea-house"]
    assert "tea-house" in door("store", "list").stdout
    shown = door("store", "show", made["store"]["id"]).stdout
    assert made["store"]["id"] in shown
    assert made["webhook_secret"] not in shown
    facts = door.facts("store", "show", "tea-house")
    assert facts["connections"] == [{"adapter": "generic", "coupon_url": "", "secrets": 1}]


def test_a_store_that_is_not_there(door, made) -> None:
    assert door.refusal("store", "show", "tee") == "There is no store 'tee'; there are tea-house.\n"


def test_without_any_store_the_next_step_is_said(door) -> None:
    assert "wordmouth store create" in door("store", "list").stderr
    assert "wordmouth store create" in door.refusal("program", "list")


def test_a_store_is_changed_in_what_was_given(door, made) -> None:
    door("store", "update", "tea-house", "--name", "Teahouse", "--coupon-url", "https://t.example/")
    store = queries.store_by_slug("tea-house")
    connection = queries.connection(store.id, "generic")
    assert (store.name, store.shop_url) == ("Teahouse", "")
    assert connection is not None
    assert connection.coupon_url == "https://t.example/"
    assert "--shop-url" in door.refusal("store", "update", "tea-house", status=2)


def test_a_shop_that_makes_fewer_kinds_says_so_and_takes_it_back(door, made) -> None:
    store_id = made["store"]["id"]

    def options():
        connection = queries.connection(store_id, "generic")
        assert connection is not None
        return connection.options

    door("store", "update", "tea-house", "--kind", "percent_off", "--kind", "amount_off")
    assert options() == {"kinds": ["amount_off", "percent_off"]}
    door("store", "update", "tea-house", "--name", "Teahouse")
    assert options() == {"kinds": ["amount_off", "percent_off"]}
    door("store", "update", "tea-house", "--kind", "all")
    assert options() == {}
    assert "free_product" in door.refusal(
        "store", "update", "tea-house", "--kind", "cash", status=2
    )


def test_another_key_opens_the_same_store(door, made) -> None:
    token = door("store", "key", "tea-house", "--mode", "test").stdout.strip()
    key = services.authenticate(token)
    assert key is not None
    assert (key.store_id, key.mode) == (made["store"]["id"], "test")
    assert "is not one of" in door.refusal("store", "key", "tea-house", "--mode", "x", status=2)


def test_a_rotated_secret_stands_beside_the_old_one(door, made) -> None:
    fresh = door.facts("store", "secret", "tea-house")["webhook_secret"]
    connection = queries.connection(made["store"]["id"], "generic")
    assert connection is not None
    assert connection.secrets == (fresh, made["webhook_secret"])
    assert "no connection" in door.refusal("store", "secret", "tea-house", "--adapter", "oscar")


def test_somebody_is_let_into_the_desk_of_one_store_and_of_another(door, made, client) -> None:
    facts = door.facts("store", "login", "tea-house", "--user", "ana")
    assert client.login(username="ana", password=facts["password"])
    door("store", "create", "Coffee")
    assert "with the password they have" in door("store", "login", "coffee", "--user", "ana").stderr
    (ana,) = get_user_model().objects.all()
    assert [store.slug for store in queries.stores_of_user(ana.id)] == ["tea-house", "coffee"]


def test_init_makes_a_store_and_a_login(door, client) -> None:
    facts = door.facts("init", "--name", "Tea House", "--user", "ana")
    assert client.login(username="ana", password=facts["password"])
    assert queries.store_by_slug("tea-house").id == facts["store"]["id"]
    again = door("init", "--name", "Other")
    assert "Nothing was changed" in again.stderr
    assert len(queries.list_stores()) == 1


def test_init_asks_only_at_a_terminal(door) -> None:
    assert "--name" in door.refusal("init", status=2)
    assert queries.list_stores() == []


def test_init_leaves_the_password_of_a_user_that_exists(door, django_user_model) -> None:
    django_user_model.objects.create_user(username="ana", password="as it was")
    assert door.facts("init", "--name", "Tea House", "--user", "ana")["password"] is None
    assert django_user_model.objects.get().check_password("as it was")
