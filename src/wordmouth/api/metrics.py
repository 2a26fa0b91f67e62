"""`GET /metrics`: how the installation stands, for Prometheus.

The numbers are asked of the database when somebody looks, so that every process answers the
same. They are of the whole installation and name no store.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Info, generate_latest

from wordmouth import __version__
from wordmouth.api.errors import MethodRefused, Unauthorized
from wordmouth.api.limits import client_address
from wordmouth.api.problems import problem_response
from wordmouth.inbox import queries as inbox
from wordmouth.kit import clock
from wordmouth.kit.errors import WordmouthError
from wordmouth.ledger import queries as ledger
from wordmouth.outbox import queries as outbox
from wordmouth.stores import queries as stores

_LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them; to whoever has the token or sits on this machine."""
    try:
        _check(request)
    except WordmouthError as error:
        return problem_response(request, error)
    response = HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _check(request: HttpRequest) -> None:
    if request.method not in ("GET", "HEAD"):
        raise MethodRefused(f"{request.method} is not taken here", "GET, HEAD")
    token = str(settings.METRICS_TOKEN)
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise Unauthorized("send Authorization: Bearer and WORDMOUTH_METRICS_TOKEN")
    elif client_address(request) not in _LOOPBACK or "X-Forwarded-For" in request.headers:
        raise Unauthorized("set WORDMOUTH_METRICS_TOKEN to read this from another machine")


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()

    def gauge(name: str, text: str, value: float) -> None:
        Gauge(f"wordmouth_{name}", text, registry=registry).set(value)

    Info("wordmouth", "The version that answers", registry=registry).info({"version": __version__})
    gauge("stores", "Stores", stores.count())
    gauge("ledger_postings", "Postings in the ledger", ledger.count_of_all())
    _inbox(gauge)
    _outbox(gauge)
    return registry


def _inbox(gauge: Callable[[str, str, float], None]) -> None:
    backlog = inbox.backlog()
    gauge("inbox_waiting", "Deliveries that are not settled yet", backlog.waiting)
    gauge("inbox_refused", "Deliveries that can never be settled", backlog.refused)
    gauge("inbox_dead", "Deliveries given up after eight tries", backlog.dead)
    gauge("inbox_oldest_seconds", "Age of the oldest waiting delivery", _age(backlog.oldest))


def _outbox(gauge: Callable[[str, str, float], None]) -> None:
    health = outbox.health_of_all()
    gauge("effects_waiting", "Effects that are not done yet", health.waiting)
    gauge("effects_leased", "Effects that a worker is carrying out", health.leased)
    gauge("effects_done", "Effects that are done", health.done)
    gauge("effects_dead", "Effects given up; somebody has to look", health.dead)
    gauge("effects_late_seconds", "How late the latest due effect is", _age(health.oldest_due))


def _age(since: datetime | None) -> float:
    return max((clock.now() - since).total_seconds(), 0) if since else 0.0
