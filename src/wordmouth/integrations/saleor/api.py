"""The API of a Saleor: reading it on, its webhook, the keys that it signs with, its health."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.ports import (
    BROKEN,
    CREDENTIALS,
    CUSTOMER,
    OK,
    ORDER,
    PRODUCT,
    SUBSCRIPTIONS,
    Finding,
    Page,
    Ref,
)
from wordmouth.integrations.saleor import questions, wire
from wordmouth.integrations.saleor.calls import WHO, SaleorCalls, no_of
from wordmouth.integrations.saleor.verify import public_key
from wordmouth.integrations.saleor.wire import Camel, Jwk, Listed
from wordmouth.integrations.shop_calls import NotLetIn, clock_finding
from wordmouth.integrations.shop_findings import let_in, not_asked
from wordmouth.integrations.shop_lists import BEGINNING, OVERLAP, SECOND
from wordmouth.kit.http import Answer

PERMISSIONS = ("MANAGE_ORDERS", "MANAGE_USERS", "MANAGE_DISCOUNTS")
"""What the app must be allowed to. The first shows payments and products too."""
NAMES = {ORDER: "Order", CUSTOMER: "User", PRODUCT: "Product"}
"""What Saleor calls a thing in its id."""
WHOLE = {
    ORDER: questions.ORDER,
    CUSTOMER: questions.CUSTOMER,
    PRODUCT: questions.PRODUCT,
}
CHANGED = {
    ORDER: questions.ORDERS,
    CUSTOMER: questions.CUSTOMERS,
    PRODUCT: questions.PRODUCTS,
}
NOTHING = b"null"
HOOK = "Wordmouth"
NEW_TOKEN = "Make a new token of the app in the Dashboard, and connect the store again."  # noqa: S105


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on: things changed from `since` on, `behind` a place of Saleor's list."""

    since: datetime = BEGINNING
    behind: str | None = None


class _Changed(Camel, frozen=True):
    updated_at: datetime


class _Found(Camel, frozen=True):
    found: msgspec.Raw


class _List(Camel, frozen=True):
    listed: Listed


class _Connection(Camel, frozen=True):
    app: wire.App | None


class _Change(Camel, frozen=True):
    errors: tuple[wire.UserError, ...]


class _Subscribed(Camel, frozen=True):
    webhook_create: _Change


class _Resubscribed(Camel, frozen=True):
    webhook_update: _Change


class KeptKeys:
    """The keys that the shop signed with when it was last asked, kept with the connection, where
    the door finds them. `keep` writes them down."""

    def __init__(self, known: Sequence[Jwk], keep: Callable[[Sequence[Jwk]], None]) -> None:
        self.known = tuple(known)
        self._keep = keep

    def take(self, shown: Sequence[Jwk]) -> None:
        """From now on these and no others: one that the shop does not show any more may be in
        other hands."""
        self._keep(shown)
        self.known = tuple(shown)


class SaleorApi:
    """See `integrations.ports.ShopApi`."""

    def __init__(self, shop: SaleorCalls, keys: KeptKeys) -> None:
        self._shop = shop
        self._keys = keys

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now. Raises Unreachable, Refused."""
        if ref.kind not in NAMES:
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        if not _is_of(ref.id, NAMES[ref.kind]):
            return None
        found = bytes(self._shop.ask(WHOLE[ref.kind], _Found, id=ref.id).found)
        return None if found == NOTHING else Fetched(kind=ref.kind, body=found)

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`."""
        if kind not in CHANGED:
            raise Refused(f"{WHO} lists no {kind}.")
        at = msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
        given = {"since": at.since.astimezone(UTC).isoformat(), "after": at.behind}
        listed = self._shop.ask(CHANGED[kind], _List, **given).listed
        newest = max((_changed(edge.node) for edge in listed.edges), default=at.since)
        return Page(
            items=tuple(Fetched(kind=kind, body=bytes(edge.node)) for edge in listed.edges),
            cursor=_onward(at, newest, listed.page_info),
            done=not listed.page_info.has_next_page,
        )

    def install(self, address: str) -> tuple[str, ...]:
        """Take over the keys that the shop signs with now, and have it deliver."""
        done = []
        hooks = self._app()[0].webhooks or ()
        shown = self._shop.keys()
        if shown != self._keys.known:
            self._keys.take(shown)
            done.append("The keys that the shop signs with were taken over.")
        ours = [hook for hook in hooks if hook.target_url == address]
        if not any(_is_whole(hook) for hook in ours):
            self._subscribe(address, ours)
            done.append("The webhook was mended." if ours else "The webhook was made.")
        return tuple(done)

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked, lets us do what we need, delivers, and has the time."""
        try:
            app, answer = self._app()
            shown = self._shop.keys()
        except (Unreachable, Refused) as error:
            return (not_asked(error, f"{WHO} does not let the app in.", NEW_TOKEN),)
        clock = clock_finding(answer)
        delivers = self._delivers(app.webhooks or (), shown, address)
        return (_let_in(app), delivers, *([clock] if clock else []))

    def _app(self) -> tuple[wire.App, Answer]:
        """The app that the token is of, and the answer that told it."""
        found, answer = self._shop.asked(questions.CONNECTION, _Connection)
        if found.app is None:
            raise NotLetIn(f"{WHO} knows no app with this token, which is its 401.")
        return found.app, answer

    def _subscribe(self, address: str, ours: Sequence[wire.Hook]) -> None:
        told: dict[str, Any] = {
            "name": HOOK,
            "targetUrl": address,
            "isActive": True,
            "asyncEvents": list(questions.EVENTS),
            "query": questions.SUBSCRIPTION,
        }
        change: _Change
        if ours:
            given = {"id": ours[0].id, "input": told}
            change = self._shop.ask(questions.RESUBSCRIBE, _Resubscribed, **given).webhook_update
        else:
            change = self._shop.ask(questions.SUBSCRIBE, _Subscribed, input=told).webhook_create
        if change.errors:
            raise Refused(f"The webhook could not be made. {no_of(change.errors)}")

    def _delivers(self, hooks: Sequence[wire.Hook], shown: Sequence[Jwk], address: str) -> Finding:
        if not any(public_key(key) for key in shown):
            return Finding(
                name=SUBSCRIPTIONS,
                state=BROKEN,
                text=f"{WHO} shows no key of RSA with 2048 bits or more that it signs with.",
                mend=f"Give {WHO} such a key (RSA_PRIVATE_KEY); its orders are read meanwhile.",
            )
        if tuple(shown) != self._keys.known:
            return _broken_for_now(f"{WHO} signs with a key that is not known here yet.")
        ours = [hook for hook in hooks if hook.target_url == address]
        if any(_is_whole(hook) for hook in ours):
            return Finding(name=SUBSCRIPTIONS, state=OK, text="The webhook is there.")
        if not ours:
            return _broken_for_now("There is no webhook.")
        return _broken_for_now("The webhook is switched off, or does not tell everything.")


def _is_of(name: str, kind: str) -> bool:
    """Whether this is an id of a thing of that kind: the base64 of `Order:17`."""
    try:
        return base64.b64decode(name, validate=True).startswith(f"{kind}:".encode())
    except (binascii.Error, ValueError):
        return False


def _is_whole(hook: wire.Hook) -> bool:
    told = {event.event_type for event in hook.async_events}
    same = (hook.subscription_query or "").split() == questions.SUBSCRIPTION.split()
    return hook.is_active and same and told >= set(questions.EVENTS)


def _changed(node: msgspec.Raw) -> datetime:
    try:
        return msgspec.json.decode(node, type=_Changed).updated_at
    except msgspec.ValidationError as error:
        raise Unreachable(f"{WHO} does not say when a thing of its list was changed.") from error


def _onward(at: Cursor, newest: datetime, page: wire.PageInfo) -> str:
    """Where to read on. What is changed meanwhile moves to the end of the list, so its time leads;
    only within one second there is no other way than Saleor's own place."""
    if not page.has_next_page:
        # Never from further back than this time.
        onward = Cursor(max(newest - OVERLAP, at.since))
    elif newest - SECOND > at.since:
        onward = Cursor(newest - SECOND)
    else:
        onward = Cursor(at.since, page.end_cursor)
    return msgspec.json.encode(onward).decode()


def _let_in(app: wire.App) -> Finding:
    held = {each.code for each in app.permissions or ()}
    missing = [name for name in PERMISSIONS if name not in held]
    if not missing:
        return let_in(f"{WHO} lets the app in.")
    return Finding(
        name=CREDENTIALS,
        state=BROKEN,
        text=f"The app may not do everything: it lacks {', '.join(missing)}.",
        mend="Give it these permissions in the Dashboard, under Extensions.",
    )


def _broken_for_now(text: str) -> Finding:
    return Finding(
        name=SUBSCRIPTIONS,
        state=BROKEN,
        text=text,
        mend="It is mended by itself; what was missed meanwhile is read.",
    )
