"""Gift cards from Tremendous behind `fulfilment.ports.GiftCardPort` (see the package)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import msgspec
from django.utils.translation import gettext

from wordmouth.fulfilment.ports import GiftCardSpec, GiftCardState, Refused, Unreachable
from wordmouth.integrations.rest import Calls, Denied, Silent, decoded, one_line, read
from wordmouth.integrations.tremendous.wire import (
    LinkAnswer,
    Order,
    OrderAnswer,
    Problem,
    Reward,
)
from wordmouth.kit.http import Http
from wordmouth.kit.money import to_decimal

WHO = "Tremendous"
EMAIL, LINK = "EMAIL", "LINK"
ORDERS = 9
"""How often a card is ordered anew when the order before it failed."""
FAILED, EXECUTED, CANCELED, WAITING = "FAILED", "EXECUTED", "CANCELED", "PENDING APPROVAL"
OF_CONTENT = frozenset({400, 422})

_encode = msgspec.json.Encoder(decimal_format="number").encode


class TremendousAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Whose cards they are: `funding_source` pays; the receiver chooses from `products`, or from
    those of `campaign`; `method` is EMAIL (Tremendous writes to them) or LINK (we do)."""

    api: str
    key: str
    funding_source: str
    campaign: str
    products: tuple[str, ...]
    method: str

    def __repr__(self) -> str:
        """Without the key."""
        return f"TremendousAccount(api={self.api!r}, funding_source={self.funding_source!r})"

    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {
            "authorization": f"Bearer {self.key}",
            "accept": "application/json",
            "content-type": "application/json",
        }


@contextmanager
def _answering() -> Iterator[None]:
    """Tell a missing answer as the room of fulfilment knows it. What is refused here concerns the
    account, which the merchant can mend."""
    try:
        yield
    except Silent as error:
        raise Unreachable(error.detail, error.retry_after) from error
    except Denied as denied:
        raise Unreachable(f"{WHO} does not do it: {words_of(denied)}.") from denied


class TremendousCards:
    """The gift cards of one store's account."""

    def __init__(self, http: Http, account: TremendousAccount) -> None:
        self._http = http
        self._account = account

    def find(self, key: str) -> GiftCardState | None:
        """The card of this key; None also where every order of it failed. Raises Unreachable."""
        with _answering():
            calls = self._calls()
            order, _ = self._standing(calls, key)
            return self._state(calls, order) if order else None

    def issue(self, spec: GiftCardSpec) -> GiftCardState:
        """Order the card, or get the one that was ordered under its key.

        Raises Refused for terms that Tremendous can never take or that differ from those of the
        card that is there, Unreachable.
        """
        with _answering():
            calls = self._calls()
            order, external_id = self._standing(calls, spec.key)
            if order is None and not external_id:
                raise Refused(f"{WHO} has failed to make this card {ORDERS} times.")
            if order is None:
                order = self._order(calls, spec, external_id)
            if order.status == FAILED:
                raise Silent(f"{WHO} could not make the card: see the order {order.id} there.")
            _same_terms(spec, order)
            return self._state(calls, order)

    def cancel(self, key: str) -> GiftCardState | None:
        """Take the card back. One that is not taken back counts as used. Raises Unreachable."""
        with _answering():
            calls = self._calls()
            order, _ = self._standing(calls, key)
            if order is None:
                return None
            if order.status == CANCELED:
                return _card(order, "cancelled")
            if order.status == WAITING:
                self._post(calls, f"/order_approvals/{order.id}/reject", {})
                return _card(order, "cancelled")
            if order.status != EXECUTED:
                raise Silent(f"{WHO} is still at work on the order {order.id} ({order.status}).")
            try:
                self._post(calls, f"/rewards/{_reward(order).id}/cancel", {})
            except Denied as denied:
                if denied.status != 422:
                    raise
                return _card(order, "used")
            return _card(order, "cancelled")

    def _calls(self) -> Calls:
        return Calls(self._http, WHO, self._account.api)

    def _post(self, calls: Calls, path: str, document: Any) -> Any:
        return calls.post(path, _encode(document), self._account.headers())

    def _standing(self, calls: Calls, key: str) -> tuple[Order | None, str]:
        """The order of this key that did not fail; without one, the external id to order under,
        which is empty when all were used up."""
        for count in range(1, ORDERS + 1):
            external_id = key if count == 1 else f"{key}.{count}"
            try:
                path = f"/orders/{quote(external_id, safe='')}"
                answer = calls.get(path, self._account.headers())
            except Denied as denied:
                if denied.status != 404:
                    raise
                return None, external_id
            order = decoded(answer, OrderAnswer, WHO).order
            if order.external_id != external_id:
                raise Silent(f"{WHO} answered about another order than it was asked for.")
            if order.status != FAILED:
                return order, external_id
        return None, ""

    def _order(self, calls: Calls, spec: GiftCardSpec, external_id: str) -> Order:
        account = self._account
        meta = {"meta": {"message": spec.message}} if account.method == EMAIL else {}
        choice: dict[str, Any] = {"campaign_id": account.campaign} if account.campaign else {}
        if account.products:
            choice["products"] = account.products
        document = {
            "external_id": external_id,
            "payment": {"funding_source_id": account.funding_source},
            "reward": {
                "value": {
                    "denomination": to_decimal(spec.value, spec.currency),
                    "currency_code": spec.currency,
                },
                "recipient": {"name": spec.name or spec.email, "email": spec.email},
                "delivery": {"method": account.method, **meta},
                **choice,
            },
        }
        try:
            answer = self._post(calls, "/orders", document)
        except Denied as denied:
            if denied.status not in OF_CONTENT:
                raise
            raise Refused(f"{WHO} does not make this card: {words_of(denied)}.") from denied
        return decoded(answer, OrderAnswer, WHO).order

    def _state(self, calls: Calls, order: Order) -> GiftCardState:
        if order.status == CANCELED:
            return _card(order, "cancelled")
        if order.status != EXECUTED:
            return _card(order, "pending")
        reward = _reward(order)
        delivery = reward.delivery
        if delivery is None or delivery.method != LINK:
            failed = delivery is not None and delivery.status == FAILED
            return _card(order, "active", text=_by_mail(failed))
        link = delivery.link
        if not link:
            answer = self._post(calls, f"/rewards/{reward.id}/generate_link", {})
            link = decoded(answer, LinkAnswer, WHO).reward.link
        return _card(order, "active", url=link)


def _card(order: Order, state: str, *, url: str = "", text: str = "") -> GiftCardState:
    rewards = f"/{order.rewards[0].id}" if order.rewards else ""
    return GiftCardState(reference=order.id + rewards, state=state, url=url, text=text)


def _by_mail(failed: bool) -> str:
    if failed:
        return gettext("The mail with this gift card came back. Ask the shop to send it again.")
    return gettext("The gift card comes to you by mail.")


def _reward(order: Order) -> Reward:
    if not order.rewards:
        raise Silent(f"The order {order.id} at {WHO} holds no card.")
    return order.rewards[0]


def _same_terms(spec: GiftCardSpec, order: Order) -> None:
    """An order that is there is answered whatever is asked for: look whether it is the same."""
    value = order.rewards[0].value if order.rewards else None
    wanted = to_decimal(spec.value, spec.currency)
    if value and (value.denomination != wanted or value.currency_code != spec.currency):
        raise Refused(
            f"{WHO} has this card with {value.denomination} {value.currency_code}, "
            f"not with {wanted} {spec.currency}."
        )


def words_of(denied: Denied) -> str:
    """Why Tremendous refused, in one line."""
    problem = read(denied.body, Problem)
    return one_line(problem.errors.message if problem else "") or f"status {denied.status}"
