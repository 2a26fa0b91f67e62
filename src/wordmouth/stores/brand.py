"""A store's brand as colours that can be read, for pages, mails and the widget. Pure.

A merchant gives up to six values: `accent`, `on_accent`, `ink`, `surface` (colours such as
`#0b6e4f`), `radius` (0 to 32 pixels) and `font` (`sans`, `serif` or `system`). Everything else is
derived from them, for light and for dark, with the contrast that WCAG 2.2 asks of text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from wordmouth.kit import colour
from wordmouth.stores.errors import BadStore

COLOURS = ("accent", "on_accent", "ink", "surface")
FONTS: Mapping[str, tuple[str, str]] = {
    "sans": (
        '"Figtree", system-ui, "Noto Sans", sans-serif',
        '"Bricolage Grotesque", "Figtree", system-ui, "Noto Sans", sans-serif',
    ),
    "serif": (
        '"Figtree", system-ui, "Noto Sans", sans-serif',
        '"Fraunces", "Iowan Old Style", "Noto Serif", serif',
    ),
    "system": (
        'system-ui, "Noto Sans", sans-serif',
        'system-ui, "Noto Sans", sans-serif',
    ),
}
"""The fonts of text and of headings, by the name that a merchant gives."""

MAX_RADIUS = 32
_ACCENT, _INK, _SURFACE, _RADIUS, _FONT = "#0b6e4f", "#1d1c21", "#fffefb", 16, "sans"
_NIGHT, _MOON = "#141318", "#f4f3f7"


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """The colours of one scheme. `soft` is quieter text; `tint` a quiet and `line` a thin shade
    of the accent; `raised` the background of cards; `accent_text` the accent as text."""

    accent: str
    on_accent: str
    accent_text: str
    ink: str
    soft: str
    surface: str
    raised: str
    tint: str
    line: str


class Brand(msgspec.Struct, frozen=True, kw_only=True):
    """How a store looks, by day and by night."""

    light: Palette
    dark: Palette
    radius: int
    font: str
    display: str


def read(given: Mapping[str, Any]) -> Brand:
    """The brand that a store's values make; a value that cannot be used counts as not given."""
    accent = colour.parse(given.get("accent")) or _ACCENT
    surface = colour.parse(given.get("surface")) or _SURFACE
    ink = colour.parse(given.get("ink")) or (_INK if colour.luminance(surface) > 0.18 else _MOON)
    light = _palette(accent, surface, ink, colour.parse(given.get("on_accent")))
    dark = light
    if colour.luminance(surface) > 0.18:
        night = colour.mix(accent, _NIGHT, 0.05)
        dark = _palette(colour.readable(accent, night), night, _MOON, None)
    text, display = FONTS.get(str(given.get("font")), FONTS[_FONT])
    radius = given.get("radius")
    if not isinstance(radius, int) or not 0 <= radius <= MAX_RADIUS:
        radius = _RADIUS
    return Brand(light=light, dark=dark, radius=radius, font=text, display=display)


def _palette(accent: str, surface: str, ink: str, on_accent: str | None) -> Palette:
    raised = colour.mix(colour.WHITE, surface, 0.75 if colour.luminance(surface) > 0.5 else 0.05)
    raised, tint = _ground(raised, surface), _ground(colour.mix(accent, surface, 0.08), surface)
    if on_accent is None or colour.contrast(on_accent, accent) < colour.TEXT_CONTRAST:
        on_accent = colour.best_on(accent)
    grounds = (surface, raised, tint)
    ink = colour.readable(ink, *grounds)
    return Palette(
        accent=accent,
        on_accent=on_accent,
        accent_text=colour.readable(accent, *grounds),
        ink=ink,
        soft=colour.readable(colour.mix(ink, surface, 0.66), *grounds),
        surface=surface,
        raised=raised,
        tint=tint,
        line=colour.mix(colour.mix(accent, ink, 0.3), surface, 0.17),
    )


def _ground(shade: str, surface: str) -> str:
    """The shade beside the surface, where text that can be read on one can be on both."""
    text = colour.best_on(surface)
    return shade if colour.contrast(text, shade) >= colour.TEXT_CONTRAST else surface


def check(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values in their plain form. Raises BadStore for the first that cannot be used."""
    allowed = (*COLOURS, "radius", "font")
    for name in given:
        if name not in allowed:
            raise BadStore(f"A brand has no {name!r}; it has {', '.join(allowed)}.")
    found = dict(given)
    for name in COLOURS:
        if name in given:
            found[name] = colour.parse(given[name])
            if found[name] is None:
                raise BadStore(f"{name} is a colour such as #0b6e4f, not {given[name]!r}.")
    if str(given.get("font", _FONT)) not in FONTS:
        raise BadStore(f"font is {', '.join(FONTS)}, not {given['font']!r}.")
    radius = given.get("radius", _RADIUS)
    if not isinstance(radius, int) or not 0 <= radius <= MAX_RADIUS:
        raise BadStore(f"radius is a whole number from 0 to {MAX_RADIUS}, not {radius!r}.")
    _check_contrast(found, "on_accent", "accent", colour.parse(found.get("accent")) or _ACCENT)
    _check_contrast(found, "ink", "surface", colour.parse(found.get("surface")) or _SURFACE)
    return found


def _check_contrast(found: Mapping[str, Any], text: str, ground: str, background: str) -> None:
    if text not in found:
        return
    ratio = colour.contrast(found[text], background)
    if ratio < colour.TEXT_CONTRAST:
        raise BadStore(
            f"{text} {found[text]} cannot be read on {ground} {background}: the contrast is "
            f"{ratio:.1f}, and text needs {colour.TEXT_CONTRAST}. Leave {text} out to have a "
            f"fitting one chosen, or take {colour.readable(found[text], background)}."
        )


def css(brand: Brand) -> str:
    """The brand as a style sheet of custom properties; the browser chooses light or dark."""
    lines = []
    for name in Palette.__struct_fields__:
        day, night = getattr(brand.light, name), getattr(brand.dark, name)
        lines.append(f"  --{name.replace('_', '-')}: light-dark({day}, {night});")
    lines += [
        f"  --radius: {brand.radius}px;",
        f"  --font: {brand.font};",
        f"  --font-display: {brand.display};",
    ]
    return ":root {\n  color-scheme: light dark;\n" + "\n".join(lines) + "\n}\n"
