"""The API of a WooCommerce shop: reading it on, its webhooks, its health."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import cached_property

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.ports import (
    CUSTOMER,
    ORDER,
    PRODUCT,
    Finding,
    Page,
    Ref,
)
from wordmouth.integrations.shop_calls import SaidNo, ShopCalls, clock_finding, final
from wordmouth.integrations.shop_findings import let_in, not_asked, subscribed
from wordmouth.integrations.shop_lists import SECOND, Cursor, cursor_of, page_by_time
from wordmouth.integrations.woocommerce import wire
from wordmouth.kit.http import Http
from wordmouth.kit.signing import fingerprint

PATH = "/wp-json/wc/v3"
WHO = "WooCommerce"
TOPICS = (
    "order.created",
    "order.updated",
    "order.restored",
    "order.deleted",
    "customer.created",
    "customer.updated",
)
PER_PAGE = 50
MOST_REFUNDED = 10
"""Each order with refunds costs a question of its own; a page ends after so many."""


def calls(http: Http, base: str, key: str, secret: str) -> ShopCalls:
    """Calls to the API at that address, opened by a consumer key and its secret."""
    opened = base64.b64encode(f"{key}:{secret}".encode()).decode()
    return ShopCalls(http, WHO, base, {"authorization": f"Basic {opened}"})


class WooApi:
    """See `integrations.ports.ShopApi`. `secret` is what webhooks are to be signed with."""

    def __init__(self, shop: ShopCalls, secret: str) -> None:
        self._shop = shop
        self._secret = secret

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now; an order with its refunds. Raises Unreachable, Refused."""
        if ref.kind not in (ORDER, CUSTOMER, PRODUCT) or not ref.id.isdigit():
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        try:
            found = self._shop.get(f"/{ref.kind}s/{ref.id}")
        except SaidNo as no:
            if no.status == 404:
                return None
            raise Refused(no.words) from no
        raw = msgspec.Raw(found.body)
        if ref.kind == PRODUCT:
            return self._priced(raw)
        if ref.kind == CUSTOMER:
            return _fetched(CUSTOMER, found.body)
        return self._whole(raw, self._shop.read(found, wire.Listed))

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`."""
        lists = {ORDER: self._orders, CUSTOMER: self._customers, PRODUCT: self._products}
        if kind not in lists:
            raise Refused(f"{WHO} lists no {kind}.")
        with final():
            return lists[kind](cursor_of(cursor))

    def _orders(self, at: Cursor) -> Page:
        raws, found = self._changed("/orders", at, status="any")
        items: list[Fetched] = []
        refunded = 0
        for raw, each in zip(raws, found, strict=True):
            items.append(self._whole(raw, each))
            refunded += bool(each.refunds)
            if refunded >= MOST_REFUNDED and _time(each) - SECOND > at.after:
                break
        times = [_time(each) for each in found[: len(items)]]
        last = len(items) == len(found) < PER_PAGE
        return page_by_time(tuple(items), times, at, last=last)

    def _products(self, at: Cursor) -> Page:
        """What is for sale. A product that is taken off the shop stays as it was last read."""
        raws, found = self._changed("/products", at, status="publish")
        items = tuple(self._priced(raw) for raw in raws)
        times = [_time(each) for each in found]
        return page_by_time(items, times, at, last=len(found) < PER_PAGE)

    def _changed(
        self, path: str, at: Cursor, status: str
    ) -> tuple[list[msgspec.Raw], list[wire.Listed]]:
        """The next things of a list in the order of their last changes, as the shop wrote them."""
        answer = self._shop.get(
            path,
            modified_after=_text(at.after),
            dates_are_gmt="true",
            orderby="modified",
            order="asc",
            status=status,
            per_page=PER_PAGE,
            page=at.page,
        )
        raws = self._shop.read(answer, list[msgspec.Raw])
        return raws, self._shop.read(answer, list[wire.Listed])

    def _customers(self, at: Cursor) -> Page:
        """Customers in the order of their numbers. The last page is read again next time: it may
        have got longer; or, where customers were deleted, there is none any more, and the one
        before it is. What of a customer is changed later is told by webhooks and orders."""
        answer = self._shop.get(
            "/customers", orderby="id", order="asc", per_page=PER_PAGE, page=at.page
        )
        raws = self._shop.read(answer, list[msgspec.Raw])
        done = len(raws) < PER_PAGE
        page = at.page if done else at.page + 1
        if not raws:
            page = max(at.page - 1, 1)
        items = tuple(_fetched(CUSTOMER, bytes(raw)) for raw in raws)
        return Page(items=items, cursor=Cursor(at.after, page).text(), done=done)

    def _whole(self, order: msgspec.Raw, listed: wire.Listed) -> Fetched:
        """The order as the shop wrote it, with its refunds as the shop wrote them."""
        refunds = b"[]"
        if listed.refunds:
            answer = self._shop.get(f"/orders/{listed.id}/refunds", per_page=100)
            self._shop.read(answer, list[wire.Named])
            refunds = answer.body
        return _fetched(ORDER, b'{"order":%s,"refunds":%s}' % (bytes(order), refunds))

    def _priced(self, product: msgspec.Raw) -> Fetched:
        """The product as the shop wrote it, with what the shop counts in."""
        whole = {"product": product, "currency": self._currency}
        return _fetched(PRODUCT, msgspec.json.encode(whole))

    @cached_property
    def _currency(self) -> str:
        answer = self._shop.get("/data/currencies/current")
        return self._shop.read(answer, wire.Currency).code

    def install(self, address: str) -> tuple[str, ...]:
        """Make the webhooks that are missing and mend those that do not deliver."""
        done = []
        ours = self._webhooks(address)
        for topic in TOPICS:
            mine = [hook for hook in ours if hook.topic == topic]
            told = {
                "name": self._name(topic),
                "topic": topic,
                "delivery_url": address,
                "secret": self._secret,
                "status": "active",
            }
            if not mine:
                self._change("/webhooks", told)
                done.append(f"The webhook {topic} was made.")
            elif not self._delivers(mine[0]):
                self._change(f"/webhooks/{mine[0].id}", told)
                done.append(f"The webhook {topic} was {mine[0].status}; it delivers again.")
        return tuple(done)

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked, delivers, and has the right time."""
        try:
            answer = self._shop.get("/webhooks", per_page=100)
            ours = _with_address(self._shop.read(answer, list[wire.Webhook]), address)
        except (Unreachable, SaidNo) as error:
            refused = f"{WHO} does not accept the key."
            mend = "Make a new key that may read and write, and connect the store again."
            return (not_asked(error, refused, mend),)
        well = let_in(f"{WHO} accepts the key.")
        clock = clock_finding(answer)
        return (well, self._subscribed(ours), *([clock] if clock else []))

    def _subscribed(self, ours: list[wire.Webhook]) -> Finding:
        live = {hook.topic for hook in ours if self._delivers(hook)}
        dumb = [topic for topic in TOPICS if topic not in live]
        return subscribed(
            f"{len(TOPICS)} webhooks are active.",
            dumb,
            "These webhooks are missing, switched off or have an old secret:",
            "the key needs the right to read and write",
        )

    def _delivers(self, hook: wire.Webhook) -> bool:
        """Whether it is switched on and signs with the newest secret, which is told by its name:
        WooCommerce tells no secrets."""
        return hook.status == "active" and hook.name == self._name(hook.topic)

    def _name(self, topic: str) -> str:
        return f"Wordmouth {topic} ({fingerprint(self._secret)[:8]})"

    def _webhooks(self, address: str) -> list[wire.Webhook]:
        with final():
            answer = self._shop.get("/webhooks", per_page=100)
        return _with_address(self._shop.read(answer, list[wire.Webhook]), address)

    def _change(self, path: str, told: dict[str, str]) -> None:
        with final():
            self._shop.post(path, told)


def _with_address(hooks: list[wire.Webhook], address: str) -> list[wire.Webhook]:
    return [hook for hook in hooks if hook.delivery_url == address]


def _fetched(kind: str, body: bytes) -> Fetched:
    return Fetched(kind=kind, body=body)


def _time(listed: wire.Listed) -> datetime:
    """When it was last changed, in the shop's own time."""
    try:
        at = datetime.fromisoformat(listed.date_modified_gmt or "")
    except ValueError as error:
        raise Unreachable(f"{WHO} does not say when {listed.id} was changed.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
