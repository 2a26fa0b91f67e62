"""Who asks: a person's browser, or a program that only looks at the address.

Messengers and social networks fetch every shared link to draw its preview, search engines and
scanners follow it, browsers fetch it in advance. All of them are shown the way; none of them
counts as a visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from crawlerdetect import CrawlerDetect

_detector = CrawlerDetect()
_LONGEST = 512

# Every browser that people use, in-app browsers included, names itself in one of these ways.
_BROWSER = re.compile(r"(Mozilla|Opera)/\d")

# As a prefix WhatsApp's name is its preview fetcher; behind a browser's it is a tap inside it.
_INSIDE_WHATSAPP = re.compile(r"\bWhatsApp/[\d.]+")

_IN_ADVANCE = (b"sec-purpose", b"purpose", b"x-purpose", b"x-moz")
TOLD_BY = (b"user-agent", *_IN_ADVANCE)
"""The headers that tell who asks."""


@lru_cache(maxsize=4096)
def _is_program(user_agent: str) -> bool:
    if not _BROWSER.match(user_agent):
        return True
    return bool(_detector.isCrawler(_INSIDE_WHATSAPP.sub("", user_agent)))


def is_bot(user_agent: str) -> bool:
    """Whether this user agent is a program and no browser; a missing one is."""
    return _is_program(user_agent[:_LONGEST])


def is_in_advance(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the browser fetches the page before anybody asked for it."""
    for name in _IN_ADVANCE:
        value = headers.get(name)
        if value and (b"prefetch" in value.lower() or b"preview" in value.lower()):
            return True
    return False


def is_person(method: str, headers: Mapping[bytes, bytes]) -> bool:
    """Whether this request is a person opening the link. `headers` have lower-case names."""
    if method != "GET" or is_in_advance(headers):
        return False
    return not is_bot(headers.get(b"user-agent", b"").decode("latin-1"))
