"""The two public JSON reads: answered before Django as Django answers them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser

from tests.doors.test_clicks import enrol
from tests.harness.asgi import Answer, Client, Request
from tests.harness.patience import PATIENCE
from wordmouth.advocates import services as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.api import limits, shapes
from wordmouth.kit.asgi import Unavailable
from wordmouth.kit.prompt import NotNow
from wordmouth.programs import services as programs
from wordmouth.programs.tests.samples import give_10
from wordmouth.project import headers as site_headers
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created, StoreFacts
from wordmouth.stores.sets import SetReader
from wordmouth.stores.transactions import store_write

GIVEN = {"x-request-id": "one"}
HOSTILE = 'A"\\ \u2028</script>\U0001f600\x7f\x01é'


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody has called yet."""
    for limit in limits.ALL:
        limit.reset()


@pytest.fixture
def store(shop: Created) -> StoreFacts:
    stores.update_store(shop.store.id, name=f"Tea {HOSTILE}", brand={"accent": "#a4451f"})
    with store_write(shop.store.id):
        programs.apply_document(give_10(), by="test")
    return shop.store


@pytest.fixture
def ana(store: StoreFacts) -> AdvocateFacts:
    return enrol(store, name=HOSTILE)


def set_status(store: StoreFacts, status: Any) -> None:
    with store_write(store.id):
        programs.set_status(give_10().slug, status, by="test")


def compared(headers: dict[str, str]) -> dict[str, Any]:
    """Headers by small names; the directives of a policy stand in any order."""
    told: dict[str, Any] = {name.lower(): value for name, value in headers.items()}
    told["content-security-policy"] = set(told["content-security-policy"].split("; "))
    return told


def both(client: Client, path: str, method: str = "GET", **headers: str) -> Answer:
    """The door's answer, after a look that Django answers the same."""
    sent = {**GIVEN, **{name.replace("_", "-"): value for name, value in headers.items()}}
    here = client.request(method, path, headers=sent)
    there = Browser().generic(method, path, headers=sent)
    assert here.status == there.status_code
    assert here.body == there.content
    assert compared(dict(here.headers)) == compared(dict(there.headers))
    return here


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_doors_answer_what_django_answers(client, store, ana, method):
    widget, code = f"/s/-/{store.id}/widget.json", f"/api/v1/codes/{ana.code}"
    for path in (widget, code, f"/api/v1/codes/{ana.code.lower()}"):
        answer = both(client, path, method)
        assert answer.status == 200
        again = both(client, path, method, if_none_match=f'"x", W/{answer.header("etag")}')
        assert (again.status, again.body) == (304, b"")
        assert both(client, path, method, if_none_match='"x"').status == 200
    for path in ("/s/-/str_nobody/widget.json", "/api/v1/codes/NOBODY-123", "/api/v1/codes/ä b"):
        assert both(client, path, method, if_none_match="*").status == 404


def test_a_programme_that_is_paused_is_told_alike(client, store, ana):
    set_status(store, "paused")
    assert both(client, f"/s/-/{store.id}/widget.json").json() == {"live": False}
    answer = both(client, f"/api/v1/codes/{ana.code}")
    assert (answer.status, answer.json()["code"]) == (409, "not_claimable")


def test_the_offer_is_of_the_shape_that_the_document_declares(client, ana):
    answer = client.request("GET", f"/api/v1/codes/{ana.code}")
    shape = shapes.CodeOffer.model_validate_json(answer.body)
    assert shape.model_dump_json().encode() == answer.body
    assert shape.code == ana.code
    assert shape.advocate.first_name.startswith('A"')


def test_codes_are_limited_by_address_as_behind_django(client, ana, no_time_passes):
    path = f"/api/v1/codes/{ana.code}"
    limited = client.together([Request("GET", path, GIVEN)] * (limits.CODES_BY_ADDRESS.burst + 1))
    assert [answer.status for answer in limited] == [200] * limits.CODES_BY_ADDRESS.burst + [429]
    assert limited[-1].json()["code"] == "rate_limited"
    assert limited[-1].header("retry-after") == "1"
    assert Browser().get(path, headers=GIVEN).status_code == 200, "another address"
    there = Browser(REMOTE_ADDR="192.0.2.1").get(path, headers=GIVEN)
    assert (there.status_code, there.content) == (429, limited[-1].body)


OTHERS: list[dict[str, Any]] = [
    {"method": "OPTIONS"},
    {"method": "POST", "body": b"{}"},
    {"method": "GET", "query": b"x=1"},
    {"method": "GET", "body": b"{}"},
    {"method": "GET", "headers": {"transfer-encoding": "chunked"}},
]


@pytest.mark.parametrize("path", ["/api/v1/codes/{code}", "/s/-/{store}/widget.json"])
@pytest.mark.parametrize("options", OTHERS)
def test_what_is_not_plain_is_left_to_django(client, store, ana, monkeypatch, path, options):
    async def never(self, scope, receive, send):
        raise AssertionError

    monkeypatch.setattr("wordmouth.api.doors.CodeDoor.__call__", never)
    monkeypatch.setattr("wordmouth.storefront.doors.WidgetDoor.__call__", never)
    request = Request(path=path.format(code=ana.code, store=store.id), **options)
    assert client.together([request])[0].status < 500


def test_addresses_beside_them_are_djangos(client):
    for path in ("/api/v1/codes/", "/api/v1/codes/a/b", "/s/-/widget.json", "/s/-/a/b/widget.json"):
        assert client.request("GET", path).status == 404


@pytest.mark.parametrize("path", ["/api/v1/codes/ANA-123", "/s/-/str_x/widget.json"])
def test_without_a_database_they_ask_to_come_again(client, monkeypatch, path):
    def broken(*given: Any) -> None:
        raise Unavailable("The database does not answer.", 2)

    async def not_now(*given: Any) -> None:
        raise NotNow

    monkeypatch.setattr(SetReader, "__call__", not_now)
    monkeypatch.setattr("wordmouth.api.codes.read_set", broken)
    monkeypatch.setattr("wordmouth.storefront.widget.stores.store", broken)
    answer = client.request("GET", path)
    assert (answer.status, answer.json()["code"]) == (503, "unavailable")
    assert answer.header("retry-after")


@pytest.mark.postgresql_only("it is about a server that may restart")
def test_connections_that_were_cut_are_made_anew(client, ana, watch):
    path = f"/api/v1/codes/{ana.code}"
    for _ in range(2):
        assert client.request("GET", path).status == 200
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, %s) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                [int(PATIENCE * 1000)],
            )
            assert all(ended for (ended,) in cursor.fetchall())
        watch.move(1.001)


def test_codes_are_looked_up_in_sets(client, store, sets):
    known = [enrol(store, f"a{number}@example.com", "Ana").code for number in range(40)]
    requests = [Request("GET", f"/api/v1/codes/{code}") for code in known]
    for _ in range(2):
        answers = client.together(requests)
        assert [answer.json()["code"] for answer in answers] == known
    assert sets == ["40 of codes"], "a warm look-up asks nothing"


def test_a_change_is_told_within_a_second(client, store, ana, watch):
    paths = (f"/api/v1/codes/{ana.code}", f"/s/-/{store.id}/widget.json")
    before = [client.request("GET", path).body for path in paths]
    set_status(store, "paused")
    watch.move(1.001)
    assert all(client.request("GET", path).body not in before for path in paths)
    set_status(store, "live")
    with store_write(store.id):
        advocates.leave(ana.id)
    watch.move(1.001)
    assert [client.request("GET", path).status for path in paths] == [404, 200]


def test_the_language_is_the_one_that_django_would_speak(settings):
    assert site_headers.language_of(b"de", b"") == "en"
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    site_headers._negotiated.cache_clear()
    told = [
        site_headers.language_of(*given)
        for given in [(b"de-AT, en;q=0.5", b""), (b"fr", b""), (b"", b"django_language=de; x=1")]
    ]
    assert told == ["de", "en", "de"]
