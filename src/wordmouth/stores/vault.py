"""Secrets at rest: encrypted with the installation's key, bound to where they belong.

AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; the key is derived from the
installation's secret by HKDF (RFC 5869). The place (store and field) is authenticated with it,
so that a secret copied into another row does not open.
"""

from __future__ import annotations

import base64
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from wordmouth.kit import entropy
from wordmouth.kit.errors import WordmouthError


class SealBroken(WordmouthError):
    """A stored secret does not open: another installation secret, or a moved row."""

    code, status, title = "seal_broken", 500, "A stored secret could not be opened"


def derived_key(purpose: str) -> bytes:
    """32 bytes that only this installation knows, for one purpose."""
    return _derive(settings.SECRET_KEY, purpose)


@lru_cache(maxsize=64)
def _derive(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(secret.encode())


def seal(text: str, place: str) -> str:
    """Encrypt `text` for `place` (for instance `con_...:secrets`)."""
    nonce = entropy.random_bytes(12)
    sealed = AESGCM(derived_key("vault")).encrypt(nonce, text.encode(), place.encode())
    return "v1:" + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, place: str) -> str:
    """The text of `seal`. Raises SealBroken."""
    raw = base64.b64decode(sealed.removeprefix("v1:"))
    try:
        return AESGCM(derived_key("vault")).decrypt(raw[:12], raw[12:], place.encode()).decode()
    except InvalidTag as error:
        raise SealBroken(f"{place}: WORDMOUTH_SECRET is not the one it was sealed with") from error
