"""The effect `mail.send`: make the mail of a message and hand it to the mailer."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from django.utils import translation

from wordmouth.messages import registry, services, suppression
from wordmouth.messages.kinds import KINDS
from wordmouth.messages.letters import Occasion
from wordmouth.messages.models import Message
from wordmouth.messages.ports import MailRefused, MailUnreachable
from wordmouth.messages.render import render
from wordmouth.messages.services import FAILED, SENT, SUPPRESSED, UNSETTLED, WAITING
from wordmouth.messages.voice import Voice, preferred_language
from wordmouth.outbox.errors import Hopeless, TryLater
from wordmouth.outbox.facts import LeasedEffect
from wordmouth.people import queries as people
from wordmouth.people.errors import BadEmail
from wordmouth.stores import queries as stores
from wordmouth.stores.transactions import store_write


def send_mail(effect: LeasedEffect) -> dict[str, Any]:
    """Send the message that the effect names; says what became of it.

    Raises TryLater where the mail server cannot be asked now, Hopeless where the address will
    never take mail: it is not written to again.
    """
    message_id = str(effect.payload["message"])
    with store_write(effect.store_id):
        mail, state = _prepare(effect.store_id, message_id)
    if mail is None:
        return {"message": message_id, "state": state}
    try:
        registry.mailer().send(mail)
    except MailUnreachable as error:
        raise TryLater(f"The mail server could not take it: {error}") from error
    except MailRefused as error:
        with store_write(effect.store_id):
            services.settle(message_id, FAILED)
            suppression.stop(suppression.digest(str(mail["To"])), suppression.REFUSED)
        raise Hopeless(f"The address takes no mail: {error}") from error
    with store_write(effect.store_id):
        services.settle(message_id, SENT)
    return {"message": message_id, "state": SENT, "mail": mail["Message-ID"]}


def send_given_up(effect: LeasedEffect, detail: str) -> None:
    """The mail could not be sent for two days. In the store write that gives the effect up."""
    services.settle(str(effect.payload["message"]), FAILED)


def _prepare(store_id: str, message_id: str) -> tuple[EmailMessage | None, str]:
    """The mail, or None with the state the message is in; what need not be said is marked so."""
    row = Message.objects.filter(id=message_id).first()
    if row is None or row.state not in UNSETTLED:
        return None, row.state if row else SUPPRESSED
    person = people.persons([row.person_id]).get(row.person_id)
    try:
        digest = suppression.digest(person.email if person else "")
    except BadEmail:
        digest = ""
    if person is None or not digest or suppression.is_stopped(digest):
        return None, services.settle(message_id, SUPPRESSED)
    store = stores.store(store_id)
    with translation.override(preferred_language(person.locale, store.locale)):
        occasion = Occasion(
            message_id=row.id,
            key=row.key,
            kind=row.kind,
            store=store,
            person=person,
            about=row.about,
            voice=Voice(store),
        )
        letter = KINDS[row.kind](occasion)
        if letter is None:
            return None, services.settle(message_id, SUPPRESSED)
        return render(occasion, letter, digest), WAITING
