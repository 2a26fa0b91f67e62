"""What the doors keep holds until its version moves on; and whatever an answer depends on does
move it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import CaptureQueriesContext

from tests.doors.conftest import order_body, signed
from tests.doors.test_clicks import enrol
from tests.harness.asgi import PHONE, Client, Request
from wordmouth.advocates import services as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.api import codes, limits
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.kit import clock
from wordmouth.kit.signing import new_secret
from wordmouth.programs import services as programs
from wordmouth.programs.tests.samples import give_10
from wordmouth.project import doors
from wordmouth.storefront.widget import configuration
from wordmouth.stores import prepared, versions
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created, StoreFacts
from wordmouth.stores.sets import SetReader
from wordmouth.stores.transactions import store_write
from wordmouth.visits.links import Links
from wordmouth.visits.watched import WATCHED

SITE = "https://site.example"
A_GIFT = ('kind = "percent_off", value = 10', 'kind = "free_product", product = "p-1"')


@pytest.fixture
def store(shop: Created) -> StoreFacts:
    for limit in limits.ALL:
        limit.reset()
    with store_write(shop.store.id):
        programs.apply_document(give_10(), by="test")
    return shop.store


@pytest.fixture
def ana(store: StoreFacts) -> AdvocateFacts:
    return enrol(store)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of the doors from now on, by the table that they begin with."""
    found: list[str] = []

    def noting(real: Callable[..., Any], place: int) -> Callable[..., Any]:
        def noted(*given: Any) -> Any:
            found.extend(re.findall(r'FROM "?([a-z]+_[a-z]+)"?', given[place])[:1])
            return real(*given)

        return noted

    monkeypatch.setattr(CursorWrapper, "execute", noting(CursorWrapper.execute, 1))
    if connection.vendor == "postgresql":
        # There these questions do not go the framework's way.
        monkeypatch.setattr(prepared, "answer", noting(prepared.answer, 0))
    monkeypatch.setattr(SetReader, "__call__", noting(SetReader.__call__, 1))
    return found


def tables(statements: list[str]) -> set[str]:
    """The tables that statements read."""
    text = " ".join(statements)
    return set(re.findall(r'(?:FROM|JOIN) "?([a-z]+_[a-z]+)"?', text)) - {"json_each"}


def test_every_table_that_an_answer_is_read_from_is_watched(store, ana):
    with store_write(store.id):
        catalog.take(store.id, [product("Cup")])
        programs.apply_document(give_10(A_GIFT), by="test")
    with CaptureQueriesContext(connection) as caught:
        assert Links(SITE).find([ana.code])[ana.code]
        owner = codes.known(codes.find_owners([ana.code])[ana.code])
        codes.find_face(codes.face_key(owner, "en"))
        assert b'"live":true' in configuration(store.id, "en").body
        assert doors.load_access((store.id, "generic")).keys
    read = tables([query["sql"] for query in caught.captured_queries])
    watched = {each.table for each in (*WATCHED, *versions.OWN)}
    assert read == watched | {"stores_store", "stores_storeversion"}


def test_every_watched_change_has_its_trigger(store):
    statement = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        there = {name for (name,) in cursor.fetchall()}
    missing = {each.name for each in (*WATCHED, *versions.OWN)} - there
    assert not missing, "a migration made the table anew; see visits/watched.py"
    assert any(name.startswith("version_stores_store") for name in there)


def product(name: str) -> ProductSnapshot:
    return ProductSnapshot(id="p-1", name=name, price=500, currency="EUR", updated_at=clock.now())


def answers(client: Client, store: StoreFacts, ana: AdvocateFacts) -> dict[str, Any]:
    """What every door answers now; a click without its token, a delivery by its status."""
    click = client.request("GET", f"/r/{ana.code}", headers={"user-agent": PHONE})
    body = order_body()
    headers = signed(new_secret(), body)
    delivery = client.request("POST", f"/in/{store.id}/generic", headers=headers, body=body)
    code = client.request("GET", f"/api/v1/codes/{ana.code}", headers={"x-request-id": "one"})
    widget = client.request("GET", f"/s/-/{store.id}/widget.json")
    cookie = re.sub("=[^;]*;", "", click.header("set-cookie"), count=1)
    return {
        "click": (click.status, click.header("location").partition("wm=")[0], cookie),
        "delivery": (delivery.status, delivery.json().get("code")),
        "code": (code.status, code.body),
        "widget": (widget.status, widget.body),
    }


Verb = Callable[[StoreFacts, AdvocateFacts], object]


def within(verb: Verb) -> Verb:
    """The verb in a transaction of the store."""

    def done(store: StoreFacts, ana: AdvocateFacts) -> None:
        with store_write(store.id):
            verb(store, ana)

    return done


def updated(**changes: Any) -> Verb:
    return lambda store, ana: stores.update_store(store.id, **changes)


def document(*replacements: tuple[str, str]) -> Verb:
    return within(lambda store, ana: programs.apply_document(give_10(*replacements), by="test"))


SLUG = "give-10-get-10"
ALL_PUBLIC = {"code", "widget"}
CHANGES: dict[str, tuple[Verb, set[str]]] = {
    "lands_on": (updated(lands_on="shop"), {"click"}),
    "shop_url": (updated(shop_url="https://new.example"), {"code"}),
    "name": (updated(name="New name"), {"code"}),
    "brand": (updated(brand={"accent": "#a4451f"}), {"widget"}),
    "attribution": (
        document(("attribution_days = 90", "attribution_days = 30")),
        {"click", "code"},
    ),
    "terms": (document(("value = 10,", "value = 15,")), ALL_PUBLIC),
    "minimum": (document(("min_order = 3000", "min_order = 2000")), {"code"}),
    "draft or paused": (document(('"live"  ', '"paused"')), ALL_PUBLIC),
    "status": (within(lambda s, a: programs.set_status(SLUG, "ended", by="test")), ALL_PUBLIC),
    "stop": (within(lambda s, a: programs.stop(SLUG, "why", by="test")), ALL_PUBLIC),
    "budget": (
        within(lambda s, a: programs.note_budget(a.program_id, 500_000, 500_000)),
        ALL_PUBLIC,
    ),
    "leave": (within(lambda s, a: advocates.leave(a.id)), {"click", "code"}),
    "first name": (lambda s, a: enrol(s, "ana@example.com", "Anabel"), {"code"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_verb_is_told_by_every_door_within_a_second(client, store, ana, watch, change):
    """The verb runs on another connection than the doors': for them it is another process."""
    before = answers(client, store, ana)
    watch.move(10.0)
    assert answers(client, store, ana) == before
    verb, told = CHANGES[change]
    verb(store, ana)
    watch.move(1.001)
    after = answers(client, store, ana)
    assert {door for door in before if before[door] != after[door]} == told
    if change == "leave":
        enrol(store)
        watch.move(1.001)
        assert answers(client, store, ana) == before
    if change == "stop":
        with store_write(store.id):
            programs.resume(SLUG, by="test")
        watch.move(1.001)
        assert answers(client, store, ana) == before


def test_a_product_that_is_renamed_is_told_by_the_widget(client, store, ana, watch):
    path = f"/s/-/{store.id}/widget.json"
    with store_write(store.id):
        catalog.take(store.id, [product("Cup")])
        programs.apply_document(give_10(A_GIFT), by="test")
    assert b"Cup" in client.request("GET", path).body
    with store_write(store.id):
        catalog.take(store.id, [product("Mug")])
    watch.move(1.001)
    assert b"Mug" in client.request("GET", path).body


def test_another_secret_opens_the_door_for_deliveries_within_a_second(client, store, watch):
    secret, body = new_secret(), order_body()
    path = f"/in/{store.id}/generic"
    send = Request("POST", path, signed(secret, body), body)
    assert client.together([send])[0].status == 401
    stores.update_connection(store.id, "generic", add_secret=secret)
    watch.move(1.001)
    assert client.together([send])[0].status == 202


def test_what_nobody_changed_is_not_looked_up_again(client, store, ana, watch, asked):
    answers(client, store, ana)
    asked.clear()
    answers(client, store, ana)
    assert asked == [], "a warm request asks nothing"
    for _ in range(5):
        watch.move(10.0)
        answers(client, store, ana)
        assert asked == ["stores_storeversion"], "one look for all doors"
        asked.clear()


def test_many_stores_are_one_look_at_the_versions(client, store, ana, watch, asked):
    others = [stores.create_store(f"Store {number}").store for number in range(20)]
    paths = [f"/s/-/{each.id}/widget.json" for each in others]
    requests = [Request("GET", path) for path in paths]
    client.together(requests)
    watch.move(10.0)
    asked.clear()
    assert {answer.status for answer in client.together(requests)} == {200}
    assert asked == ["stores_storeversion"]


def test_a_new_store_and_a_change_in_it_have_versions(store):
    number = versions.numbers([store.id])[store.id]
    assert number is not None
    stores.update_store(store.id, name="Other")
    assert versions.numbers([store.id, "str_nobody"]) != {store.id: number, "str_nobody": None}
    before = versions.numbers([store.id])
    with store_write(store.id):
        catalog.take(store.id, [product("Cup")])
    after = versions.numbers([store.id])
    assert after != before
    with store_write(store.id):
        catalog.take(store.id, [product("Cup")])
    assert versions.numbers([store.id]) == after, "nothing that is told has changed"
