"""Pages that are there when the web framework is not asked: a few words, complete in themselves."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from wordmouth.kit import asgi

_STYLE = (
    "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
)
COMMON: Sequence[asgi.Header] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex"),
)
HEADERS: Sequence[asgi.Header] = (
    *COMMON,
    asgi.HTML,
    (b"content-security-policy", _POLICY.encode()),
)
"""What every such page is sent with."""


def page(title: str, text: str, head: str = "") -> bytes:
    """A page that says one thing; `head` is more for its head."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="robots" content="noindex">{head}<title>{title}</title>'
        f"<style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
    ).encode()


_BUSY = page(
    "One moment, please",
    "Many people are here right now. This page tries again by itself.",
    '<meta http-equiv="refresh" content="2">',
)
_BUSY_AFTER_SENDING = page(
    "One moment, please",
    "Many people are here right now, and nothing of what you sent was stored. "
    "Please go back and send it again in a moment.",
)


async def respond_busy(
    send: asgi.Send, status: int, retry_after: int, *, again_by_itself: bool = True
) -> None:
    """Ask somebody with a browser to wait, after a pause. A page that was asked for is loaded
    again by itself; whoever sent something is told that nothing came of it."""
    await asgi.pause()
    headers = [*HEADERS, (b"retry-after", str(retry_after).encode())]
    await asgi.respond(send, status, headers, _BUSY if again_by_itself else _BUSY_AFTER_SENDING)
