"""What the kill switch holds back: payouts to people of a programme that is stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wordmouth.payouts import states
from wordmouth.payouts.errors import ProgramIsStopped
from wordmouth.payouts.models import Payout
from wordmouth.programs import queries as programs

STOPPED = "The programme was stopped by the shop. This is paid when the programme goes on."


def stopped(program_ids: Iterable[str]) -> dict[str, str]:
    """Those of these programmes that are stopped, with what they are called in addresses."""
    found = programs.programs(program_ids)
    return {key: facts.slug for key, facts in found.items() if facts.intake == "stopped"}


def problems(batch_ids: Iterable[str]) -> dict[str, str]:
    """Why these batches cannot go, by batch. One that can, or has gone, is left out."""
    of_batch: dict[str, set[str]] = defaultdict(set)
    waiting = Payout.objects.filter(
        batch_id__in=list(batch_ids), state__in=(states.REQUESTED, states.APPROVED)
    )
    for batch_id, program_id in waiting.values_list("batch_id", "advocate__program_id").distinct():
        of_batch[batch_id].add(program_id)
    slugs = stopped({key for mine in of_batch.values() for key in mine})
    named = {
        batch_id: sorted(slugs[key] for key in mine & slugs.keys())
        for batch_id, mine in of_batch.items()
    }
    return {batch_id: _problem(names) for batch_id, names in named.items() if names}


def _problem(slugs: list[str]) -> str:
    if len(slugs) == 1:
        return f"The programme {slugs[0]} is stopped: resume it, or cancel this batch."
    return f"The programmes {', '.join(slugs)} are stopped: resume them, or cancel this batch."


def check(batch_id: str) -> None:
    """Raise ProgramIsStopped where a batch that has not gone would pay from a stopped one."""
    problem = problems([batch_id]).get(batch_id)
    if problem:
        raise ProgramIsStopped(problem)


def is_held(batch_id: str, part: int) -> bool:
    """Whether an order to a payment service must wait: a part goes as a whole or not at all."""
    mine = Payout.objects.filter(batch_id=batch_id, part=part, state=states.SENT)
    return bool(stopped(set(mine.values_list("advocate__program_id", flat=True))))
