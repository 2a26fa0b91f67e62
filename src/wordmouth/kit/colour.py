"""Colours: hexadecimal sRGB, their contrast, and the nearest shade that can be read.

Source: WCAG 2.2, "relative luminance" and "contrast ratio"; text needs a ratio of 4.5.
"""

from __future__ import annotations

import re

TEXT_CONTRAST = 4.5
"""The least contrast between text and its background (WCAG 2.2, success criterion 1.4.3)."""

BLACK, WHITE = "#000000", "#ffffff"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def parse(text: object) -> str | None:
    """A colour written as `#abc` or `#aabbcc`, in the long form and small; None for others."""
    if not isinstance(text, str) or not _HEX.fullmatch(text.strip()):
        return None
    digits = text.strip()[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(sign * 2 for sign in digits))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    red, green, blue = map(linear, _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `one` and the rest of `other`."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def best_on(background: str) -> str:
    """Black or white, whichever reads better on `background`; always at least 4.5."""
    return max(WHITE, BLACK, key=lambda colour: contrast(colour, background))


def readable(colour: str, *backgrounds: str, least: float = TEXT_CONTRAST) -> str:
    """The shade nearest to `colour` with at least that contrast on every background.

    It moves towards black or white, whichever reads better on the first background; the end of
    that way where even it does not reach `least` on all of them.
    """
    end = best_on(backgrounds[0])
    for step in range(51):
        shade = mix(end, colour, step / 50)
        if all(contrast(shade, background) >= least for background in backgrounds):
            return shade
    return end
