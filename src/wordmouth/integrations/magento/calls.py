"""Calls to the API of one Magento shop: each is signed, lists are asked for by search criteria, and
what is wrong is said with parameters that are filled in here."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from wordmouth.fulfilment.ports import Unreachable
from wordmouth.integrations.magento.oauth import Keys, authorization, escaped
from wordmouth.integrations.ports import OK
from wordmouth.integrations.rest import one_line
from wordmouth.integrations.shop_calls import NotLetIn, SaidNo, ShopCalls, clock_finding
from wordmouth.kit import clock, entropy
from wordmouth.kit.http import Answer, Http

T = TypeVar("T")

WHO = "Magento"
PATH = "/rest/V1"

Filter = tuple[str, str, str | int]
"""A field, a condition such as `gteq`, a value."""


class _Problem(msgspec.Struct, frozen=True):
    message: str = ""
    parameters: dict[str, Any] | list[Any] | None = None
    errors: list[_Problem] | None = None


class _Found(msgspec.Struct, frozen=True):
    """A list. Where only some fields are asked for, Magento writes an empty one as null."""

    items: list[msgspec.Raw] | None


class MagentoCalls(ShopCalls):
    """See `integrations.shop_calls.ShopCalls`."""

    def __init__(self, http: Http, base: str, keys: Keys) -> None:
        super().__init__(http, WHO, base, {})
        self._keys = keys

    def ask(self, method: str, path: str, document: Any = None) -> Answer:
        """Any method, with a document where one is given. Raises Unreachable, SaidNo."""
        nonce = entropy.random_bytes(16).hex()
        url = self._base + path
        self._headers["authorization"] = authorization(self._keys, method, url, nonce, clock.now())
        return super().ask(method, path, document)

    def get(self, path: str, **query: str | int) -> Answer:
        """Ask for what is at `path`. Raises Unreachable, SaidNo."""
        return self.ask("GET", path + (f"?{_query(query)}" if query else ""))

    def search(
        self,
        path: str,
        *groups: tuple[Filter, ...],
        sort: tuple[str, ...] = (),
        size: int,
        fields: str,
    ) -> list[msgspec.Raw]:
        """The first things of a list for which one filter of every group holds, in the order of
        those fields, with only the fields that are asked for. Raises Unreachable, SaidNo."""
        query = {**_criteria(groups, sort, size), "fields": f"items[{fields}]"}
        return self.read(self.get(path, **query), _Found).items or []

    def each(self, raw: msgspec.Raw, kind: type[T]) -> T:
        """A thing of a list as `kind`. Raises Unreachable: it has another form."""
        try:
            return msgspec.json.decode(raw, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreachable(f"The answer of {WHO} is not as agreed.") from error

    def _failure(self, answer: Answer) -> Exception:
        error = super()._failure(answer)
        words = _words(answer)
        said = f"{WHO} answered {answer.status}{f': {words}' if words else ''}."
        if isinstance(error, NotLetIn):
            clocks = clock_finding(answer)
            apart = f" {clocks.text} Calls are signed with the time." if clocks else ""
            return NotLetIn(said + (apart if clocks and clocks.state != OK else ""))
        return SaidNo(error.status, error.code, said) if isinstance(error, SaidNo) else error


def _query(told: dict[str, str | int]) -> str:
    """Magento reads a value only up to a second `=`, so all of it is escaped."""
    return "&".join(f"{escaped(name)}={escaped(str(text))}" for name, text in told.items())


def _criteria(
    groups: tuple[tuple[Filter, ...], ...], sort: tuple[str, ...], size: int
) -> dict[str, str | int]:
    """Of fewer than ten each: what is signed Magento sorts as people sort numbers, which is the
    order of RFC 5849 up to there."""
    told: dict[str, str | int] = {}
    for number, group in enumerate(groups):
        for place, (field, condition, value) in enumerate(group):
            name = f"searchCriteria[filterGroups][{number}][filters][{place}]"
            told |= {
                f"{name}[field]": field,
                f"{name}[conditionType]": condition,
                f"{name}[value]": value,
            }
    for place, field in enumerate(sort):
        told[f"searchCriteria[sortOrders][{place}][field]"] = field
        told[f"searchCriteria[sortOrders][{place}][direction]"] = "ASC"
    return {**told, "searchCriteria[pageSize]": size, "searchCriteria[currentPage]": 1}


def _words(answer: Answer) -> str:
    """What is wrong, in a sentence; empty where that cannot be read."""
    try:
        problem = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return one_line(" ".join(_filled(each) for each in (problem, *(problem.errors or ()))))


def _filled(problem: _Problem) -> str:
    """A message with what stands for `%1` or `%resources`."""
    told = problem.parameters or {}
    names = told if isinstance(told, dict) else {str(n): x for n, x in enumerate(told, 1)}
    return re.sub(r"%(\w+)", lambda found: str(names.get(found[1], found[0])), problem.message)
