"""The delivery door, in the whole application on a real database."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django_scopes import scopes_disabled

from tests.doors.conftest import order_body, signed
from tests.harness.asgi import Client, Request, living
from tests.harness.patience import PATIENCE, until
from wordmouth.inbox import queries, refusals, services
from wordmouth.inbox.doors import LIMIT
from wordmouth.inbox.models import Delivery
from wordmouth.kit import clock
from wordmouth.kit.group_commit import GroupWriter, Overloaded, Unavailable, Work, Writer, resolve
from wordmouth.kit.prompt import NotNow
from wordmouth.kit.prompt_writer import PromptWriter
from wordmouth.kit.signing import new_secret
from wordmouth.project.asgi import build
from wordmouth.project.durable import durable_database, prompt_database
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write


@pytest.fixture
def door(shop) -> str:
    return f"/in/{shop.store.id}/generic"


def rows() -> list[Delivery]:
    with scopes_disabled():
        return list(Delivery.objects.order_by("seq"))


def send(client: Client, shop, body: bytes, message: str = "msg_1", **options):
    headers = signed(shop.webhook_secret, body, message, **options)
    return client.request("POST", f"/in/{shop.store.id}/generic", headers=headers, body=body)


def test_a_delivery_is_stored_as_it_came(client, shop):
    body = order_body(note="größer €")
    before = clock.now()
    answer = send(client, shop, body)
    assert answer.status == 202
    assert answer.header("content-type") == "application/json"
    (row,) = rows()
    assert answer.json() == {"delivery": row.key}
    assert row.key.startswith("dlv_")
    assert bytes(row.body or b"") == body
    assert (row.state, row.attempts, row.adapter) == ("received", 0, "generic")
    assert before <= row.received_at <= clock.now()
    with store_read(shop.store.id):
        claimed = services.claim_batch(shop.store.id, 10)
    assert claimed[0].headers["webhook-id"] == "msg_1"
    assert queries.stores_with_work() == [shop.store.id]


def test_credentials_in_headers_are_not_kept(client, shop, door):
    body = order_body()
    headers = {**signed(shop.webhook_secret, body), "authorization": "Basic abc", "cookie": "a=b"}
    assert client.request("POST", door, headers=headers, body=body).status == 202
    assert "abc" not in rows()[0].headers
    assert "cookie" not in rows()[0].headers


def test_the_same_delivery_again_is_the_same_answer_and_one_row(client, shop):
    first = send(client, shop, order_body())
    second = send(client, shop, order_body())
    assert second.status == 202
    assert second.json() == first.json()
    assert len(rows()) == 1


def test_twenty_connections_at_once_make_one_row(client, shop, door):
    body = order_body()
    headers = signed(shop.webhook_secret, body)
    answers = client.together([Request("POST", door, headers, body) for _ in range(20)])
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body for answer in answers}) == 1
    assert len(rows()) == 1


def test_the_same_id_in_two_stores_is_two_deliveries(client, shop):
    other = stores.create_store("Kaffeehaus")
    answers = [send(client, either, order_body()) for either in (shop, other)]
    assert [answer.status for answer in answers] == [202, 202]
    assert answers[0].json() != answers[1].json()
    assert len(rows()) == 2


def test_the_rest_way_stores_what_the_door_stores(client, shop):
    body = order_body()
    send(client, shop, body, "msg_1")
    with store_write(shop.store.id):
        headers = {"webhook-id": "msg_2", "authorization": "Bearer x"}
        key = services.receive(shop.store.id, "generic", "msg_2", headers, body)
        again = services.receive(shop.store.id, "generic", "msg_2", headers, body)
        same = services.receive(shop.store.id, "generic", "msg_1", headers, body)
    assert key == again
    by_door, by_rest = rows()
    assert (by_door.key, by_rest.key) == (same, key)
    different = {"seq", "key", "received_at", "headers", "_state"}
    alike = [{k: v for k, v in vars(r).items() if k not in different} for r in rows()]
    alike = [{**row, "body": bytes(row["body"])} for row in alike]
    assert alike[0] == alike[1]
    with store_read(shop.store.id):
        assert [d.size for d in queries.page()] == [len(body), len(body)]


@pytest.mark.parametrize(("age", "status"), [(299, 202), (301, 401), (-299, 202), (-301, 401)])
def test_a_signature_holds_for_300_seconds(client, shop, age, status):
    body = order_body()
    now = clock.now().replace(microsecond=0)
    with clock.using(clock.SetClock(now)):
        answer = send(client, shop, body, at=now - timedelta(seconds=age))
    assert answer.status == status
    assert len(rows()) == (status == 202)
    if status == 401:
        assert answer.json()["code"] == "bad_signature"
        assert "300 s" in answer.json()["detail"]


def test_every_flipped_bit_of_the_body_is_noticed(client, shop, door):
    body = order_body()
    headers = signed(shop.webhook_secret, body)
    flipped = []
    for place in range(0, len(body) * 8, 7):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        flipped.append(Request("POST", door, headers, bytes(changed)))
    assert {answer.status for answer in client.together(flipped)} == {401}
    assert rows() == []


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_changed_or_missing_header_is_noticed(client, shop, door, name):
    body = order_body()
    good = signed(shop.webhook_secret, body)
    changed = []
    for place in range(len(good[name])):
        text = good[name]
        sign = "0" if text[place] != "0" else "1"
        changed.append(text[:place] + sign + text[place + 1 :])
    changed += ["", " ", good[name] + "0", good[name][:-1], "é" * 5, "9" * 400]
    requests = [Request("POST", door, {**good, name: value}, body) for value in changed]
    requests.append(Request("POST", door, {k: v for k, v in good.items() if k != name}, body))
    answers = client.together(requests)
    assert {answer.status for answer in answers} == {401}
    assert answers[-1].json()["detail"].endswith("is missing.")
    assert rows() == []


def test_every_live_secret_opens_the_door_and_no_other(client, shop, door, watch):
    new = new_secret()
    body = order_body()
    stranger = client.request("POST", door, headers=signed(new, body), body=body)
    assert (stranger.status, stranger.json()["code"]) == (401, "bad_signature")
    refused = refusals.last(shop.store.id, "generic")
    assert refused is not None, "somebody who connects a shop can see why"
    assert refused.why == "no signature matches a secret of this store"
    stores.update_connection(shop.store.id, "generic", add_secret=new)
    watch.move(1.001)
    assert client.request("POST", door, headers=signed(new, body, "m2"), body=body).status == 202
    assert send(client, shop, body, "m3").status == 202


def test_malformed_content_with_a_good_signature_is_stored(client, shop):
    for number, body in enumerate([b"{not json", b"", b"\x00\xff\xfe", b"[]"]):
        assert send(client, shop, body, f"msg_{number}").status == 202
    assert [bytes(row.body or b"") for row in rows()] == [b"{not json", b"", b"\x00\xff\xfe", b"[]"]


def test_the_largest_body_is_taken_and_one_more_byte_is_not(client, shop, door):
    assert send(client, shop, b"x" * LIMIT, "largest").status == 202
    answer = send(client, shop, b"x" * (LIMIT + 1), "larger")
    assert (answer.status, answer.json()["code"]) == (413, "too_large")
    assert answer.taken == 0, "a length that is told beforehand needs no reading"
    assert len(rows()) == 1


def test_a_body_in_chunks_is_cut_off_where_it_gets_too_long(client, shop, door):
    chunks = [b"x" * 64 * 1024] * 4
    headers = signed(shop.webhook_secret, b"".join(chunks), "chunks")
    assert client.request("POST", door, headers=headers, body=chunks).status == 202
    answer = client.request("POST", door, headers=headers, body=[*chunks, b"x", *chunks * 50])
    assert (answer.status, answer.json()["code"]) == (413, "too_large")
    assert answer.taken == 5, "what comes after the limit must not be read"
    assert answer.header("connection") == "close"


def test_a_false_length_is_refused(client, shop, door):
    headers = {**signed(shop.webhook_secret, b""), "content-length": "-1"}
    assert client.request("POST", door, headers=headers).status == 413


NOWHERE = [
    ("/in/str_00000000000000000000000000/generic", "unknown_store"),
    ("/in/{id}/nosuchshop", "unknown_adapter"),
    ("/in/{id}/oscar", "unknown_adapter"),
    ("/in/{id}", "unknown_store"),
    ("/in/{id}/generic/", "unknown_store"),
    ("/in/{id}/generic/more", "unknown_store"),
    ("/in/ /generic", "unknown_store"),
    ("/in/{id}\0/generic", "unknown_store"),
    ("/in/str_';--/generic", "unknown_store"),
    ("/in/../generic", "unknown_store"),
    ("/in/", "unknown_store"),
]


def test_addresses_that_lead_nowhere(client, shop):
    body = order_body()
    headers = signed(shop.webhook_secret, body)
    for path, code in NOWHERE:
        answer = client.request("POST", path.format(id=shop.store.id), headers=headers, body=body)
        assert (answer.status, answer.json()["code"]) == (404, code), path
        assert answer.header("content-type") == "application/problem+json"
        assert set(answer.json()) == {"type", "title", "status", "code", "detail"}


def test_a_new_store_is_known_at_once(client, shop):
    body = order_body()
    unknown = "/in/str_00000000000000000000000000/generic"
    assert client.request("POST", unknown, body=body).status == 404
    assert send(client, stores.create_store("Neu"), body).status == 202


def test_only_post_delivers(client, door):
    for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = client.request(method, door)
        assert (answer.status, answer.header("allow")) == (405, "POST")


def test_one_who_hangs_up_in_the_middle_leaves_nothing(client, shop, door):
    async def gone(scope, receive, send):
        messages = iter(
            [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
        )

        async def interrupted():
            return next(messages)

        answered = []

        async def keep(message):
            answered.append(message)

        await client._app(scope, interrupted, keep)
        assert answered == []
        await send({"type": "http.response.start", "status": 299, "headers": []})

    other = Client(gone, client._loop)
    assert other.request("POST", door, headers=signed(shop.webhook_secret, b"{")).status == 299
    assert rows() == []


class Held:
    """The real database, committing only when the test lets it."""

    def __init__(self) -> None:
        self._database = durable_database()
        self.open, self.rest, self.close = (
            self._database.open,
            self._database.rest,
            self._database.close,
        )
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def write(self, work: Work) -> None:
        self.reached.set()
        assert self.go_on.wait(PATIENCE)
        self._database.write(work)


class HeldPrompt:
    """The same for the event loop."""

    def __init__(self, held: Held) -> None:
        self._held = held
        self._prompt = prompt_database()
        self.open, self.read, self.close = (
            self._prompt.open,
            self._prompt.read,
            self._prompt.close,
        )

    async def write(self, work: Work) -> None:
        self._held.reached.set()
        await asyncio.to_thread(self._held.go_on.wait, PATIENCE)
        while True:
            with contextlib.suppress(NotNow):
                return await self._prompt.write(work)
            await asyncio.sleep(0.01)


def acknowledged_before_commit(shop, make_writer: Callable[[Held], Writer]) -> bool:
    """Whether the door says yes while the commit is held up."""
    held = Held()
    application = build(worker=False)
    application._doors = type(application._doors)(
        application._doors.deliveries._verifiers, lambda: None, make_writer(held)
    )
    with living(application) as client:
        body = order_body()
        headers = signed(shop.webhook_secret, body)
        answer = client.begin(Request("POST", f"/in/{shop.store.id}/generic", headers, body))
        assert held.reached.wait(PATIENCE)
        client.catch_up()
        early = bool(answer.done())
        assert rows() == []
        held.go_on.set()
        assert answer.result(PATIENCE).status == 202
        until(rows)
    assert len(rows()) == 1
    return early


class Hasty(GroupWriter):
    """Tells before the commit."""

    def _write(self, waiting):
        self._tell(waiting, None)
        super()._write(waiting)


class HastyLoop(PromptWriter):
    """The same on the event loop."""

    async def _write(self, waiting):
        resolve([row.future for row, _ in waiting], None)
        await super()._write(waiting)


def on_the_loop(kind: type[PromptWriter]) -> Callable[[Held], Writer]:
    return lambda held: kind(HeldPrompt(held), GroupWriter(durable_database()))


@pytest.mark.parametrize("make", [GroupWriter, on_the_loop(PromptWriter)], ids=["thread", "loop"])
def test_no_yes_before_the_commit(shop, make):
    assert not acknowledged_before_commit(shop, make)


@pytest.mark.parametrize("make", [Hasty, on_the_loop(HastyLoop)], ids=["thread", "loop"])
def test_a_yes_before_the_commit_would_be_caught(shop, make):
    assert acknowledged_before_commit(shop, make)


@pytest.mark.parametrize(
    ("trouble", "code", "seconds"),
    [(Overloaded(9), "overloaded", "1"), (Unavailable("disk full"), "unavailable", "2")],
)
def test_what_cannot_be_stored_is_not_acknowledged(
    client, shop, monkeypatch, trouble, code, seconds
):
    async def refuse(self, *row):
        raise trouble

    monkeypatch.setattr(PromptWriter, "write", refuse)
    answer = send(client, shop, order_body())
    assert (answer.status, answer.json()["code"]) == (503, code)
    assert answer.header("retry-after") == seconds
    assert rows() == []


def test_the_worker_is_woken_after_the_commit(shop):
    woken: list[int] = []
    application = build(worker=False)
    application._doors.deliveries._wake = lambda: woken.append(len(rows_from_thread()))

    def rows_from_thread() -> list[Delivery]:
        found: list[Delivery] = []
        thread = threading.Thread(target=lambda: found.extend(rows_and_close()))
        thread.start()
        thread.join()
        return found

    with living(application) as client:
        assert send(client, shop, order_body()).status == 202
    assert woken == [1]


def rows_and_close() -> list[Delivery]:
    from django.db import connection

    try:
        return rows()
    finally:
        connection.close()
