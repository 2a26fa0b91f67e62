"""Verbs on advocates."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django_scopes import scopes_disabled

from wordmouth.advocates import queries
from wordmouth.advocates.errors import NoProgram
from wordmouth.advocates.events import AdvocateJoined
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.advocates.models import Advocate, PortalKey, ReferralCode
from wordmouth.advocates.rules import SIGNS_DRAWN, personal_code
from wordmouth.experiments.rules import assign
from wordmouth.experiments.services import expose
from wordmouth.kit import clock, events
from wordmouth.kit.ids import new_id, speakable
from wordmouth.kit.signing import fingerprint
from wordmouth.people import queries as people_queries
from wordmouth.people import services as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.stores.transactions import write_gate

PORTAL_KEY_LIVES = timedelta(days=7)


def enrol(
    store_id: str, customer: CustomerSnapshot, program_slug: str | None = None
) -> AdvocateFacts:
    """Make a person an advocate of the programme (default: the one that takes new friends now);
    who is one already stays the same advocate and becomes active again.

    Raises BadEmail, ProgramNotFound, NoProgram when the programme takes nobody new.
    """
    person = people.person_for(store_id, customer)
    program = programs.program(program_slug) if program_slug else programs.open_program()
    known = queries.of_person(person, program.id if program else None)
    if known is not None:
        Advocate.objects.filter(id=known.id, status="left").update(status="active")
        queries.ADVOCATES.forget([known.id])
        return queries.advocate(known.id)
    if program is None or not program.takes_friends:
        raise NoProgram("This store has no live programme that one could join now.")
    return _join(store_id, person, program)


def holder_for(store_id: str, person_id: str, program_id: str) -> str:
    """The advocate that a person is in a programme, to whom something is credited.

    Whoever is none yet becomes one, whether or not the programme runs: a promise is kept.
    """
    known = queries.of_person(person_id, program_id)
    if known is not None:
        return known.id
    return _join(store_id, person_id, programs.programs([program_id])[program_id]).id


def _join(store_id: str, person: str, program: ProgramFacts) -> AdvocateFacts:
    name = people_queries.persons([person])[person].first_name
    code = personal_code(name, speakable(SIGNS_DRAWN))
    arms = [(offer.key, offer.weight) for offer in program.version.document.offers]
    advocate = Advocate.objects.create(
        id=new_id("adv"),
        store_id=store_id,
        person_id=person,
        program_id=program.id,
        offer=assign(person, program.id, arms),
        code=code,
        joined_at=clock.now(),
    )
    ReferralCode.objects.create(
        code=code, store_id=store_id, advocate_id=advocate.id, created_at=clock.now()
    )
    expose(store_id, program.version.id, advocate.id, advocate.offer)
    facts = queries.facts_of(advocate)
    events.emit(AdvocateJoined(store_id=store_id, advocate=facts))
    return facts


def leave(advocate_id: str) -> None:
    """The advocate's links stop working; what was earned stays."""
    Advocate.objects.filter(id=advocate_id).update(status="left")
    queries.ADVOCATES.forget([advocate_id])


def portal_key(store_id: str, advocate_id: str) -> str:
    """A single-use secret for a link to the advocate's own page; only its hash is kept."""
    secret = secrets.token_urlsafe(24)
    PortalKey.objects.create(
        digest=fingerprint(secret),
        store_id=store_id,
        advocate_id=advocate_id,
        expires_at=clock.now() + PORTAL_KEY_LIVES,
    )
    return secret


def use_portal_key(secret: str) -> str | None:
    """The advocate that the secret opens, once; None when it is unknown, used or too old."""
    now = clock.now()
    fresh = PortalKey.objects.filter(digest=fingerprint(secret), used_at=None, expires_at__gt=now)
    key = fresh.first()
    if key is None or fresh.update(used_at=now) == 0:
        return None
    return key.advocate_id


def prune_portal_keys() -> int:
    """Forget keys that can no longer open anything; how many."""
    with write_gate(), transaction.atomic(), scopes_disabled():
        gone, _ = PortalKey.objects.filter(expires_at__lte=clock.now()).delete()
    return gone
