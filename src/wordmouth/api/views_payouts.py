"""Payouts: who is paid, in which batch, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.paging import check_id, page_of
from wordmouth.api.requests import PageQuery
from wordmouth.api.requests_payouts import (
    AnswersRequest,
    BatchRequest,
    PayeeRequest,
    PayoutQuery,
    PayoutRulingRequest,
    PayoutState,
    PreviewQuery,
)
from wordmouth.api.shapes import Page, Text
from wordmouth.api.shapes_payouts import (
    Forgotten,
    HeardAnswer,
    HeardAnswers,
    Payee,
    Payout,
    PayoutBatch,
    PayoutPreview,
    PayoutStep,
    PreviewLine,
    TaxPapers,
    YearTotal,
    YearTotals,
)
from wordmouth.payouts import collecting, queries, services
from wordmouth.payouts.errors import BadAnswers
from wordmouth.payouts.facts import Answer, BatchFacts, Line, PayeeFacts, PayoutFacts
from wordmouth.payouts.sepa import payout_id_of
from wordmouth.payouts.words import reason_text
from wordmouth.people import queries as people

MOST_HELD = 1000


def set_payee(store_id: str, advocate_id: str, body: PayeeRequest, by: str) -> Payee:
    """Say where an advocate is paid. Raises NotFound, BadAccount."""
    return _payee(services.set_payee(store_id, advocate_id, **body.model_dump(), by=by))


def payee(advocate_id: str) -> Payee:
    """Where an advocate is paid. Raises NotFound."""
    return _payee(queries.payee(advocate_id))


def forget_payee(advocate_id: str) -> Forgotten:
    """Forget where an advocate is paid. Raises NotFound."""
    services.forget_payee(advocate_id)
    return Forgotten(advocate=advocate_id)


def _payee(facts: PayeeFacts) -> Payee:
    return Payee(
        advocate=facts.advocate_id,
        method=facts.method,
        hint=facts.hint,
        set_at=facts.set_at,
        set_by=facts.set_by,
    )


def note_papers(store_id: str, advocate_id: str, year: int, by: str) -> TaxPapers:
    """Note that tax papers are there. Raises NotFound, Invalid."""
    services.note_papers(store_id, advocate_id, year, by=by)
    return TaxPapers(advocate=advocate_id, year=year)


def preview(store_id: str, query: PreviewQuery) -> PayoutPreview:
    """What a batch made now would be."""
    found = collecting.preview(store_id, query.rail, query.currency)
    return PayoutPreview(
        rail=query.rail,
        currency=found.currency,
        total=found.total,
        needs_second=found.needs_second,
        problem=found.problem,
        paid=[_line(line) for line in found.paid],
        held=[_line(line) for line in found.held[:MOST_HELD]],
        held_count=len(found.held),
    )


def _line(line: Line) -> PreviewLine:
    reason = Text(code=line.reason, text=reason_text(line.reason)) if line.reason else None
    return PreviewLine(
        advocate=line.advocate_id,
        amount=line.amount,
        method=line.method,
        hint=line.hint,
        reason=reason,
    )


def make(store_id: str, body: BatchRequest, by: str) -> PayoutBatch:
    """Make a batch. Raises RailNotReady, NothingToPay."""
    return _batch(services.make(store_id, body.rail, body.currency, by=by))


def batch(batch_id: str) -> PayoutBatch:
    """One batch. Raises NotFound."""
    return _batch(queries.batch(batch_id))


def batches(query: PageQuery) -> Page[PayoutBatch]:
    """Batches, newest first."""
    return page_of(query, "bat", queries.batches, lambda found: [_batch(one) for one in found])


def move(
    verb: Callable[..., BatchFacts], store_id: str, batch_id: str, by: str
) -> PayoutBatch:  # fmt: skip
    """Approve, cancel or send a batch. Raises NotFound, BatchNotReady and others."""
    return _batch(verb(store_id, batch_id, by=by))


def _batch(facts: BatchFacts) -> PayoutBatch:
    return PayoutBatch.model_validate(facts, from_attributes=True)


def payout(payout_id: str) -> Payout:
    """One payout with its steps. Raises NotFound."""
    return _payouts([queries.payout(payout_id)])[0]


def payouts(query: PayoutQuery) -> Page[Payout]:
    """Payouts, newest first."""
    check_id("query.batch", query.batch, "bat")
    check_id("query.advocate", query.advocate, "adv")

    def read(limit: int, starting_after: str | None) -> Sequence[PayoutFacts]:
        return queries.page(
            batch_id=query.batch,
            advocate=query.advocate,
            state=query.state,
            in_doubt=query.in_doubt,
            limit=limit,
            starting_after=starting_after,
        )

    return page_of(query, "pay", read, _payouts)


def _payouts(found: Sequence[PayoutFacts]) -> list[Payout]:
    steps = queries.steps(facts.id for facts in found)
    return [
        Payout(
            id=facts.id,
            batch=facts.batch_id,
            advocate=facts.advocate_id,
            amount=facts.amount,
            currency=facts.currency,
            method=facts.method,
            hint=facts.hint,
            state=cast(PayoutState, facts.state),
            told=facts.told,
            reference=facts.reference,
            problem=facts.problem,
            disputed=facts.disputed,
            in_doubt=facts.in_doubt,
            requested_at=facts.requested_at,
            settled_at=facts.settled_at,
            changed_at=facts.changed_at,
            steps=[
                PayoutStep.model_validate(step, from_attributes=True)
                for step in steps.get(facts.id, [])
            ],
        )
        for facts in found
    ]


def rule(store_id: str, payout_id: str, body: PayoutRulingRequest, by: str) -> Payout:
    """Say what became of a payout in doubt. Raises NotFound, PayoutDecided,
    PayoutOnTheWay."""
    services.rule(store_id, payout_id, body.state, body.reason, by=by)
    return payout(payout_id)


def hear(store_id: str, body: AnswersRequest, by: str) -> HeardAnswers:
    """Take a bank's answers. Raises RequestInvalid, which names each that cannot be."""
    told = [
        Answer(payout_id=payout_id_of(one.payout), state=one.state, reason=one.reason, line=place)
        for place, one in enumerate(body.answers)
    ]
    try:
        heard = services.hear(store_id, told, by=by)
    except BadAnswers as error:
        problems = [
            FieldError(path=f"answers[{place}].payout", message=text)
            for place, text in error.problems
        ]
        raise RequestInvalid(problems) from None
    return HeardAnswers(
        data=[
            HeardAnswer(
                payout=one.payout_id,
                state=cast(PayoutState, one.state),
                news=one.news,
                disputed=one.disputed,
            )
            for one in heard
        ]
    )


def year_totals(year: int) -> YearTotals:
    """What everybody was paid in a year."""
    totals = collecting.year_totals(year)
    known = people.persons(one.person_id for one in totals)
    return YearTotals(
        year=year,
        data=[
            YearTotal(
                person=one.person_id,
                email=known[one.person_id].email,
                currency=one.currency,
                paid=one.settled,
                payouts=one.count,
                under_way=one.under_way,
                tax_papers=one.papers,
            )
            for one in totals
        ],
    )
