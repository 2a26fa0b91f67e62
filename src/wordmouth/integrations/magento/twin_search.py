"""How the fake twin of Magento answers search criteria: one filter of every group must hold, behind
the last page is the last page again, and only the fields that are asked for are told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from wordmouth.integrations.magento import twin_forms as forms
from wordmouth.integrations.twins import Reply, Request, reply

NAME = "searchCriteria"


def listed(things: Iterable[dict[str, Any]], request: Request) -> Reply:
    """A page of what is asked for."""
    query = request.query
    found = [thing for thing in things if _fits(thing, query)]
    by = list(_told(query, f"{NAME}[sortOrders][{{}}][field]"))
    found.sort(key=lambda thing: [_value(thing, field) for field in by])
    size = int(query.get(f"{NAME}[pageSize]", "1000000"))
    last = max((len(found) - 1) // size, 0)
    page = min(int(query.get(f"{NAME}[currentPage]", "1")) - 1, last)
    told = {
        "items": found[page * size : (page + 1) * size],
        "search_criteria": {"page_size": size},
        "total_count": len(found),
    }
    return reply(200, forms.chosen(told, query["fields"]) if "fields" in query else told)


def _fits(thing: dict[str, Any], query: dict[str, str]) -> bool:
    for group in count():
        name = f"{NAME}[filterGroups][{group}][filters]"
        fields = list(_told(query, f"{name}[{{}}][field]"))
        if not fields:
            return True
        if not any(
            _CONDITIONS[query[f"{name}[{place}][conditionType]"]](
                _value(thing, field), query[f"{name}[{place}][value]"]
            )
            for place, field in enumerate(fields)
        ):
            return False
    raise AssertionError("there is no last group")


def _told(query: dict[str, str], name: str) -> Iterable[str]:
    """What is told under a name with the numbers from 0 on in it."""
    for place in count():
        if name.format(place) not in query:
            return
        yield query[name.format(place)]


def _value(thing: dict[str, Any], field: str) -> Any:
    """A field as the database has it: customers and products show their `entity_id` as `id`."""
    return thing["id"] if field == "entity_id" and "id" in thing else thing.get(field)


def _same(known: Any, wanted: str) -> bool:
    return str(known).upper() == wanted.upper()


def _is_more(known: Any, wanted: str) -> bool:
    return bool(known > type(known)(wanted))


_CONDITIONS: dict[str, Callable[[Any, str], bool]] = {
    "eq": _same,
    "gt": _is_more,
    "gteq": lambda known, wanted: _same(known, wanted) or _is_more(known, wanted),
    "in": lambda known, wanted: str(known) in wanted.split(","),
}
