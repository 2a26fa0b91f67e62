"""Verbs on claims and tallies."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, Max, QuerySet
from django_scopes import scopes_disabled

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.errors import UnknownCode
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock, events
from wordmouth.kit.ids import derived_code, new_id
from wordmouth.people import services as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.programs.document import Offer
from wordmouth.programs.facts import ProgramFacts
from wordmouth.stores.transactions import write_gate
from wordmouth.stores.vault import derived_key
from wordmouth.visits import queries
from wordmouth.visits.errors import NotClaimable
from wordmouth.visits.events import ClaimMade
from wordmouth.visits.facts import ClaimFacts
from wordmouth.visits.models import Claim, TallyCursor, Visit
from wordmouth.visits.rules import expiry, standing

TALLY_AT_ONCE = 5_000
_ADD_TALLIES = """
INSERT INTO visits_visittally (store_id, advocate_id, day, visits)
SELECT store_id, advocate_id, {day}, count(*) FROM visits_visit
WHERE seq > %s AND seq <= %s GROUP BY 1, 2, 3
ON CONFLICT (store_id, advocate_id, day)
DO UPDATE SET visits = visits_visittally.visits + excluded.visits
"""
_DAY = {"sqlite": "date(at)", "postgresql": "(at AT TIME ZONE 'UTC')::date"}
_CLOSED = {
    "draft": "This programme has not begun yet.",
    "paused": "This programme takes no new friends at the moment.",
    "ended": "This programme has ended and takes no new friends.",
    "full": "This programme takes no new friends at the moment: what it can give away is promised "
    "to others already.",
    "stopped": "The shop has stopped this programme for now; nobody new can take its offer.",
}
"""Why an offer cannot be claimed, by what a programme is in effect."""
COMMITTED_WITHIN = timedelta(seconds=30)
"""Far longer than a visit waits for its commit."""


def claim(store_id: str, code: str, customer: CustomerSnapshot, click: str = "") -> ClaimFacts:
    """A friend takes the offer of whoever `code` belongs to; the same human gets the same claim.

    Whether the friend is eligible is decided when they buy, and is not told here: nobody learns
    from a claim whether an address is a customer's. Raises UnknownCode, BadEmail, NotClaimable.
    """
    found = advocates.by_code(code)
    if found is None or found[0] != store_id:
        raise UnknownCode("This referral code leads nowhere; check its spelling.")
    advocate = found[1]
    person = people.person_for(store_id, customer)
    known = standing(queries.claims_of_human(person), clock.now())
    if known is not None:
        return known
    program = programs.programs([advocate.program_id])[advocate.program_id]
    if not program.takes_friends:
        raise NotClaimable(_CLOSED[program.standing])
    facts = _add(store_id, advocate, program, person, click)
    events.emit(ClaimMade(store_id=store_id, claim=facts))
    return facts


def offer_of(advocate: AdvocateFacts, program: ProgramFacts) -> Offer:
    """The offer that an advocate and their friends see; the first where theirs is no more."""
    return program.version.document.offer(advocate.offer) or program.version.document.offers[0]


def _add(
    store_id: str, advocate: AdvocateFacts, program: ProgramFacts, person: str, click: str
) -> ClaimFacts:
    offer = offer_of(advocate, program)
    claim_id, now = new_id("clm"), clock.now()
    row = Claim.objects.create(
        id=claim_id,
        store_id=store_id,
        advocate_id=advocate.id,
        person_id=person,
        version_id=program.version.id,
        offer=offer.key,
        coupon_code=derived_code("WM", claim_id, derived_key("coupons")),
        click=click,
        claimed_at=now,
        expires_at=expiry(offer, now),
    )
    return queries.facts_of(row)


def tally() -> int:
    """Count visits since the last time into the tallies by day; how many were counted.

    Visits have no index but their sequence: this reads each of them once.
    """
    counted = some = _tally_some()
    while some == TALLY_AT_ONCE:
        some = _tally_some()
        counted += some
    return counted


def _tally_some() -> int:
    """The next visits, in a transaction of their own: clicks wait for no more than that."""
    with write_gate(), transaction.atomic(), scopes_disabled():
        TallyCursor.objects.get_or_create(id=1)
        cursor = TallyCursor.objects.select_for_update().get(id=1)
        new = _committed(Visit.objects.filter(seq__gt=cursor.seq)).order_by("seq")[:TALLY_AT_ONCE]
        found = new.aggregate(count=Count("seq"), last=Max("seq"))
        if found["count"]:
            _add_tallies(cursor.seq, found["last"])
            TallyCursor.objects.filter(id=1).update(seq=found["last"])
    return int(found["count"])


def _committed(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """Only rows before which no other can appear any more: on PostgreSQL several processes draw
    numbers, and a lower one may be committed later than a higher one."""
    if connection.vendor == "sqlite":
        return rows
    return rows.filter(at__lt=clock.now() - COMMITTED_WITHIN)


def _add_tallies(after: int, until: int) -> None:
    """In one statement: row by row it would take a minute after a storm, and clicks as long."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_TALLIES.format(day=_DAY[connection.vendor]), [after, until])
