"""Signatures both ways and the customer token."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from wordmouth_demo import signing
from wordmouth_demo.tests.conftest import SECRET

BODY = '{"type": "coupon.lookup", "name": "Zoë"}'


def test_what_the_shop_signs_the_standard_library_accepts() -> None:
    headers = signing.sign(SECRET, "msg_1", datetime.now(UTC), BODY)
    assert Webhook(SECRET).verify(BODY, headers) == json.loads(BODY)


def test_a_good_signature_passes_even_among_others() -> None:
    now = datetime.now(UTC)
    headers = signing.sign(SECRET, "msg_1", now, BODY)
    headers["webhook-signature"] = "v1,AAAA " + headers["webhook-signature"]
    signing.verify(SECRET, headers, BODY.encode(), now + timedelta(seconds=299))


@pytest.mark.parametrize("seconds", [302, -302])
def test_a_timestamp_too_far_away_is_refused(seconds: int) -> None:
    now = datetime.now(UTC)
    headers = signing.sign(SECRET, "msg_1", now, BODY)
    with pytest.raises(signing.BadSignature, match="300 seconds"):
        signing.verify(SECRET, headers, BODY.encode(), now + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"webhook-id": "msg_2"}, "does not match"),
        ({"webhook-id": ""}, "required"),
        ({"webhook-signature": ""}, "required"),
        ({"webhook-signature": "v1,AAAA"}, "does not match"),
        ({"webhook-signature": "nonsense"}, "does not match"),
        ({"webhook-timestamp": "yesterday"}, "whole seconds"),
        ({"webhook-timestamp": "-5"}, "whole seconds"),
        ({"webhook-timestamp": "9" * 40}, "whole seconds"),
    ],
)
def test_a_changed_header_is_refused(change: dict[str, str], words: str) -> None:
    now = datetime.now(UTC)
    headers = signing.sign(SECRET, "msg_1", now, BODY) | change
    with pytest.raises(signing.BadSignature, match=words):
        signing.verify(SECRET, headers, BODY.encode(), now)


def test_another_body_or_secret_is_refused() -> None:
    now = datetime.now(UTC)
    headers = signing.sign(SECRET, "msg_1", now, BODY)
    other = "whsec_" + base64.b64encode(b"x" * 32).decode()
    for secret, body in ((SECRET, BODY.encode() + b" "), (SECRET, b"\xff"), (other, BODY.encode())):
        with pytest.raises(signing.BadSignature):
            signing.verify(secret, headers, body, now)


def test_the_customer_token_is_what_the_engine_expects() -> None:
    claims = {"email": "zoë@example.com", "id": "c-1", "iat": 1795253880}
    payload, _, mac = signing.customer_token(SECRET, claims).partition(".")
    assert "=" not in payload + mac
    assert json.loads(base64.urlsafe_b64decode(payload + "==")) == claims
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = hmac.new(key, b"wm-customer." + payload.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(mac + "==") == expected
