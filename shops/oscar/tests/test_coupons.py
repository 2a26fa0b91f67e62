"""The coupon endpoint: what it makes, what it refuses, and what happens twice or at once."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import buying
import pytest
from buying import Browser
from conftest import coupon
from django.db import connection
from django.test import Client
from oscar.core.loading import get_model
from receiver import SECRET

from wordmouth_oscar import coupons
from wordmouth_oscar.models import IssuedCoupon
from wordmouth_oscar.signing import secret_bytes, signed_headers
from wordmouth_oscar.terms import parse_terms

Voucher = get_model("voucher", "Voucher")
ConditionalOffer = get_model("offer", "ConditionalOffer")
OTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhlLXRlc3Rz"


def spend(product: int, code: str, email: str = "friend@example.com") -> str:
    browser = Browser()
    buying.add(browser, product, 2)
    buying.add_voucher(browser, code)
    return buying.checkout(browser, email)


def test_issue_answers_with_the_state(goods, issue):
    state = issue("WM-AAAA")
    voucher = Voucher.objects.get(code="WM-AAAA")
    assert state == {
        "code": "WM-AAAA",
        "state": "active",
        "times_used": 0,
        "reference": f"voucher/{voucher.pk}",
    }
    assert voucher.name == "A friend's welcome (WM-AAAA)"
    assert voucher.usage == Voucher.SINGLE_USE


def test_the_same_terms_again_change_nothing(goods, issue):
    first = issue("WM-AAAA", description="One wording")
    assert issue("wm-aaaa", description="Another wording") == first
    assert Voucher.objects.count() == ConditionalOffer.objects.count() == 1


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"value": 20}, "value"),
        ({"min_order": 100}, "min_order"),
        ({"expires_at": "2030-01-01T00:00:00Z"}, "expires_at"),
        ({"usage_limit": 2}, "usage_limit"),
        ({"customer": {"id": None, "email": "x@example.com"}}, "customer_email"),
    ],
)
def test_other_terms_for_the_same_code_conflict(goods, issue, ask, terms, named):
    issue("WM-AAAA")
    answer = ask("coupon.issue", coupon("WM-AAAA", **terms))
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "terms_differ"
    assert named in problem["detail"]


def test_the_same_moment_in_another_time_zone_is_the_same_term(goods, issue):
    issue("WM-AAAA", expires_at="2030-01-01T02:00:00+02:00")
    issue("WM-AAAA", expires_at="2030-01-01T00:00:00Z")


def test_a_voucher_of_the_shops_own_is_not_taken_over(goods, ask):
    now = datetime.now(UTC)
    Voucher.objects.create(
        name="Own", code="SUMMER", start_datetime=now, end_datetime=now + timedelta(days=1)
    )
    answer = ask("coupon.issue", coupon("SUMMER"))
    assert (answer.status_code, answer.json()["code"]) == (409, "code_taken")
    assert not IssuedCoupon.objects.exists()
    assert ask("coupon.lookup", {"code": "SUMMER"}).status_code == 404
    assert ask("coupon.revoke", {"code": "SUMMER"}).status_code == 404


@pytest.mark.parametrize(
    ("terms", "status", "code"),
    [
        ({"kind": "early_access"}, 422, "unsupported_kind"),
        ({"kind": "free_product"}, 400, "invalid_coupon"),
        ({"kind": "free_product", "product": ""}, 400, "invalid_coupon"),
        ({"kind": "free_product", "product": 9}, 400, "invalid_coupon"),
        ({"kind": "free_product", "product": "987654"}, 422, "unknown_product"),
        ({"kind": "free_product", "product": "TEA-9"}, 422, "unknown_product"),
        ({"kind": None}, 422, "unsupported_kind"),
        ({"kind": ["percent_off"]}, 422, "unsupported_kind"),
        ({"value": 0}, 400, "invalid_coupon"),
        ({"value": 101}, 400, "invalid_coupon"),
        ({"value": -5}, 400, "invalid_coupon"),
        ({"value": "10"}, 400, "invalid_coupon"),
        ({"value": True}, 400, "invalid_coupon"),
        ({"value": 10.5}, 400, "invalid_coupon"),
        ({"currency": "euro"}, 400, "invalid_coupon"),
        ({"kind": "amount_off", "value": 500, "currency": "USD"}, 422, "currency_mismatch"),
        ({"min_order": 100, "currency": "USD"}, 422, "currency_mismatch"),
        ({"min_order": -1}, 400, "invalid_coupon"),
        ({"expires_at": "tomorrow"}, 400, "invalid_coupon"),
        ({"expires_at": "2030-01-01T00:00:00"}, 400, "invalid_coupon"),
        ({"expires_at": 1893456000}, 400, "invalid_coupon"),
        ({"usage_limit": 0}, 400, "invalid_coupon"),
        ({"customer": "x@example.com"}, 400, "invalid_coupon"),
        ({"customer": {"email": "no-at-sign"}}, 400, "invalid_coupon"),
        ({"description": 5}, 400, "invalid_coupon"),
        ({"code": "WM AAAA"}, 400, "invalid_coupon"),
        ({"code": ""}, 400, "invalid_coupon"),
        ({"code": "x" * 65}, 400, "invalid_coupon"),
        ({"code": None}, 400, "invalid_coupon"),
    ],
)
def test_bad_terms_are_refused_and_leave_nothing(goods, ask, terms, status, code):
    answer = ask("coupon.issue", {**coupon("WM-AAAA"), **terms})
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["title"]
    assert problem["detail"]
    assert not Voucher.objects.exists()
    assert not IssuedCoupon.objects.exists()


def test_an_unknown_kind_names_the_possible_ones(goods, ask):
    detail = ask("coupon.issue", coupon("WM-AAAA", kind="cash")).json()["detail"]
    assert "percent_off, amount_off, free_shipping, free_product" in detail


def test_amount_off_is_given_once_a_basket(goods, issue):
    issue("WM-FIVE", kind="amount_off", value=550, min_order=1000)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 4)
    buying.add_voucher(browser, "WM-FIVE")
    assert "€94.50" in browser.get("/basket/").text


def test_min_order_holds_back_the_discount_until_it_is_reached(goods, issue):
    issue("WM-MIN", min_order=3000)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-MIN")
    assert "does not qualify" in browser.get("/basket/").text
    buying.add(browser, goods["CUP-1"], 1)
    buying.add_voucher(browser, "WM-MIN")
    assert "€33.75" in browser.get("/basket/").text


def test_free_shipping_takes_the_charge_away(goods, issue, ask, receiver):
    issue("WM-SHIP", kind="free_shipping", value=0)
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-SHIP")
    buying.checkout(browser)
    assert ask("coupon.lookup", {"code": "WM-SHIP"}).json()["state"] == "used"
    (order,) = get_model("order", "Order").objects.all()
    assert order.shipping_incl_tax == 0
    assert str(order.total_incl_tax) == "25.00"


def free(issue, product: int, code: str = "WM-FREE", **terms: object):
    return issue(code, kind="free_product", value=0, product=str(product), **terms)


def test_one_piece_of_the_product_is_free(goods, issue, ask):
    free(issue, goods["CUP-1"])
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add(browser, goods["CUP-1"], 3)
    buying.add_voucher(browser, "WM-FREE")
    assert "€50.00" in browser.get("/basket/").text, "25.00 + 3 * 12.50 - 12.50"
    buying.checkout(browser)
    (order,) = get_model("order", "Order").objects.all()
    assert str(order.total_discount_incl_tax) == "12.50"
    state = ask("coupon.lookup", {"code": "WM-FREE"}).json()
    assert (state["state"], state["times_used"]) == ("used", 1)


def test_the_product_alone_costs_its_shipping(goods, issue):
    free(issue, goods["CUP-1"])
    browser = Browser()
    buying.add(browser, goods["CUP-1"], 1)
    buying.add_voucher(browser, "WM-FREE")
    buying.checkout(browser)
    (order,) = get_model("order", "Order").objects.all()
    assert order.basket_total_incl_tax == 0
    assert order.total_incl_tax == order.shipping_incl_tax


def test_another_product_is_not_free(goods, issue, ask):
    free(issue, goods["CUP-1"])
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 2)
    buying.add_voucher(browser, "WM-FREE")
    assert "does not qualify" in browser.get("/basket/").text
    buying.checkout(browser)
    assert ask("coupon.lookup", {"code": "WM-FREE"}).json()["state"] == "active"


def test_a_free_product_waits_for_the_least_order(goods, issue):
    free(issue, goods["CUP-1"], min_order=3000)
    browser = Browser()
    buying.add(browser, goods["CUP-1"], 2)
    buying.add_voucher(browser, "WM-FREE")
    assert "does not qualify" in browser.get("/basket/").text
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-FREE")
    assert "€37.50" in browser.get("/basket/").text


def test_a_variant_of_the_product_is_free_too(goods, issue):
    Product = get_model("catalogue", "Product")
    cup = Product.objects.get(pk=goods["CUP-1"])
    parent = Product.objects.create(
        structure=Product.PARENT, title="Cups", slug="cups", product_class=cup.product_class
    )
    Product.objects.filter(pk=cup.pk).update(
        structure=Product.CHILD, parent=parent, product_class=None
    )
    free(issue, parent.pk)
    browser = Browser()
    buying.add(browser, goods["CUP-1"], 2)
    buying.add_voucher(browser, "WM-FREE")
    assert "€12.50" in browser.get("/basket/").text


def test_the_same_free_product_again_changes_nothing(goods, issue, ask):
    first = free(issue, goods["CUP-1"])
    assert free(issue, goods["CUP-1"]) == first
    assert Voucher.objects.count() == 1
    other = coupon("WM-FREE", kind="free_product", value=0, product=str(goods["TEA-9"]))
    answer = ask("coupon.issue", other)
    assert (answer.status_code, answer.json()["code"]) == (409, "terms_differ")
    assert "product" in answer.json()["detail"]


def test_coupons_for_one_product_share_its_range_and_nothing_else(goods, issue, ask):
    free(issue, goods["CUP-1"], "WM-ONE")
    free(issue, goods["CUP-1"], "WM-TWO")
    free(issue, goods["TEA-9"], "WM-TEA")
    Range = get_model("offer", "Range")
    assert Range.objects.filter(name__startswith="Product").count() == 2
    assert ask("coupon.revoke", {"code": "WM-ONE"}).json()["state"] == "revoked"
    browser = Browser()
    buying.add(browser, goods["CUP-1"], 1)
    buying.add_voucher(browser, "WM-TWO")
    buying.checkout(browser)
    assert ask("coupon.lookup", {"code": "WM-TWO"}).json()["state"] == "used"


def test_a_product_that_is_never_discounted_is_refused(goods, ask):
    get_model("catalogue", "Product").objects.filter(pk=goods["CUP-1"]).update(
        is_discountable=False
    )
    terms = coupon("WM-FREE", kind="free_product", value=0, product=str(goods["CUP-1"]))
    answer = ask("coupon.issue", terms)
    assert (answer.status_code, answer.json()["code"]) == (422, "not_discountable")
    assert "Blue cup" in answer.json()["detail"]
    assert not Voucher.objects.exists()


def test_a_product_that_was_deleted_leaves_a_coupon_without_effect(goods, issue, ask):
    free(issue, goods["CUP-1"])
    get_model("catalogue", "Product").objects.filter(pk=goods["CUP-1"]).delete()
    assert ask("coupon.lookup", {"code": "WM-FREE"}).json()["state"] == "active"
    assert ask("coupon.revoke", {"code": "WM-FREE"}).json()["state"] == "revoked"


def test_a_coupon_of_before_there_were_free_products_is_the_same_again(goods, issue):
    issue("WM-AAAA")
    kept = IssuedCoupon.objects.get()
    assert "product" not in kept.terms
    assert issue("WM-AAAA")["state"] == "active"


def test_a_limit_above_one_counts_orders(goods, issue, ask):
    issue("WM-TWO", usage_limit=2)
    spend(goods["TEA-9"], "WM-TWO", "one@example.com")
    assert ask("coupon.lookup", {"code": "WM-TWO"}).json()["state"] == "active"
    spend(goods["TEA-9"], "WM-TWO", "two@example.com")
    state = ask("coupon.lookup", {"code": "WM-TWO"}).json()
    assert (state["state"], state["times_used"]) == ("used", 2)
    spend(goods["TEA-9"], "WM-TWO", "three@example.com")
    assert ask("coupon.lookup", {"code": "WM-TWO"}).json()["times_used"] == 2


def test_without_a_limit_it_stays_active(goods, issue, ask):
    issue("WM-MANY", usage_limit=None)
    spend(goods["TEA-9"], "WM-MANY", "one@example.com")
    spend(goods["TEA-9"], "WM-MANY", "two@example.com")
    state = ask("coupon.lookup", {"code": "WM-MANY"}).json()
    assert (state["state"], state["times_used"]) == ("active", 2)


def test_revoke_ends_an_unused_coupon(goods, issue, ask):
    issue("WM-AAAA")
    assert ask("coupon.revoke", {"code": "WM-AAAA"}).json()["state"] == "revoked"
    assert ask("coupon.revoke", {"code": "WM-AAAA"}).json()["state"] == "revoked"
    assert issue("WM-AAAA")["state"] == "revoked"
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-AAAA")
    assert "WM-AAAA&#x27; voucher has expired" in browser.get("/basket/").text


def test_a_used_coupon_stays_used(goods, issue, ask):
    issue("WM-AAAA")
    spend(goods["TEA-9"], "WM-AAAA")
    state = ask("coupon.revoke", {"code": "WM-AAAA"}).json()
    assert (state["state"], state["times_used"]) == ("used", 1)
    assert IssuedCoupon.objects.get().revoked_at is None


def test_revoking_between_preview_and_order_refuses_the_order(goods, issue, ask):
    issue("WM-AAAA")
    browser = Browser()
    buying.add(browser, goods["TEA-9"], 1)
    buying.add_voucher(browser, "WM-AAAA")
    buying.identify(browser, "friend@example.com")
    buying.preview(browser)
    ask("coupon.revoke", {"code": "WM-AAAA"})
    assert buying.place(browser).place == "/basket/"
    assert "no longer valid" in browser.get("/basket/").text
    buying.preview(browser)
    assert buying.place(browser).place == "/checkout/thank-you/"
    (order,) = get_model("order", "Order").objects.all()
    assert order.total_discount_incl_tax == 0


def test_expiry(goods, issue, ask):
    issue("WM-AAAA", expires_at=(datetime.now(UTC) + timedelta(days=1)).isoformat())
    Voucher.objects.update(end_datetime=datetime.now(UTC) - timedelta(seconds=1))
    assert ask("coupon.lookup", {"code": "WM-AAAA"}).json()["state"] == "expired"
    assert ask("coupon.revoke", {"code": "WM-AAAA"}).json()["state"] == "revoked"


def test_a_voucher_the_shop_deleted_counts_as_revoked_or_used(goods, issue, ask):
    issue("WM-AAAA")
    issue("WM-BBBB")
    spend(goods["TEA-9"], "WM-BBBB")
    Voucher.objects.all().delete()
    assert ask("coupon.lookup", {"code": "WM-AAAA"}).json()["state"] == "revoked"
    state = ask("coupon.lookup", {"code": "WM-BBBB"}).json()
    assert (state["state"], state["times_used"], state["reference"]) == ("used", 1, "")


def test_an_unknown_code_is_not_found(goods, ask):
    for verb in ("coupon.lookup", "coupon.revoke"):
        answer = ask(verb, {"code": "WM-NONE"})
        assert (answer.status_code, answer.json()["code"]) == (404, "coupon_not_found")


@pytest.mark.parametrize("age", [301, -301])
def test_a_stale_or_future_timestamp_is_refused(goods, ask, age):
    answer = ask("coupon.issue", coupon("WM-AAAA"), age=age)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")
    assert not Voucher.objects.exists()


def test_another_secret_is_refused(goods, ask):
    answer = ask("coupon.issue", coupon("WM-AAAA"), secret=OTHER_SECRET)
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


def test_both_secrets_hold_while_changing_it(goods, ask, connect):
    connect(SECRET=[OTHER_SECRET, SECRET])
    assert ask("coupon.issue", coupon("WM-AAAA")).status_code == 200
    assert ask("coupon.issue", coupon("WM-BBBB"), secret=OTHER_SECRET).status_code == 200


def test_a_changed_body_is_refused(goods, client):
    body = json.dumps({"type": "coupon.lookup", "data": {"code": "WM-AAAA"}}).encode()
    headers = signed_headers(secret_bytes(SECRET), "msg_1", int(time.time()), body)
    answer = client.post(
        "/wordmouth/coupons", body + b" ", content_type="application/json", headers=headers
    )
    assert answer.status_code == 401


def test_bodies_that_are_no_request(goods, client, ask):
    assert client.get("/wordmouth/coupons").status_code == 405
    assert client.post("/wordmouth/coupons", {}).status_code == 401
    assert ask("coupon.destroy", {}).json()["code"] == "unknown_type"
    assert ask("coupon.issue", []).json()["code"] == "invalid_coupon"
    assert ask("coupon.lookup", {"code": "x" * 70_000}).status_code == 413


def test_a_body_that_is_not_json(goods, client):
    headers = signed_headers(secret_bytes(SECRET), "msg_1", int(time.time()), b"{")
    answer = client.post(
        "/wordmouth/coupons", b"{", content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_an_unconnected_shop_says_so(goods, ask, settings):
    settings.WORDMOUTH_OSCAR = {}
    answer = ask("coupon.issue", coupon("WM-AAAA"))
    assert (answer.status_code, answer.json()["code"]) == (503, "not_connected")


def at_once(work, times: int) -> list[object]:
    """Run the work in as many threads, started together; returns results and exceptions."""
    barrier, results = threading.Barrier(times), []

    def run(place: int) -> None:
        try:
            barrier.wait()
            results.append(work(place))
        except Exception as error:  # noqa: BLE001 - reported to the test
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(times)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_issued_at_once_it_is_made_once(transactional_db, goods, ask):
    def send(place: int) -> tuple[int, str]:
        answer = post(Client(), coupon("WM-RACE"))
        return answer.status_code, answer.json().get("reference", answer.json())

    results = at_once(send, 6)
    assert len(set(map(str, results))) == 1, results
    assert results[0][0] == 200
    assert Voucher.objects.count() == IssuedCoupon.objects.count() == 1
    assert ConditionalOffer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_orders_at_once_spend_it_once(transactional_db, goods, issue):
    issue("WM-RACE")
    browsers = [Browser() for _ in range(3)]
    for place, browser in enumerate(browsers):
        buying.add(browser, goods["TEA-9"], 2)
        buying.add_voucher(browser, "WM-RACE")
        buying.identify(browser, f"friend{place}@example.com")
        buying.preview(browser)
    at_once(lambda place: buying.place(browsers[place]), 3)
    orders = get_model("order", "Order").objects.all()
    assert sum(bool(one.total_discount_incl_tax) for one in orders) == 1
    assert Voucher.objects.get().applications.count() == 1


def post(client: Client, data: dict[str, object]):
    body = json.dumps({"type": "coupon.issue", "data": data}).encode()
    headers = signed_headers(secret_bytes(SECRET), "msg_1", int(time.time()), body)
    return client.post("/wordmouth/coupons", body, content_type="application/json", headers=headers)


def test_a_failure_half_way_leaves_nothing(goods, monkeypatch):
    def fail(*args):
        raise RuntimeError("the database went away")

    monkeypatch.setattr(coupons, "_make_condition", fail)
    with pytest.raises(RuntimeError):
        coupons.issue(parse_terms(coupon("WM-AAAA")))
    assert not IssuedCoupon.objects.exists()
    assert not Voucher.objects.exists()
