"""The API of a BigCommerce shop: reading it on, its webhooks, its health."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.bigcommerce import wire
from wordmouth.integrations.bigcommerce.calls import WHO, BigCalls
from wordmouth.integrations.bigcommerce.parse import ENDED, INCOMPLETE, SCOPES, read_time
from wordmouth.integrations.ports import (
    CUSTOMER,
    ORDER,
    Finding,
    Page,
    Ref,
)
from wordmouth.integrations.shop_calls import SaidNo, clock_finding, final
from wordmouth.integrations.shop_findings import let_in, not_asked, subscribed
from wordmouth.integrations.shop_lists import Cursor, cursor_of, page_by_time

ORDERS_PER_PAGE, CUSTOMERS_PER_PAGE = 20, 100
"""An order takes two calls more, for its lines and its coupons, and a third one for refunds; 150
calls are allowed in half a minute."""
MOST_LISTED = 250
TOLD = (*SCOPES, ENDED)
"""What we ask to be told."""


class BigApi:
    """See `integrations.ports.ShopApi`."""

    def __init__(self, shop: BigCalls) -> None:
        self._shop = shop

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now; an order with its lines, coupons and refunds. Raises
        Unreachable, Refused."""
        if ref.kind not in (ORDER, CUSTOMER) or not ref.id.isdecimal():
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        try:
            return self._order(ref.id) if ref.kind == ORDER else self._customer(ref.id)
        except SaidNo as no:
            if no.status == 404:
                return None
            raise Refused(no.words) from no

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`."""
        if kind not in (ORDER, CUSTOMER):
            raise Refused(f"{WHO} lists no {kind}.")
        at = cursor_of(cursor)
        with final():
            return self._customers(at) if kind == CUSTOMER else self._orders(at)

    def _order(self, number: str) -> Fetched:
        found = self._shop.get(f"/v2/orders/{number}")
        return self._whole(found.body, self._shop.read(found, wire.Listed))

    def _customer(self, number: str) -> Fetched | None:
        """v3 has no address for one customer: it is a list of one, or of none."""
        found = self._shop.get("/v3/customers", **{"id:in": number})
        raws = self._shop.read(found, wire.Raws).data
        return Fetched(kind=CUSTOMER, body=bytes(raws[0])) if raws else None

    def _orders(self, at: Cursor) -> Page:
        answer = self._shop.get(
            "/v2/orders",
            min_date_modified=_text(at.after),
            sort="date_modified:asc",
            limit=ORDERS_PER_PAGE,
            page=at.page,
        )
        raws = self._shop.listed(answer, msgspec.Raw)
        found = self._shop.listed(answer, wire.Listed)
        items = tuple(
            self._whole(bytes(raw), each)
            for raw, each in zip(raws, found, strict=True)
            if each.status_id != INCOMPLETE
        )
        times = [_time(each.date_modified, f"order {each.id}") for each in found]
        return page_by_time(items, times, at, last=len(times) < ORDERS_PER_PAGE)

    def _customers(self, at: Cursor) -> Page:
        answer = self._shop.get(
            "/v3/customers",
            **{"date_modified:min": _text(at.after)},
            sort="date_modified:asc",
            limit=CUSTOMERS_PER_PAGE,
            page=at.page,
        )
        raws = self._shop.read(answer, wire.Raws).data
        found = self._shop.read(answer, wire.ListedCustomers).data
        items = tuple(Fetched(kind=CUSTOMER, body=bytes(raw)) for raw in raws)
        times = [_time(each.date_modified, f"customer {each.id}") for each in found]
        return page_by_time(items, times, at, last=len(times) < CUSTOMERS_PER_PAGE)

    def _whole(self, order: bytes, listed: wire.Listed) -> Fetched:
        """The order as the shop wrote it, with what it wrote elsewhere."""
        path = f"/v2/orders/{listed.id}"
        products: list[msgspec.Raw] = []
        while True:
            page = len(products) // MOST_LISTED + 1
            answer = self._shop.get(f"{path}/products", limit=MOST_LISTED, page=page)
            more = self._shop.listed(answer, msgspec.Raw)
            products += more
            if len(more) < MOST_LISTED:
                break
        coupons = self._shop.listed(self._shop.get(f"{path}/coupons"), msgspec.Raw)
        refunds: list[msgspec.Raw] = []
        if listed.refunded_amount:
            answer = self._shop.get(f"/v3/orders/{listed.id}/payment_actions/refunds")
            refunds = self._shop.read(answer, wire.Raws).data
        whole = {
            "order": msgspec.Raw(order),
            "products": products,
            "coupons": coupons,
            "refunds": refunds,
        }
        return Fetched(kind=ORDER, body=msgspec.json.encode(whole))

    def install(self, address: str) -> tuple[str, ...]:
        """Make the webhooks that are missing and switch those on that were switched off."""
        done = []
        try:
            there = {hook.scope: hook for hook in self._hooks(address)}
            for scope in TOLD:
                told = {"scope": scope, "destination": address, "is_active": True}
                hook = there.get(scope)
                if hook is None:
                    self._shop.post("/v3/hooks", told)
                    done.append(f"The webhook {scope} was made.")
                elif not hook.is_active:
                    self._shop.ask("PUT", f"/v3/hooks/{hook.id}", told)
                    done.append(f"The webhook {scope} was switched off; it delivers again.")
        except SaidNo as no:
            why = _why_not(address)
            raise Refused(f"{no.words} {why}." if why else no.words) from no
        return tuple(done)

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked, delivers, and has the right time."""
        try:
            answer = self._shop.get("/v3/hooks", limit=MOST_LISTED)
            hooks = self._shop.read(answer, wire.Hooks).data
        except (Unreachable, SaidNo) as error:
            refused = f"{WHO} does not accept the account."
            mend = "Make a new API account with the rights that are asked for, and connect again."
            return (not_asked(error, refused, mend, "Look at status.bigcommerce.com"),)
        well = let_in(f"{WHO} accepts the account.")
        clock = clock_finding(answer)
        return (well, _subscribed(hooks, address), *([clock] if clock else []))

    def _hooks(self, address: str) -> list[wire.Hook]:
        """The webhooks that deliver to this address, those that are switched on last."""
        answer = self._shop.get("/v3/hooks", limit=MOST_LISTED)
        ours = [
            hook for hook in self._shop.read(answer, wire.Hooks).data if hook.destination == address
        ]
        return sorted(ours, key=lambda hook: hook.is_active)


def _subscribed(hooks: list[wire.Hook], address: str) -> Finding:
    live = {hook.scope for hook in hooks if hook.is_active and hook.destination == address}
    dumb = [scope for scope in TOLD if scope not in live]
    return subscribed(
        f"{len(TOLD)} webhooks are active.",
        dumb,
        "These webhooks are missing or switched off:",
        _why_not(address),
    )


def _why_not(address: str) -> str:
    """What BigCommerce would not deliver to, where that is so."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.port in (None, 443):
        return ""
    return f"{WHO} delivers to https on port 443 alone: SITE_URL has to be such an address"


def _time(text: str, what: str) -> datetime:
    """When it was last changed, in the shop's own time."""
    try:
        return read_time(text)
    except ValueError as error:
        raise Unreachable(f"{WHO} does not say when {what} was changed.") from error


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
