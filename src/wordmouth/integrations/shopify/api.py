"""The API of a Shopify shop: reading it on, its webhook subscriptions, its health."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.ports import (
    BROKEN,
    CREDENTIALS,
    CUSTOMER,
    ORDER,
    WARNING,
    Finding,
    Page,
    Ref,
)
from wordmouth.integrations.shop_calls import clock_finding
from wordmouth.integrations.shop_findings import let_in, not_asked, subscribed
from wordmouth.integrations.shopify import answers, questions, wire
from wordmouth.integrations.shopify.answers import Camel, PageInfo
from wordmouth.integrations.shopify.calls import WHO, ShopifyCalls, words_of

_ORDER, _OF_ORDER = wire.names(wire.Order), ["id", *wire.names(wire.OfOrder)]
TOPICS: dict[str, list[str]] = {
    "ORDERS_CREATE": _ORDER,
    "ORDERS_PAID": _ORDER,
    "ORDERS_UPDATED": _ORDER,
    "REFUNDS_CREATE": ["id", "order_id"],
    "FULFILLMENT_EVENTS_CREATE": _OF_ORDER,
    "DISPUTES_CREATE": _OF_ORDER,
    "DISPUTES_UPDATE": _OF_ORDER,
    "CUSTOMERS_CREATE": wire.names(wire.Customer),
    "APP_UNINSTALLED": ["id"],
}
"""What Shopify tells us of, and what of it: no more than we read, so that long orders find room and
nobody's street comes here. Cancelling, sending and editing change the order: ORDERS_UPDATED."""
SCOPES = (
    "read_orders",
    "read_customers",
    "read_fulfillments",
    "read_shopify_payments_disputes",
    "write_discounts",
)
ALL_ORDERS = "read_all_orders"
"""Without it only the orders of the last 60 days are read."""
INSTALL = (
    "Look in the Dev Dashboard whether the app is installed in this shop, and connect the store "
    "again with the app's client id and secret."
)
OVERLAP = timedelta(minutes=2)
"""How much is read again when a list is read on: the search lags behind the orders."""
SECOND = timedelta(seconds=1)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on: things changed from `since` on, `behind` a place of Shopify's list."""

    since: datetime = BEGINNING
    behind: str | None = None


class _Changed(Camel, frozen=True):
    """A thing of a list: `id` of an order, which is read by itself."""

    updated_at: datetime
    id: str = ""


class _List(Camel, frozen=True):
    nodes: tuple[msgspec.Raw, ...]
    page_info: PageInfo


class _Orders(Camel, frozen=True):
    orders: _List


class _Customers(Camel, frozen=True):
    customers: _List


class _ReadOrder(Camel, frozen=True):
    order: msgspec.Raw


class _ReadCustomer(Camel, frozen=True):
    customer: msgspec.Raw


class _Lines(Camel, frozen=True):
    line_items: _List


class _MoreLines(Camel, frozen=True):
    order: _Lines | None


class _Scope(Camel, frozen=True):
    handle: str


class _Installation(Camel, frozen=True):
    access_scopes: tuple[_Scope, ...]


class _Hook(Camel, frozen=True):
    id: str
    topic: str
    uri: str = ""


class _Hooks(Camel, frozen=True):
    nodes: tuple[_Hook, ...]


class _Connection(Camel, frozen=True):
    current_app_installation: _Installation
    webhook_subscriptions: _Hooks


class _Made(Camel, frozen=True):
    user_errors: tuple[answers.UserError, ...] = ()


class _Subscribed(Camel, frozen=True):
    webhook_subscription_create: _Made


class ShopifyApi:
    """See `integrations.ports.ShopApi`."""

    def __init__(self, shop: ShopifyCalls) -> None:
        self._shop = shop

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now. Raises Unreachable, Refused."""
        if ref.kind not in (ORDER, CUSTOMER) or not ref.id.isascii() or not ref.id.isdigit():
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        if ref.kind == ORDER:
            return self._order(f"gid://shopify/Order/{ref.id}")
        name = f"gid://shopify/Customer/{ref.id}"
        found = bytes(self._shop.ask(questions.CUSTOMER, _ReadCustomer, id=name).customer)
        return None if found == b"null" else Fetched(kind=CUSTOMER, body=found)

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`."""
        at = msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
        given = {"search": f"updated_at:>='{_text(at.since)}'", "after": at.behind}
        if kind == CUSTOMER:
            listed = self._shop.ask(questions.CUSTOMERS, _Customers, **given).customers
            items = [Fetched(kind=CUSTOMER, body=bytes(raw)) for raw in listed.nodes]
        elif kind == ORDER:
            listed = self._shop.ask(questions.ORDERS, _Orders, **given).orders
            found = [self._order(each.id) for each in _changed(listed)]
            items = [each for each in found if each is not None]
        else:
            raise Refused(f"{WHO} lists no {kind}.")
        newest = max((each.updated_at for each in _changed(listed)), default=at.since)
        more = listed.page_info.has_next_page
        return Page(items=tuple(items), cursor=_onward(at, newest, listed.page_info), done=not more)

    def _order(self, name: str) -> Fetched | None:
        """The order as the shop wrote it, with the lines behind its first page."""
        raw = bytes(self._shop.ask(questions.ORDER, _ReadOrder, id=name, after=None).order)
        if raw == b"null":
            return None
        page, lines = _first_page(raw), []
        while page.has_next_page:
            given = {"id": name, "after": page.end_cursor}
            more = self._shop.ask(questions.LINES, _MoreLines, **given).order
            if more is None:
                return None
            lines += [bytes(line) for line in more.line_items.nodes]
            page = more.line_items.page_info
        return Fetched(kind=ORDER, body=b'{"order":%s,"lines":[%s]}' % (raw, b",".join(lines)))

    def install(self, address: str) -> tuple[str, ...]:
        """Subscribe to what is missing: Shopify deletes a subscription that it could not serve."""
        live = {hook.topic for hook in self._hooks(self._connection(), address)}
        done = []
        for topic, fields in TOPICS.items():
            if topic in live:
                continue
            given = {"topic": topic, "uri": address, "fields": fields}
            told = self._shop.ask(questions.SUBSCRIBE, _Subscribed, **given)
            errors = told.webhook_subscription_create.user_errors
            if errors:
                raise Refused(f"{topic} could not be subscribed to. {words_of(errors)}")
            done.append(f"The subscription to {topic} was made.")
        return tuple(done)

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked, lets us do what we need, delivers, and has the time."""
        try:
            found, answer = self._shop.asked(questions.CONNECTION, _Connection)
        except (Unreachable, Refused) as error:
            look = "Look at the shop's address and at status.shopify.com"
            return (not_asked(error, f"{WHO} does not let the app in.", INSTALL, look),)
        clock = clock_finding(answer)
        scopes = {each.handle for each in found.current_app_installation.access_scopes}
        told = (_let_in(scopes), _subscribed(self._hooks(found, address)))
        return (*told, *_history(scopes), *([clock] if clock else []))

    def _connection(self) -> _Connection:
        return self._shop.ask(questions.CONNECTION, _Connection)

    def _hooks(self, found: _Connection, address: str) -> list[_Hook]:
        return [hook for hook in found.webhook_subscriptions.nodes if hook.uri == address]


def _changed(listed: _List) -> list[_Changed]:
    try:
        return [msgspec.json.decode(raw, type=_Changed) for raw in listed.nodes]
    except msgspec.ValidationError as error:
        raise Unreachable(f"{WHO} does not say when a thing of its list was changed.") from error


def _first_page(order: bytes) -> PageInfo:
    try:
        return msgspec.json.decode(order, type=_Lines).line_items.page_info
    except msgspec.ValidationError as error:
        raise Unreachable(f"{WHO} does not say which lines an order has.") from error


def _onward(at: Cursor, newest: datetime, page: PageInfo) -> str:
    """Where to read on. What is changed meanwhile moves to the end of the list, so its time leads;
    only within one second there is no other way than Shopify's own place."""
    if not page.has_next_page:
        # Never from further back than this time.
        return _cursor(Cursor(max(newest - OVERLAP, at.since)))
    if newest - SECOND > at.since:
        return _cursor(Cursor(newest - SECOND))
    return _cursor(Cursor(at.since, page.end_cursor))


def _let_in(scopes: set[str]) -> Finding:
    held = scopes | {f"read_{each.removeprefix('write_')}" for each in scopes}
    missing = [scope for scope in SCOPES if scope not in held]
    if not missing:
        return let_in(f"{WHO} lets the app in.")
    return Finding(
        name=CREDENTIALS,
        state=BROKEN,
        text=f"The app may not do everything: it lacks {', '.join(missing)}.",
        mend="Add these scopes to a new version of the app in the Dev Dashboard, release it, and "
        "accept the update in the shop.",
    )


def _history(scopes: set[str]) -> tuple[Finding, ...]:
    if ALL_ORDERS in scopes:
        return ()
    finding = Finding(
        name="history",
        state=WARNING,
        text="Only orders of the last 60 days are read.",
        mend=f"Ask Shopify for {ALL_ORDERS} in the Dev Dashboard, or import older orders from a "
        "file: wordmouth import orders FILE.",
    )
    return (finding,)


def _subscribed(ours: list[_Hook]) -> Finding:
    live = {hook.topic for hook in ours}
    missing = [topic for topic in TOPICS if topic not in live]
    return subscribed(
        f"{len(TOPICS)} webhook subscriptions are there.",
        missing,
        "There is no webhook subscription to",
        "what was missed meanwhile is read",
    )


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _cursor(at: Cursor) -> str:
    return msgspec.json.encode(at).decode()
