"""Proof that a delivery comes from the store's Saleor.

Saleor signs with its private key and shows the public one at an address of its own. The door asks
nobody: the keys are kept with the connection, and looked at again by the check of the connection.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from wordmouth.inbox.ports import Ping, Verified
from wordmouth.integrations.saleor.wire import Jwk
from wordmouth.kit.signing import BadSignature, b64url, unb64url

SIGNATURE, OLD_SIGNATURE = "saleor-signature", "x-saleor-signature"
RSA, HMAC = b"rsa:", b"hmac:"
"""What a key is for stands before it: a public key, which everybody knows, must never be taken for
a secret."""
ALGORITHM, FEWEST_BITS = "RS256", 2048


class _Header(msgspec.Struct, frozen=True):
    alg: str
    b64: bool = True
    crit: tuple[str, ...] = ()


class SaleorSignatures:
    """`Saleor-Signature` is a JWS (RFC 7515) of RS256 without its payload, which is the body as it
    is (`b64` false, RFC 7797). A webhook that the merchant made with a secret key has the
    hexadecimal HMAC-SHA256 of the body there instead.

    Neither a time nor an id is signed. The same body again is the same delivery, under whatever
    event: one change is told as several.
    """

    def verify(
        self, keys: Sequence[bytes], headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Verified | Ping:
        """Raises BadSignature. Saleor tries no address before it uses it."""
        given = headers.get(SIGNATURE) or headers.get(OLD_SIGNATURE, "")
        if not given:
            raise BadSignature(f"{SIGNATURE} is missing")
        if "." in given:
            _check_jws(_public(keys), given, body)
        else:
            _check_hmac([key[len(HMAC) :] for key in keys if key.startswith(HMAC)], given, body)
        return Verified(dedupe=hashlib.sha256(body).hexdigest())


def key_of(jwk: Jwk) -> bytes:
    """A key that the shop shows, as `keys` gives it to the verifier."""
    return RSA + msgspec.json.encode(jwk)


def secret_of(secret: str) -> bytes:
    """A secret key of a webhook, as `keys` gives it to the verifier."""
    return HMAC + secret.encode()


def hmac_signature(secret: bytes, body: bytes) -> str:
    """The signature of a body by a webhook's secret key."""
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


def public_key(jwk: Jwk) -> RSAPublicKey | None:
    """The key, or None where it is not one that can be relied on: other kinds, and short ones."""
    if jwk.kty != "RSA":
        return None
    try:
        exponent, modulus = (int.from_bytes(unb64url(part), "big") for part in (jwk.e, jwk.n))
        if modulus.bit_length() < FEWEST_BITS:
            return None
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return None


def signed_part(header: str, body: bytes, *, as_it_is: bool) -> bytes:
    """What a JWS with this protected header signs."""
    return header.encode() + b"." + (body if as_it_is else b64url(body).encode())


def _public(keys: Iterable[bytes]) -> list[RSAPublicKey]:
    return [found for key in keys if key.startswith(RSA) and (found := _loaded(key))]


@lru_cache(maxsize=1024)
def _loaded(key: bytes) -> RSAPublicKey | None:
    """Making a key of its numbers takes longer than proving a delivery with it."""
    return public_key(msgspec.json.decode(key[len(RSA) :], type=Jwk))


def _check_jws(keys: Sequence[RSAPublicKey], given: str, body: bytes) -> None:
    header, as_it_is, signature = _parts(given)
    signed = signed_part(header, body, as_it_is=as_it_is)
    for key in keys:
        try:
            key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return
    raise BadSignature("no signature matches a key that this store's shop signs with")


def _parts(given: str) -> tuple[str, bool, bytes]:
    """The protected header as it is written, whether the body is signed as it is, and the
    signature."""
    header, _, rest = given.partition(".")
    payload, _, signature = rest.partition(".")
    try:
        read = msgspec.json.decode(unb64url(header), type=_Header)
        proof = unb64url(signature)
    except (ValueError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadSignature(f"{SIGNATURE} is no signature") from error
    if read.alg != ALGORITHM:
        raise BadSignature(f"{SIGNATURE} is not signed by {ALGORITHM}")
    if payload:
        raise BadSignature(f"{SIGNATURE} brings a payload of its own")
    if set(read.crit) - {"b64"}:
        raise BadSignature(f"{SIGNATURE} needs what is not known here")
    return header, not read.b64, proof


def _check_hmac(secrets: Sequence[bytes], given: str, body: bytes) -> None:
    for secret in secrets:
        expected = hmac_signature(secret, body)
        if hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            return
    raise BadSignature("no signature matches a secret of this store")
