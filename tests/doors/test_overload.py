"""More than can be stored or answered: refused in words, bounded, and nothing said that is not so.

The database is held still, so that no test depends on how quick anything is.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from django_scopes import scopes_disabled

from tests.doors.conftest import order_body, signed
from tests.doors.test_deliveries import Held
from tests.harness.asgi import PHONE, Client, Request, living
from tests.harness.patience import PATIENCE, until
from wordmouth.advocates import services as advocates
from wordmouth.inbox.models import Delivery
from wordmouth.kit import asgi
from wordmouth.kit.group_commit import GroupWriter
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.tests.samples import give_10
from wordmouth.project.asgi import build
from wordmouth.stores import services as stores
from wordmouth.stores.facts import Created
from wordmouth.stores.transactions import store_write
from wordmouth.visits.models import Visit

ROOM = 20


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal is told at once."""
    monkeypatch.setattr(asgi, "_PAUSES", cycle([0.0]))


class Stage:
    """The application on a database that commits when it is let, and a row that it is writing."""

    def __init__(self, client: Client, held: Held, writer: GroupWriter) -> None:
        self.client, self.held, self.writer = client, held, writer

    def begin(self, request: Request) -> Any:
        """A request that is given all the time it needs to be answered or to wait."""
        before = len(self.writer._waiting)
        begun = self.client.begin(request)
        until(lambda: begun.done() or len(self.writer._waiting) > before)
        return begun

    def hold(self, request: Request) -> Any:
        """A request whose row is being written."""
        begun = self.client.begin(request)
        assert self.held.reached.wait(PATIENCE)
        return begun


@pytest.fixture
def stage(shop: Created) -> Iterator[Stage]:
    held = Held()
    application = build(worker=False)
    writer = GroupWriter(held, batch=4, room=ROOM)
    application._doors = type(application._doors)(
        application._doors.deliveries._verifiers, lambda: None, writer
    )
    with living(application) as client:
        yield Stage(client, held, writer)
        held.go_on.set()


def delivery(shop: Created, number: int, size: int = 0) -> Request:
    body = order_body(str(number), note="x" * size)
    headers = signed(shop.webhook_secret, body, f"msg_{number}")
    return Request("POST", f"/in/{shop.store.id}/generic", headers, body)


def keys() -> list[str]:
    with scopes_disabled():
        return [row.key for row in Delivery.objects.order_by("seq")]


def test_a_storm_of_deliveries_is_refused_at_the_bound_and_what_was_told_is_stored(stage, shop):
    known = stage.client.request("POST", f"/in/{shop.store.id}/generic")
    assert known.status == 401
    quiet = stores.create_store("Kontor")
    waiting = [stage.hold(delivery(shop, 0))]
    waiting += [stage.begin(delivery(shop, number)) for number in range(1, ROOM // 2 + 1)]
    refused = [stage.begin(delivery(shop, number)).result(PATIENCE) for number in range(50, 150)]
    assert {answer.status for answer in refused} == {429}
    assert {answer.header("retry-after") for answer in refused} == {"1"}
    assert {answer.json()["code"] for answer in refused} == {"store_busy"}
    assert {answer.taken for answer in refused} == {0}, "no body is read, and so none is kept"
    assert len(stage.writer._waiting) == ROOM // 2
    beside = stage.begin(delivery(quiet, 0))
    assert not beside.done()
    assert not any(begun.done() for begun in waiting), "nothing is acknowledged before its commit"
    stage.held.go_on.set()
    told = [begun.result(PATIENCE) for begun in [*waiting, beside]]
    assert {answer.status for answer in told} == {202}
    assert sorted(keys()) == sorted(answer.json()["delivery"] for answer in told)
    # The other store's came last; it was stored with the first batch after the one that was held.
    assert keys().index(told[-1].json()["delivery"]) <= 4
    again = stage.client.begin(delivery(shop, 50)).result(PATIENCE)
    assert again.status == 202


def test_when_all_room_is_taken_everybody_is_told_so(stage, shop):
    others = [stores.create_store(f"Store {number}") for number in range(6)]
    stage.hold(delivery(shop, 0))
    begun = [stage.begin(delivery(shop, number)) for number in range(1, ROOM)]
    for other in others[:-1]:
        begun += [stage.begin(delivery(other, number)) for number in range(ROOM)]
    last = stage.begin(delivery(others[-1], 0)).result(PATIENCE)
    assert (last.status, last.json()["code"]) == (503, "overloaded")
    assert last.header("retry-after") == "1"
    assert len(stage.writer._waiting) == ROOM
    stage.held.go_on.set()
    answers = [each.result(PATIENCE) for each in begun]
    assert {answer.status for answer in answers} == {202, 429, 503}
    stored = [answer for answer in answers if answer.status == 202]
    assert len(keys()) == len(stored) + 1
    assert stage.client.begin(delivery(others[-1], 0)).result(PATIENCE).status == 202


def test_a_storm_of_clicks_is_refused_at_the_bound(stage, shop):
    with store_write(shop.store.id):
        programs.apply_document(give_10(), by="test")
        ana = advocates.enrol(shop.store.id, CustomerSnapshot(email="ana@example.com"))
    click = Request("GET", f"/r/{ana.code}", {"user-agent": PHONE})
    begun = [stage.hold(click)]
    begun += [stage.begin(click) for _ in range(100)]
    refused = [each.result(0) for each in begun if each.done()]
    assert len(refused) == 100 - ROOM // 2
    assert {answer.status for answer in refused} == {429}
    assert {answer.header("retry-after") for answer in refused} == {"1"}
    assert not any(answer.header("set-cookie") for answer in refused)
    stage.held.go_on.set()
    answers = [each.result(PATIENCE) for each in begun]
    assert [answer.status for answer in answers].count(302) == ROOM // 2 + 1
    with scopes_disabled():
        assert Visit.objects.count() == ROOM // 2 + 1


class Slow:
    """Django, answering when the test lets it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go_on = threading.Event()

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"])
        assert self.go_on.wait(PATIENCE)
        start_response("200 OK", [])
        return [b"page"]


def test_pages_wait_in_turn_and_not_without_end(shop):
    application = build(worker=False)
    slow = Slow()
    application._django.app = slow
    with living(application) as client:
        storm = [client.begin(Request("GET", f"/s/teehaus/{number}")) for number in range(300)]
        until(lambda: len(slow.asked) == 8)
        until(lambda: sum(each.done() for each in storm) == 300 - 8 - 64)
        refused = [each.result(0) for each in storm if each.done()]
        assert {answer.status for answer in refused} == {429}
        assert {answer.header("retry-after") for answer in refused} == {"1"}
        other = client.begin(Request("GET", "/s/kontor/me"))
        client.catch_up()
        assert len(slow.asked) == 8
        slow.go_on.set()
        assert other.result(PATIENCE).status == 200
        answers = [each.result(PATIENCE).status for each in storm]
        assert answers.count(200) == 8 + 64
        assert "/s/kontor/me" in slow.asked[8:10], "it came last and waited for one of the others"
        assert client.request("GET", "/s/teehaus/me").status == 200


def test_bodies_that_come_slowly_have_a_limit_together(shop, client, monkeypatch):
    monkeypatch.setattr(asgi, "UNFINISHED", asgi.Unfinished(100_000))
    chunks = [b"x" * 60_000] * 2
    headers = signed(shop.webhook_secret, b"".join(chunks))
    door = f"/in/{shop.store.id}/generic"
    assert client.request("POST", door, headers=headers, body=chunks).status == 202
    answer = client.request("POST", door, headers=headers, body=[*chunks, b"", b"x"])
    assert (answer.status, answer.json()["code"]) == (503, "overloaded")
    page = client.request("POST", "/api/v1/orders", body=[b"x" * 60_000] * 3)
    assert (page.status, page.json()["code"]) == (503, "overloaded")
    assert asgi.UNFINISHED.left == 100_000
    assert client.request("POST", door, headers=headers, body=chunks).status == 202


@pytest.mark.parametrize(
    ("method", "headers", "words"),
    [
        ("GET", {"accept": "text/html,*/*"}, "tries again by itself"),
        ("POST", {"accept": "text/html"}, "send it again"),
        ("GET", {"accept": "application/json"}, "store_busy"),
        ("GET", {}, "store_busy"),
    ],
)
def test_a_browser_that_finds_no_room_gets_a_page(shop, method, headers, words):
    application = build(worker=False)
    slow = Slow()
    application._django.app = slow
    with living(application) as client:
        storm = [client.begin(Request("GET", f"/s/teehaus/{number}")) for number in range(72)]
        until(lambda: len(slow.asked) == 8)
        answer = client.request(method, "/s/teehaus/me", headers=headers)
        slow.go_on.set()
        assert {each.result(PATIENCE).status for each in storm} == {200}
    assert (answer.status, answer.header("retry-after")) == (429, "1")
    is_page = answer.header("content-type") == "text/html; charset=utf-8"
    assert is_page == ("text/html" in headers.get("accept", ""))
    assert words in answer.body.decode()
    assert ('http-equiv="refresh"' in answer.body.decode()) == (is_page and method == "GET")
    assert not is_page or "default-src 'none'" in (answer.header("content-security-policy") or "")
