"""A letter as a mail: headers, a text part and an HTML part."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi

from wordmouth.kit import clock
from wordmouth.messages import tokens
from wordmouth.messages.letters import Letter, Occasion
from wordmouth.messages.voice import plain_name
from wordmouth.stores import addresses, brand

LONGEST_SUBJECT = 150


def render(occasion: Occasion, letter: Letter, digest: str) -> EmailMessage:
    """The complete mail. `digest` is the reader's, for the way to unsubscribe."""
    store = occasion.store
    stop = addresses.unsubscribe(store.slug, tokens.stop_key(store.id, digest))
    sender = parseaddr(settings.MAIL_FROM)[1]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name=plain_name(store.name), addr_spec=sender)
    mail["To"] = occasion.person.email.strip()
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{occasion.message_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    mail["List-Unsubscribe"] = f"<{stop}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    context = {
        "letter": letter,
        "store": plain_name(store.name),
        "shop": store.shop_url or addresses.landing(store.slug),
        "stop": stop,
        "brand": brand.read(store.brand),
        "language": get_language() or settings.LANGUAGE_CODE,
        "direction": "rtl" if get_language_bidi() else "ltr",
    }
    mail.set_content(_tidy(render_to_string("messages/letter.txt", context)))
    mail.add_alternative(render_to_string("messages/letter.html", context), subtype="html")
    return mail


def _one_line(text: str) -> str:
    """A header never holds more than one line, whatever a name holds."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(kept.split())[:LONGEST_SUBJECT]


def _tidy(text: str) -> str:
    """At most one empty line between paragraphs, none at the ends."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept) + "\n"
