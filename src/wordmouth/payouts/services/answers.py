"""Verbs on what comes back: answers of banks and payment services, and people's rulings."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid, NotFound
from wordmouth.payouts import collecting, orders, states, tables
from wordmouth.payouts.errors import BadAnswers, PayoutDecided, PayoutOnTheWay
from wordmouth.payouts.facts import Answer, Heard, PayoutFacts
from wordmouth.payouts.models import Payout, Step
from wordmouth.payouts.queries import payout_facts
from wordmouth.payouts.services.moving import Register

NEVER_SENT = (states.REQUESTED, states.APPROVED, states.CANCELLED)
LONGEST_PROBLEM = 1000


def answer_table(store_id: str, content: bytes, *, by: str) -> list[Heard]:
    """Take a table of answers (see `tables.answers`). Raises BadAnswers; nothing counted then."""
    return hear(store_id, tables.answers(content), by=by)


def hear(store_id: str, answers: Sequence[Answer], *, by: str) -> list[Heard]:
    """Believe what people bring from a bank, as far as `states.BELIEVED` says; what was told
    before changes nothing.

    Raises BadAnswers where an answer speaks of a payout that is not there or was never sent, or
    would give back money that may still leave; nothing counted then.
    """
    rows = _rows(answers)
    known = _told_before(rows)
    _check_none_may_leave(rows, answers, known)
    return _hear_all(store_id, rows, answers, known, by)


def hear_service(store_id: str, answers: Sequence[Answer], *, by: str) -> list[Heard]:
    """The same for what a payment service says of its own orders, also while one is under way.
    Raises BadAnswers."""
    rows = _rows(answers)
    return _hear_all(store_id, rows, answers, _told_before(rows), by)


def _hear_all(
    store_id: str,
    rows: dict[str, Payout],
    answers: Sequence[Answer],
    known: set[tuple[str, str]],
    by: str,
) -> list[Heard]:
    register = Register(store_id, by)
    heard = [_hear(register, rows[one.payout_id], one, known) for one in answers]
    register.write()
    return heard


def _rows(answers: Sequence[Answer]) -> dict[str, Payout]:
    rows: dict[str, Payout] = {}
    for ids in collecting.chunks({answer.payout_id for answer in answers}):
        rows |= {row.id: row for row in Payout.objects.filter(id__in=ids)}
    problems = []
    for answer in answers:
        row = rows.get(answer.payout_id)
        if row is None:
            problems.append((answer.line, f"there is no payout {answer.payout_id[:60]!r}"))
        elif row.state in NEVER_SENT:
            problems.append((answer.line, f"{row.id} was never sent: it is {row.state}"))
    if problems:
        raise BadAnswers(problems)
    return rows


def _check_none_may_leave(
    rows: dict[str, Payout], answers: Sequence[Answer], known: set[tuple[str, str]]
) -> None:
    """Given back while it may leave, the same cash could be paid a second time."""
    giving = [one for one in answers if _gives_back(rows[one.payout_id], one, known)]
    leaving = orders.may_still_leave(
        {one.payout_id: rows[one.payout_id] for one in giving}.values()
    )
    problems = [
        (one.line, f"{one.payout_id}: {orders.ON_THE_WAY}")
        for one in giving
        if one.payout_id in leaving
    ]
    if problems:
        raise BadAnswers(problems)


def _gives_back(row: Payout, answer: Answer, known: set[tuple[str, str]]) -> bool:
    news = answer.state in states.FINAL_ANSWERS and (row.id, answer.state) not in known
    return news and states.gives_back(row.state, answer.state)


def _told_before(rows: dict[str, Payout]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for ids in collecting.chunks(rows):
        told = Step.objects.filter(payout_id__in=ids, what="told")
        found |= set(told.values_list("payout_id", "state"))
    return found


def _hear(register: Register, row: Payout, answer: Answer, known: set[tuple[str, str]]) -> Heard:
    news = answer.state not in states.FINAL_ANSWERS or (row.id, answer.state) not in known
    if answer.state not in states.FINAL_ANSWERS:
        news = _hear_on_the_way(register, row, answer)
    elif news:
        known.add((row.id, answer.state))
        _believe(register, row, answer)
    return Heard(payout_id=row.id, state=row.state, news=news, disputed=row.disputed)


def _hear_on_the_way(register: Register, row: Payout, answer: Answer) -> bool:
    """It is under way there, or nobody can say: no step, for this is asked again and again."""
    problem = answer.reason[:LONGEST_PROBLEM]
    before = (row.told, row.reference, row.problem)
    if row.state == states.SENT:
        row.told = answer.state
        row.reference = answer.reference[:200] or row.reference
        row.problem = problem
    if (row.told, row.reference, row.problem) == before:
        return False
    row.changed_at = clock.now()
    register.keep(row)
    return True


def _believe(register: Register, row: Payout, answer: Answer) -> None:
    state, contradicts = states.BELIEVED[row.state, answer.state]
    row.disputed = contradicts or (row.disputed and state == row.state)
    row.reference = answer.reference[:200] or row.reference
    row.problem = answer.reason[:LONGEST_PROBLEM]
    register.note(row, "told", answer.state, answer.reason)
    if state != row.state:
        register.move(row, state)


def rule(store_id: str, payout_id: str, state: str, reason: str, *, by: str) -> PayoutFacts:
    """Say what became of a payout that was sent and is not decided, or whose answers contradict
    each other: settled, returned or refused. For people, who have looked at the bank.

    Raises NotFound, Invalid, PayoutDecided; PayoutOnTheWay where it would give back money that
    may still leave.
    """
    row = Payout.objects.filter(id=payout_id).first()
    if row is None:
        raise NotFound("There is no such payout.")
    if state not in states.FINAL_ANSWERS:
        allowed = ", ".join(states.FINAL_ANSWERS)
        raise Invalid(f"state: {state[:30]!r} is none of {allowed}")
    if row.state != states.SENT and not row.disputed:
        raise PayoutDecided(f"The payout is {row.state}, and nothing contradicts that.")
    if state != states.SETTLED and orders.may_still_leave([row]):
        raise PayoutOnTheWay(orders.ON_THE_WAY)
    register = Register(store_id, by)
    row.disputed, row.problem = False, reason[:LONGEST_PROBLEM]
    if state == row.state:
        register.note(row, "ruled", state, reason)
    else:
        register.move(row, state, what="ruled", reason=reason)
    register.write()
    return payout_facts(row)


def note_held(payout_ids: Sequence[str], why: str) -> None:
    """Note why these have not left: nothing is told of them, and nobody is in doubt."""
    sent = Payout.objects.filter(id__in=payout_ids, state=states.SENT)
    sent.update(problem=why, changed_at=clock.now())


def mark_tried(payout_ids: Sequence[str]) -> None:
    """Note that these are about to leave; from now on they are looked at before they are sent."""
    Payout.objects.filter(id__in=payout_ids, tried_at=None).update(tried_at=clock.now())
