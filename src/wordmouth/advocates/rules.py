"""What a referral code looks like. Pure."""

from __future__ import annotations

import re
import unicodedata

SHAPE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,38}[A-Z0-9]")
SIGNS_DRAWN = 9
"""9 signs of 28 are 43 bits: too many to guess, few enough to say aloud."""


def canonical_code(text: str) -> str:
    """The one spelling of a code: capitals, no spaces. Empty when it cannot be a code."""
    code = text.strip().upper().replace(" ", "-")
    return code if SHAPE.fullmatch(code) else ""


def personal_code(first_name: str, drawn: str) -> str:
    """A code that begins with the name if plain letters can write it: `ANA-7K3Q9XBDW`."""
    plain = unicodedata.normalize("NFKD", first_name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Z]", "", plain.upper())[:10]
    return f"{name}-{drawn}" if len(name) >= 2 else drawn
