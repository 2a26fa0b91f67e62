"""The signed coupon endpoint, as the engine calls it."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from wordmouth_demo import signing
from wordmouth_demo.models import Coupon
from wordmouth_demo.tests.conftest import SECRET, Clock

URL = "/demo/shop/coupons"
TERMS: dict[str, Any] = {
    "code": "WM-7K3Q9X",
    "kind": "percent_off",
    "value": 10,
    "currency": "EUR",
    "min_order": 3000,
    "expires_at": "2099-01-01T00:00:00Z",
    "usage_limit": 1,
    "customer": {"id": None, "email": "Ben@Example.com"},
    "description": "Ana's gift to Ben",
}
Ask = Callable[..., Any]


def post(body: str, at: datetime, secret: str = SECRET) -> Any:
    headers = signing.sign(secret, "msg_1", at, body)
    return Client().post(URL, body, content_type="application/json", headers=headers)


@pytest.fixture
def ask(clock: Clock) -> Ask:
    def send(kind: str, data: object) -> HttpResponse:
        answer: HttpResponse = post(json.dumps({"type": kind, "data": data}), clock.now())
        return answer

    return send


def problem(answer: Any) -> tuple[int, str]:
    assert answer["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    assert told["title"]
    assert told["detail"]
    return answer.status_code, told["code"]


@pytest.mark.django_db
def test_a_coupon_is_made_once_however_often_it_is_asked_for(ask: Ask) -> None:
    answers = [ask("coupon.issue", TERMS) for _ in range(3)]
    reworded = ask("coupon.issue", TERMS | {"description": "Other words"})
    made = Coupon.objects.get()
    for answer in (*answers, reworded):
        assert answer.status_code == 200
        assert answer.json() == {
            "code": "WM-7K3Q9X",
            "state": "active",
            "times_used": 0,
            "reference": made.reference,
        }
    assert made.customer_email == "ben@example.com"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"value": 15}, {"min_order": None}, {"expires_at": None}, {"customer": None}]
)
def test_the_same_code_with_other_terms_is_a_conflict(ask: Ask, change: dict[str, Any]) -> None:
    ask("coupon.issue", TERMS)
    assert problem(ask("coupon.issue", TERMS | change)) == (409, "coupon_differs")
    assert Coupon.objects.get().value == 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "free_product"}, "kind_unsupported"),
        ({"kind": None}, "kind_unsupported"),
        ({"currency": "USD"}, "currency_unsupported"),
        ({"value": 0}, "coupon_invalid"),
        ({"value": 101}, "coupon_invalid"),
        ({"value": 2.5}, "coupon_invalid"),
        ({"value": True}, "coupon_invalid"),
        ({"code": "no spaces please"}, "coupon_invalid"),
        ({"code": None}, "coupon_invalid"),
        ({"min_order": -1}, "coupon_invalid"),
        ({"usage_limit": 0}, "coupon_invalid"),
        ({"expires_at": "tomorrow"}, "coupon_invalid"),
        ({"expires_at": "2099-01-01T00:00:00"}, "coupon_invalid"),
        ({"customer": "Ben"}, "coupon_invalid"),
    ],
)
def test_terms_that_the_shop_cannot_keep_are_refused(
    ask: Ask, change: dict[str, Any], code: str
) -> None:
    assert problem(ask("coupon.issue", TERMS | change)) == (422, code)
    assert not Coupon.objects.exists()


@pytest.mark.django_db
def test_lookup_and_revoke(ask: Ask, clock: Clock) -> None:
    assert problem(ask("coupon.lookup", {"code": "WM-NONE"})) == (404, "coupon_unknown")
    assert problem(ask("coupon.revoke", {"code": "WM-NONE"})) == (404, "coupon_unknown")
    ask("coupon.issue", TERMS)
    assert ask("coupon.lookup", {"code": "wm-7k3q9x"}).json()["state"] == "active"
    for _ in range(2):
        assert ask("coupon.revoke", {"code": "WM-7K3Q9X"}).json()["state"] == "revoked"
    assert ask("coupon.issue", TERMS).json()["state"] == "revoked"


@pytest.mark.django_db
def test_a_used_coupon_stays_used(ask: Ask) -> None:
    ask("coupon.issue", TERMS)
    Coupon.objects.update(times_used=1)
    answer = ask("coupon.revoke", {"code": "WM-7K3Q9X"}).json()
    assert (answer["state"], answer["times_used"]) == ("used", 1)


@pytest.mark.django_db
def test_a_coupon_expires_by_the_shops_clock(ask: Ask, clock: Clock) -> None:
    soon = (clock.now() + timedelta(days=3)).isoformat()
    ask("coupon.issue", TERMS | {"expires_at": soon})
    clock.move(timedelta(days=4))
    assert ask("coupon.lookup", {"code": "WM-7K3Q9X"}).json()["state"] == "expired"


@pytest.mark.django_db
def test_only_the_engine_may_ask(clock: Clock) -> None:
    body = json.dumps({"type": "coupon.issue", "data": TERMS})
    stale = clock.now() - timedelta(seconds=302)
    assert problem(post(body, clock.now(), "whsec_" + "QUJD" * 8)) == (401, "bad_signature")
    assert problem(post(body, stale)) == (401, "bad_signature")
    unsigned = Client().post(URL, body, content_type="application/json")
    assert problem(unsigned) == (401, "bad_signature")
    assert not Coupon.objects.exists()


@pytest.mark.django_db
def test_malformed_requests_are_told_so(ask: Ask, clock: Clock) -> None:
    assert problem(post("{", clock.now())) == (400, "not_json")
    assert problem(post("[]", clock.now())) == (400, "type_unknown")
    assert problem(ask("coupon.eat", {})) == (400, "type_unknown")
    assert problem(ask("coupon.issue", None)) == (400, "data_missing")
    assert problem(post(" " * 70_000, clock.now())) == (413, "too_large")
    answer = Client().get(URL)
    assert problem(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "POST"


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_coupon(ask: Ask) -> None:
    barrier, answers = threading.Barrier(4), []

    def issue() -> None:
        barrier.wait()
        try:
            answers.append(ask("coupon.issue", TERMS).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    assert Coupon.objects.count() == 1
