"""A mail before it has a form: what is said, in parts. `render.py` gives it text and HTML."""

from __future__ import annotations

from typing import Any

import msgspec

from wordmouth.messages.voice import Voice
from wordmouth.people.facts import PersonFacts
from wordmouth.stores.facts import StoreFacts


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody is written to: the message's kind and the ids that it is about."""

    message_id: str
    key: str
    kind: str
    store: StoreFacts
    person: PersonFacts
    about: dict[str, Any]
    voice: Voice


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """The one thing to do; `url` is absolute."""

    label: str
    url: str


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the reader has: its value, its code (may be empty) and a line below."""

    value: str
    code: str = ""
    detail: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """What is said. `preview` is what mail programs show beside the subject; `because` is why
    the reader gets this mail."""

    subject: str
    preview: str
    title: str
    paragraphs: tuple[str, ...]
    because: str
    ticket: Ticket | None = None
    button: Button | None = None
    small: tuple[str, ...] = ()
