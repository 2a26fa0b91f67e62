"""Prefixed ids: a TypeID (prefix, underscore, UUIDv7 in base32), sortable by creation.

Source: the TypeID specification 0.3 and RFC 9562 section 5.7 (UUIDv7).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from typeid.codecs import base32

from wordmouth.kit import clock, entropy

CODE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
"""28 signs without vowels and look-alikes: no rude words, nothing misread; 4.8 bits each."""


_NOISE = (0xFFF << 64) | (1 << 62) - 1
_VERSION_7 = (0x7 << 76) | (0b10 << 62)


def new_id(prefix: str, at: datetime | None = None) -> str:
    """A new id such as `ord_01kap3...`: 48 bits of time (now, or `at`), 74 of randomness."""
    time = int((at or clock.now()).timestamp() * 1000) << 80
    noise = int.from_bytes(entropy.random_bytes(10), "big")
    return _typeid(prefix, (time | noise & _NOISE | _VERSION_7).to_bytes(16, "big"))


def derived_id(prefix: str, *parts: str) -> str:
    """The one id that belongs to `parts`: the same parts always give the same id."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    value = int.from_bytes(digest[:16], "big")
    # RFC 9562, 5.8: version 8, variant 10. (Python before 3.14 knows versions up to 5 only.)
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return _typeid(prefix, value.to_bytes(16, "big"))


def _typeid(prefix: str, value: bytes) -> str:
    # The package's own objects look at prefix and value first, which costs several times the text.
    return f"{prefix}_{base32.encode(value)}"


def speakable(length: int) -> str:
    """`length` random signs of `CODE_ALPHABET`, each equally likely."""
    signs: list[str] = []
    while len(signs) < length:
        signs += [CODE_ALPHABET[b % 28] for b in entropy.random_bytes(length * 2) if b < 252]
    return "".join(signs[:length])


def derived_code(prefix: str, key: str, secret: bytes) -> str:
    """The coupon code that belongs to `key`: 13 signs (62 bits), such as `WM-7K3Q-9XM2P-48RT`.

    Derived, not drawn: whoever retries after a lost answer asks for the same code.
    """
    digest = hashlib.blake2b(key.encode(), key=secret[:64], digest_size=32).digest()
    number = int.from_bytes(digest, "big")
    signs = []
    for _ in range(13):
        number, rest = divmod(number, 28)
        signs.append(CODE_ALPHABET[rest])
    text = "".join(signs)
    return f"{prefix}-{text[:4]}-{text[4:9]}-{text[9:]}"
