"""Saleor's signatures: by the key that it shows, by a secret key, and by nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from wordmouth.inbox.ports import Verified
from wordmouth.integrations.saleor.twin import HEADER, SaleorTwin, jws
from wordmouth.integrations.saleor.verify import (
    SaleorSignatures,
    hmac_signature,
    key_of,
    public_key,
    secret_of,
)
from wordmouth.integrations.saleor.wire import Jwk
from wordmouth.kit.signing import BadSignature, b64url

AT = datetime(2026, 11, 22, 9, 0, 0, tzinfo=UTC)
BODY = b'{"order": {"id": "T3JkZXI6MQ=="}}'


def shown(key: int) -> Jwk:
    """The key of that number, as the shop shows it."""
    twin = SaleorTwin()
    twin.key = key
    return msgspec.convert(twin.jwks()["keys"][0], type=Jwk)


KEYS = (key_of(shown(1)), secret_of("whsec_one"), secret_of("whsec_two"))


def proven(signature: str, body: bytes = BODY, name: str = "saleor-signature") -> str:
    """What the delivery is known by. Raises BadSignature."""
    found = SaleorSignatures().verify(KEYS, {name: signature}, body, AT)
    assert isinstance(found, Verified)
    return found.dedupe


def test_the_key_that_the_shop_shows_opens_the_door() -> None:
    assert proven(jws(1, BODY)) == proven(jws(1, BODY), name="x-saleor-signature")


def test_the_published_example_of_the_standard_is_proven() -> None:
    """RFC 7515, appendix A.2, without its payload."""
    published = Jwk(
        kty="RSA",
        n="ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEz"
        "P1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpa"
        "SHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT"
        "6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ",
        e="AQAB",
    )
    signature = (
        "eyJhbGciOiJSUzI1NiJ9..cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7A"
        "AuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTy"
        "WzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsq"
        "tFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN"
        "_IoypGlUPQGe77Rw"
    )
    body = b'{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}'
    headers = {"saleor-signature": signature}
    found = SaleorSignatures().verify([key_of(published)], headers, body, AT)
    assert isinstance(found, Verified)
    with pytest.raises(BadSignature):
        SaleorSignatures().verify([key_of(published)], headers, body + b" ", AT)


def test_older_versions_sign_the_body_in_other_words() -> None:
    older = {"alg": "RS256", "b64": False, "kid": "1"}
    oldest = {"alg": "RS256", "typ": "JWT"}
    assert proven(jws(1, BODY, older)) == proven(jws(1, BODY, oldest)) == proven(jws(1, BODY))


def test_a_body_is_one_delivery_whatever_event_it_is_sent_for() -> None:
    for event in ("order_updated", "order_fully_paid"):
        headers = {"saleor-signature": jws(1, BODY), "saleor-event": event}
        found = SaleorSignatures().verify(KEYS, headers, BODY, AT)
        assert found == Verified(dedupe=proven(jws(1, BODY)))


def test_another_body_and_another_key_do_not() -> None:
    with pytest.raises(BadSignature, match="no signature matches"):
        proven(jws(1, BODY), BODY + b" ")
    with pytest.raises(BadSignature, match="no signature matches"):
        proven(jws(2, BODY))


def test_the_webhooks_secret_key_opens_it_too() -> None:
    assert proven(hmac_signature(b"whsec_two", BODY)) == proven(jws(1, BODY))
    with pytest.raises(BadSignature, match="no signature matches a secret"):
        proven(hmac_signature(b"whsec_three", BODY))


def test_what_everybody_knows_is_never_taken_for_a_secret() -> None:
    public = KEYS[0]
    for secret in (public, public.removeprefix(b"rsa:"), shown(1).n.encode(), b""):
        with pytest.raises(BadSignature):
            proven(hmac_signature(secret, BODY))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({**HEADER, "alg": "none"}, "RS256"),
        ({**HEADER, "alg": "HS256"}, "RS256"),
        ({**HEADER, "crit": ["b64", "exp"]}, "not known"),
        ({"b64": False}, "no signature"),
    ],
)
def test_a_header_that_asks_for_something_else_is_refused(
    header: dict[str, object], words: str
) -> None:
    with pytest.raises(BadSignature, match=words):
        proven(jws(1, BODY, header))


def test_the_body_that_was_sent_counts_and_none_within_the_signature() -> None:
    header, _, signature = jws(1, BODY, {"alg": "RS256"}).split(".")
    with pytest.raises(BadSignature, match="payload of its own"):
        proven(f"{header}.{b64url(BODY)}.{signature}")


@pytest.mark.parametrize(
    "signature", ["", "..", "x..y", ".", "a.b.c.d", "\ufffd\xa7", "e30..", f"{b64url(b'[' * 99)}.."]
)
def test_what_is_no_signature_is_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        proven(signature)


def test_keys_that_cannot_be_relied_on_are_no_keys() -> None:
    weak = generate_private_key(65537, 1024).public_key().public_numbers()
    short = b64url(weak.n.to_bytes(128, "big"))
    for jwk in (
        Jwk(kty="EC"),
        Jwk(kty="RSA"),
        Jwk(kty="RSA", n="?", e="AQAB"),
        Jwk(kty="RSA", n=short, e="AQAB"),
    ):
        assert public_key(jwk) is None
        with pytest.raises(BadSignature):
            SaleorSignatures().verify([key_of(jwk)], {"saleor-signature": jws(1, BODY)}, BODY, AT)
    assert public_key(shown(1)) is not None


def test_what_the_shop_shows_is_read_as_it_writes_it() -> None:
    document = json.loads(json.dumps(SaleorTwin().jwks()))
    assert document["keys"][0].keys() == {"kty", "key_ops", "use", "kid", "n", "e"}
