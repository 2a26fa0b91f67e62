"""What is allowed in a programme and yet may not be what was meant, in sentences.

Pure. Told with a plan; nothing is refused for it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from wordmouth.programs.document import MONEY_KINDS, ProgramDocument
from wordmouth.programs.finding import dotted, shown
from wordmouth.programs.fitting import Surroundings, categories, rewards
from wordmouth.programs.limit_rules import first_count


def notes(document: ProgramDocument, known: Surroundings) -> list[str]:
    """Everything worth a second look, one sentence each."""
    return [
        *_points(document),
        *_long_ways(document),
        *_costs(document),
        *_categories(document, known),
    ]


def _points(document: ProgramDocument) -> Iterator[str]:
    given = {reward.kind for _, reward in rewards(document)}
    for kind, what in (("points", "points"), ("store_credit", "store credit")):
        options = [option for option in document.wallet.redemptions if option.pay_with == kind]
        if options and kind not in given:
            yield f"wallet.redemptions takes {what}, but no offer gives any."
        # Credit can be spent without options: any amount of it becomes a coupon.
        if kind == "points" and kind in given and not options:
            yield "There is nothing that points could be spent on: add it as wallet.redemptions."


def _long_ways(document: ProgramDocument) -> Iterator[str]:
    limit = document.limits.per_advocate
    if limit is None or limit.count is None:
        return
    for index, offer in enumerate(document.offers):
        for number, reward in enumerate(offer.advocate):
            if first_count(reward) > limit.count:
                yield (
                    f"offers[{index}].advocate[{number}] takes {first_count(reward)} friends, and "
                    f"limits.per_advocate counts {limit.count} in {limit.days} days: nobody gets "
                    "it sooner."
                )


def _costs(document: ProgramDocument) -> Iterator[str]:
    limits = document.limits
    capped = [limits.per_advocate, limits.per_advocate_total]
    if limits.budget is None and not any(limit and limit.value for limit in capped):
        return
    for place, reward in rewards(document):
        if reward.kind not in MONEY_KINDS and reward.cost is None:
            yield (
                f"{dotted(place)} counts nothing towards budget and limits by value: say with "
                "cost what it costs the store."
            )


def _categories(document: ProgramDocument, known: Surroundings) -> Iterator[str]:
    if not known.catalogue_size:
        return
    for place, category in categories(document):
        if category not in known.categories:
            close = difflib.get_close_matches(category, known.categories, n=1, cutoff=0.5)
            hint = f"; did you mean {shown(close[0])}?" if close else "."
            yield f"{dotted(place)}: no known product is in the category {shown(category)}{hint}"
