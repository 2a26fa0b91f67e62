"""Who may deliver: signatures over the raw bytes."""

from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from wordmouth.integrations.generic.verify import MAX_ID, StandardWebhooks
from wordmouth.kit import signing

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
BODY = b'{"type": "order.snapshot", "data": {}}'
SECRET, OLD, OTHER = (signing.new_secret() for _ in range(3))
KEYS = [signing.secret_bytes(SECRET), signing.secret_bytes(OLD)]


def verified(headers, body=BODY, now=NOW):
    return StandardWebhooks().verify(KEYS, headers, body, now)


@pytest.mark.parametrize("secret", [SECRET, OLD], ids=["new", "old"])
def test_every_live_secret_counts_while_rotating(secret):
    headers = signing.webhook_headers(secret, "msg_1", NOW, BODY)
    assert verified(headers).dedupe == "msg_1"


def test_a_delivery_signed_by_an_independent_library():
    signature = standardwebhooks.Webhook(SECRET).sign("msg_1", NOW, BODY.decode())
    stamp = str(int(NOW.timestamp()))
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1,AAAA " + signature,
    }
    assert verified(headers).dedupe == "msg_1"


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_within_the_tolerance(seconds):
    headers = signing.webhook_headers(SECRET, "msg_1", NOW, BODY)
    assert verified(headers, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301, 10**6])
def test_stale_or_from_the_future(seconds):
    headers = signing.webhook_headers(SECRET, "msg_1", NOW, BODY)
    with pytest.raises(signing.BadSignature, match="300 s"):
        verified(headers, now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "٣"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v2,abc"},
        {"webhook-signature": "v1,\udcff"},
    ],
)
def test_a_changed_header(change):
    headers = {**signing.webhook_headers(SECRET, "msg_1", NOW, BODY), **change}
    with pytest.raises(signing.BadSignature):
        verified(headers)


def test_another_body_another_secret_and_an_endless_id():
    headers = signing.webhook_headers(SECRET, "msg_1", NOW, BODY)
    with pytest.raises(signing.BadSignature):
        verified(headers, BODY + b" ")
    with pytest.raises(signing.BadSignature):
        verified(signing.webhook_headers(OTHER, "msg_1", NOW, BODY))
    with pytest.raises(signing.BadSignature, match=str(MAX_ID)):
        verified(signing.webhook_headers(SECRET, "x" * (MAX_ID + 1), NOW, BODY))
