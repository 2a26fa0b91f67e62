"""Budgets: what a programme has promised lately, against what it may.

A budget stops nobody's reward: it closes the programme's intake, so that no new promise is made,
until old promises leave the period or fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wordmouth.programs import queries as programs
from wordmouth.programs import services as program_services
from wordmouth.programs.events import ProgramChanged
from wordmouth.rewards import queries
from wordmouth.rewards.events import RewardChanged
from wordmouth.stores.transactions import store_write


def on_rewards_changed(happened: Sequence[RewardChanged]) -> None:
    """Look at the budgets of the programmes whose promises changed."""
    watch({event.reward.program_id for event in happened})


def on_programs_changed(happened: Sequence[ProgramChanged]) -> None:
    """A budget may be another now, or none."""
    watch({event.program_id for event in happened})


def watch(program_ids: Iterable[str]) -> None:
    """Tell programmes how much of their budget is promised. Inside a store write."""
    for program in programs.programs(program_ids).values():
        budget = program.version.document.limits.budget
        if budget is not None:
            program_services.note_budget(program.id, queries.budget_used(program), budget.amount)
        elif program.budget_level:
            program_services.note_budget(program.id, 0, 0)


def refresh() -> int:
    """By the clock: open again what a budget had closed, once old promises are out of its period;
    how many programmes were looked at."""
    watched = programs.with_budget_level()
    for store_id, program_ids in watched.items():
        with store_write(store_id):
            watch(program_ids)
    return sum(len(ids) for ids in watched.values())
