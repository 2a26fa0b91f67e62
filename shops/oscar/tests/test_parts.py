"""The small parts by themselves: signatures, money, settings, checks."""

import base64
import time
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from receiver import SECRET
from standardwebhooks import Webhook

from wordmouth_oscar.conf import config
from wordmouth_oscar.money import to_decimal, to_minor
from wordmouth_oscar.signing import (
    BadSecret,
    BadSignature,
    secret_bytes,
    signed_headers,
    verify,
)

KEY = secret_bytes(SECRET)


def test_the_reference_implementation_accepts_our_signature():
    now = int(time.time())
    body = '{"a":"ä"}'.encode()
    Webhook(SECRET).verify(body, signed_headers(KEY, "msg_1", now, body))


def test_we_accept_the_signature_of_the_reference_implementation():
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    given = Webhook(SECRET).sign("msg_1", now, '{"a":1}')
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": f"v1,bm9uZQ== {given}",
    }
    verify([KEY], headers, b'{"a":1}', now.timestamp())


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(missing):
    headers = signed_headers(KEY, "msg_1", 1000, b"{}")
    del headers[missing]
    with pytest.raises(BadSignature, match="required"):
        verify([KEY], headers, b"{}", 1000)


@pytest.mark.parametrize("moment", ["yesterday", "-5", "1e3", "²", "9" * 40])
def test_a_timestamp_that_is_no_number_is_refused(moment):
    headers = {**signed_headers(KEY, "msg_1", 1000, b"{}"), "webhook-timestamp": moment}
    with pytest.raises(BadSignature, match="unix seconds"):
        verify([KEY], headers, b"{}", 1000)


@pytest.mark.parametrize("given", ["v1,", "v1,ä", "v2,abc", "nonsense"])
def test_a_signature_of_no_shape_is_refused(given):
    headers = {**signed_headers(KEY, "msg_1", 1000, b"{}"), "webhook-signature": given}
    with pytest.raises(BadSignature, match="no signature"):
        verify([KEY], headers, b"{}", 1000)


def test_the_tolerance_is_three_hundred_seconds():
    headers = signed_headers(KEY, "msg_1", 1000, b"{}")
    verify([KEY], headers, b"{}", 1300)
    with pytest.raises(BadSignature, match="300"):
        verify([KEY], headers, b"{}", 1301)


@pytest.mark.parametrize("secret", ["", "secret", "whsec_", "whsec_!!!", "whsec_abc"])
def test_a_secret_of_another_form_is_refused(secret):
    with pytest.raises(BadSecret):
        secret_bytes(secret)


def test_a_secret_is_what_its_base64_says():
    assert secret_bytes("whsec_" + base64.b64encode(b"key").decode()) == b"key"


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.30", "EUR", 1230),
        ("0.005", "EUR", 1),
        ("1234", "JPY", 1234),
        ("12.5", "JPY", 13),
        ("1.234", "KWD", 1234),
        ("-3.00", "EUR", -300),
        ("9999999999.99", "EUR", 999_999_999_999),
    ],
)
def test_minor_units(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor


@pytest.mark.parametrize(("minor", "currency", "amount"), [(1230, "EUR", "12.30"), (5, "JPY", "5")])
def test_decimal_amounts(minor, currency, amount):
    assert to_decimal(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"STORE": "x"}, "no key STORE"),
        ({"SECRET": "plain"}, "SECRET"),
        ({"MONEY_FROM": "wallet"}, "payment_events, transactions"),
        ({"STATUSES": {"Complete": ["shipped"]}}, "paid, fulfilled, delivered, cancelled"),
        ({"STATUSES": {"Complete": "paid"}}, "Complete"),
    ],
)
def test_wrong_settings_are_explained(settings, given, named):
    settings.WORDMOUTH_OSCAR = given
    with pytest.raises(ImproperlyConfigured, match=named):
        config()
    assert "wordmouth_oscar.E001" in {one.id for one in run_checks()}


def test_the_checks_tell_of_a_missing_connection_and_middleware(settings):
    settings.WORDMOUTH_OSCAR = {}
    assert "wordmouth_oscar.W001" in {one.id for one in run_checks()}
    assert "wordmouth_oscar.E002" not in {one.id for one in run_checks()}
    settings.MIDDLEWARE = list(reversed(settings.MIDDLEWARE))
    assert "wordmouth_oscar.E002" in {one.id for one in run_checks()}
