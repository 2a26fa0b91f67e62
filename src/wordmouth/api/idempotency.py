"""Writes that take effect once: the Idempotency-Key header.

The first request with a key reserves it, in a short write of its own that others can see. Its
reply is stored in the transaction of its effect, so neither exists without the other. Whoever
crashed in between holds the key no longer than RESERVED_FOR; should it live on after all, it
finds its reservation gone and its effect is rolled back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from wordmouth.api.answers import problem_of
from wordmouth.api.errors import (
    FieldError,
    IdempotencyInFlight,
    IdempotencyMismatch,
    RequestInvalid,
)
from wordmouth.api.models import KEPT_FOR, Reply
from wordmouth.api.problems import PROBLEM, request_id
from wordmouth.api.replies import JSON, reply
from wordmouth.kit import clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.stores.transactions import store_write

RESERVED_FOR = timedelta(seconds=60)
LONGEST_KEY = 255


class _Ticket(msgspec.Struct, frozen=True):
    """A reserved key: whoever holds it may write the reply."""

    store_id: str
    key: str
    at: datetime


def perform(
    request: HttpRequest,
    store_id: str,
    act: Callable[[], BaseModel],
    *,
    status: int = 200,
    owner: str = "",
) -> HttpResponse:
    """Run `act` in one write of the store and answer what it returns, once per key.

    `owner` sets keys of callers apart who do not share an API key (the public operations).
    Raises what `act` raises, IdempotencyMismatch, IdempotencyInFlight.
    """
    key = _key_of(request, owner)
    if key is None:
        with store_write(store_id):
            return reply(act(), status)
    found = _reserve(store_id, key, _digest(request))
    if isinstance(found, HttpResponse):
        return found
    try:
        with store_write(store_id):
            answer = reply(act(), status)
            _store(found, status, answer.content.decode())
    except WordmouthError as error:
        _settle(request, found, error)
        raise
    except BaseException:
        _release(found)
        raise
    return answer


def _key_of(request: HttpRequest, owner: str) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        message = f"takes 1 to {LONGEST_KEY} printable ASCII signs"
        raise RequestInvalid([FieldError(path="header.Idempotency-Key", message=message)])
    return f"{owner}:{hashlib.sha256(key.encode()).hexdigest()}" if owner else key


def _digest(request: HttpRequest) -> str:
    parts = (str(request.method), request.get_full_path())
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + request.body).hexdigest()


def _reserve(store_id: str, key: str, digest: str) -> _Ticket | HttpResponse:
    """Take the key, or give back the reply it already has."""
    now = clock.now()
    with store_write(store_id):
        row = Reply.objects.filter(key=key).first()
        if row is not None and now - row.created_at >= KEPT_FOR:
            row.delete()
            row = None
        if row is None:
            Reply.objects.create(store_id=store_id, key=key, digest=digest, created_at=now)
            return _Ticket(store_id, key, now)
        if row.digest != digest:
            raise IdempotencyMismatch(
                "this key came first with another method, address or body; take a new key"
            )
        if row.status is not None:
            return _replayed(row.status, row.body)
        if now - row.created_at < RESERVED_FOR:
            raise IdempotencyInFlight("the first request with this key has not ended yet; wait")
        Reply.objects.filter(id=row.id).update(created_at=now)
        return _Ticket(store_id, key, now)


def _replayed(status: int, body: str) -> HttpResponse:
    kind = JSON if status < 400 else PROBLEM
    response = HttpResponse(body, status=status, content_type=kind)
    response["Idempotent-Replayed"] = "true"
    return response


def _store(ticket: _Ticket, status: int, body: str) -> None:
    """Keep the reply, in the open write. Raises IdempotencyInFlight when the key was lost."""
    mine = Reply.objects.filter(key=ticket.key, status=None, created_at=ticket.at)
    if mine.update(status=status, body=body) == 0:
        raise IdempotencyInFlight("another request has taken over this key; nothing was done here")


def _settle(request: HttpRequest, ticket: _Ticket, error: WordmouthError) -> None:
    """A refusal is a reply too; what is our fault, or another's turn, is not."""
    if error.status >= 500 or isinstance(error, IdempotencyInFlight):
        _release(ticket)
        return
    problem = {**problem_of(error), "request_id": request_id(request)}
    with store_write(ticket.store_id):
        _store(ticket, error.status, msgspec.json.encode(problem).decode())


def _release(ticket: _Ticket) -> None:
    with store_write(ticket.store_id):
        Reply.objects.filter(key=ticket.key, status=None, created_at=ticket.at).delete()
