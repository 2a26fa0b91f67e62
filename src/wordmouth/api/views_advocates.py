"""Advocates with all that belongs to them, read in sets."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.api.paging import page_of
from wordmouth.api.requests import AdvocateRequest, PageQuery, WalletQuery
from wordmouth.api.shapes import Advocate, Page, ReferralCounts, Wallet
from wordmouth.people import queries as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import queries as rewards
from wordmouth.stores.addresses import referral_link
from wordmouth.visits import queries as visits


def enrol(store_id: str, body: AdvocateRequest) -> Advocate:
    """Make somebody an advocate; the same e-mail is the same advocate."""
    customer = CustomerSnapshot(
        id=body.external_id,
        email=body.email,
        first_name=body.first_name,
        last_name=body.last_name,
        locale=body.locale,
    )
    return shown([services.enrol(store_id, customer, body.program)])[0]


def one(advocate_id: str) -> Advocate:
    """One advocate. Raises NotFound."""
    return shown([advocates.advocate(advocate_id)])[0]


def page(query: PageQuery) -> Page[Advocate]:
    """Advocates, newest first."""
    return page_of(query, "adv", advocates.page, shown)


def wallet(advocate_id: str, query: WalletQuery) -> Wallet:
    """What an advocate has, now or at a past moment. Raises NotFound."""
    advocates.advocate(advocate_id)
    found = rewards.wallet(advocate_id, query.at, query.limit)
    return Wallet.model_validate(found, from_attributes=True)


def shown(found: Sequence[AdvocateFacts]) -> list[Advocate]:
    """Advocates as shapes, with a fixed number of queries however many they are."""
    ids = [facts.id for facts in found]
    persons = people.persons(facts.person_id for facts in found)
    owners = programs.programs(facts.program_id for facts in found)
    visits_of = visits.visit_counts(ids)
    counts = referrals.counts_of_advocates(ids)
    return [
        Advocate(
            id=facts.id,
            email=persons[facts.person_id].email,
            first_name=persons[facts.person_id].first_name,
            last_name=persons[facts.person_id].last_name,
            locale=persons[facts.person_id].locale,
            code=facts.code,
            url=referral_link(facts.code),
            visits=visits_of[facts.id],
            referrals=ReferralCounts(**counts.get(facts.id, {})),
            program=owners[facts.program_id].slug,
            offer=facts.offer,
            status=facts.status,
            joined_at=facts.joined_at,
        )
        for facts in found
    ]
