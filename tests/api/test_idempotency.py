"""Writes with an Idempotency-Key take effect once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.api.world import Api, World, program
from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services
from wordmouth.api import idempotency, jobs, limits, views_advocates
from wordmouth.api.models import Reply
from wordmouth.kit import clock
from wordmouth.stores.transactions import store_read, store_write

BODY = {"email": "new@acme.example.com"}


def count(world: World) -> int:
    with store_read(world.store_id):
        return len(advocates.page(100))


def replies(world: World) -> list[Any]:
    with store_read(world.store_id):
        return list(Reply.objects.values_list("key", "status"))


def test_the_same_request_again_is_answered_from_what_was_kept(world: World) -> None:
    first = world.api.post("advocates", BODY, idempotency_key="k1")
    with store_write(world.store_id):
        # What changed since does not change the reply.
        services.leave(first.data["id"])
    again = world.api.post("advocates", BODY, idempotency_key="k1")
    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


@pytest.mark.parametrize("field", ["body", "path"])
def test_another_request_with_the_key_is_422(world: World, field: str) -> None:
    world.api.post("advocates", BODY, idempotency_key="k1")
    if field == "body":
        other = world.api.post("advocates", {"email": "x@acme.example.com"}, idempotency_key="k1")
    else:
        other = world.api.put("programs/p", program("p"), idempotency_key="k1")
    assert (other.status, other.data["code"]) == (422, "idempotency_mismatch")
    assert count(world) == 2


def test_while_the_first_is_under_way_it_is_409(
    world: World, set_clock: clock.SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_release", lambda ticket: None)
    monkeypatch.setattr(views_advocates, "enrol", _crash)
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 500
    monkeypatch.undo()
    set_clock.move(timedelta(seconds=59))
    busy = world.api.post("advocates", BODY, idempotency_key="k1")
    assert (busy.status, busy.data["code"]) == (409, "idempotency_in_flight")
    set_clock.move(timedelta(seconds=1))
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 200
    assert count(world) == 2


def test_who_was_overtaken_takes_no_effect(
    world: World, set_clock: clock.SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = views_advocates.enrol

    def slow(*given: Any) -> Any:
        shape = real(*given)
        # Sixty seconds later somebody else holds the key.
        Reply.objects.update(created_at=clock.now() + timedelta(seconds=60))
        return shape

    monkeypatch.setattr(views_advocates, "enrol", slow)
    answer = world.api.post("advocates", BODY, idempotency_key="k1")
    assert (answer.status, answer.data["code"]) == (409, "idempotency_in_flight")
    assert count(world) == 1


def test_a_refusal_is_kept_too(world: World) -> None:
    world.api.put(f"programs/{world.program}", program(world.program, status="ended"))
    first = world.api.post("advocates", BODY, idempotency_key="k1")
    assert (first.status, first.data["code"]) == (409, "no_live_program")
    world.api.put("programs/other", program("other"))
    again = world.api.post("advocates", BODY, idempotency_key="k1")
    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_request_that_breaks_rules_does_not_use_the_key_up(world: World) -> None:
    assert world.api.post("advocates", {"email": "x"}, idempotency_key="k1").status == 422
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 200


def test_a_fault_of_ours_is_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views_advocates, "enrol", _crash)
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 500
    monkeypatch.undo()
    assert replies(world) == []
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 200


def test_effect_and_reply_are_one_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("power cut between effect and reply")

    monkeypatch.setattr(idempotency, "_store", broken)
    assert world.api.post("advocates", BODY, idempotency_key="k1").status == 500
    assert count(world) == 1


def test_after_a_day_the_key_is_free(world: World, set_clock: clock.SetClock) -> None:
    world.api.post("advocates", BODY, idempotency_key="k1")
    set_clock.move(timedelta(hours=24) - timedelta(seconds=1))
    assert jobs.prune() == 0
    assert world.api.post("advocates", {"email": "x@y.example"}, idempotency_key="k1").status == 422
    set_clock.move(timedelta(seconds=1))
    assert world.api.post("advocates", {"email": "x@y.example"}, idempotency_key="k1").status == 200
    set_clock.move(timedelta(hours=24))
    assert jobs.prune() == 1
    assert replies(world) == []


@pytest.mark.parametrize("key", ["", "x" * 256, "t\u00e4t"])
def test_a_key_has_1_to_255_plain_signs(world: World, key: str) -> None:
    answer = world.api.post("advocates", BODY, idempotency_key=key)
    assert answer.status == 422
    assert answer.data["errors"][0]["path"] == "header.Idempotency-Key"
    assert world.api.post("advocates", BODY, idempotency_key="x" * 255).status == 200


def test_keys_of_two_stores_do_not_meet(world: World) -> None:
    other = World("other")
    first = world.api.post("advocates", BODY, idempotency_key="k1")
    second = other.api.post("advocates", BODY, idempotency_key="k1")
    assert "Idempotent-Replayed" not in second.headers
    assert first.data["id"] != second.data["id"]


def test_public_keys_of_two_callers_do_not_meet(world: World) -> None:
    body = {"code": world.code, "email": "fe@acme.example.com"}
    first = world.public.post("claims", body, idempotency_key="k1")
    again = world.public.post("claims", body, idempotency_key="k1")
    assert again.headers["Idempotent-Replayed"] == "true"
    other = Api()
    other.client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    theirs = other.post("claims", {**body, "email": "x@acme.example.com"}, idempotency_key="k1")
    assert (first.status, theirs.status) == (200, 200)
    assert "Idempotent-Replayed" not in theirs.headers


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_take_effect_once() -> None:
    for limit in limits.ALL:
        limit.reset()
    world = World("acme")
    before = count(world)
    start = threading.Barrier(10)
    found: list[tuple[int, str]] = []

    def send() -> None:
        start.wait()
        answer = Api(world.key).post("advocates", BODY, idempotency_key="k1")
        found.append((answer.status, answer.data.get("id") or answer.data["code"]))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in found} <= {200, 409}
    assert {what for status, what in found if status == 409} <= {"idempotency_in_flight"}
    assert len({what for status, what in found if status == 200}) == 1
    assert count(world) == before + 1


def _crash(*_: object) -> None:
    raise RuntimeError("a crash")
