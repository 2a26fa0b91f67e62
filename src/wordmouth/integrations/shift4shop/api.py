"""The API of a Shift4Shop shop: reading it on, its webhooks, its health."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.ports import (
    CUSTOMER,
    ORDER,
    Finding,
    Page,
    Ref,
)
from wordmouth.integrations.shift4shop import wire
from wordmouth.integrations.shift4shop.calls import PER_PAGE, WHO, S4SCalls
from wordmouth.integrations.shift4shop.parse import EASTERN, read_time
from wordmouth.integrations.shift4shop.verify import NAME
from wordmouth.integrations.shop_calls import SaidNo, clock_finding, final
from wordmouth.integrations.shop_findings import let_in, not_asked, subscribed

EVENTS = ("customer new", "order new", "order status change")
"""What can be told; the numbers of these are each shop's own."""
OVERLAP = timedelta(minutes=2)
"""How much is read again when a list is read on: an order is stamped before it is committed."""
AGAIN = 5
"""So many of a page are read with the next one too: what is changed meanwhile may move."""
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on: orders changed `after` that moment, from place `offset` on; `newest` is the
    last change that was seen since the list was begun. Of customers `offset` alone counts."""

    after: datetime = BEGINNING
    offset: int = 1
    newest: datetime = BEGINNING


class S4SApi:
    """See `integrations.ports.ShopApi`. `keys` are what may stand in the address of a webhook, the
    newest first."""

    def __init__(self, shop: S4SCalls, keys: tuple[str, ...]) -> None:
        self._shop = shop
        self._keys = keys

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now. Raises Unreachable, Refused."""
        if ref.kind not in (ORDER, CUSTOMER) or not ref.id.isdecimal():
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        with final():
            found = self._shop.listed(f"/{ref.kind.title()}s/{ref.id}", msgspec.Raw)
            if not found:
                return None
            if ref.kind == CUSTOMER:
                return Fetched(kind=CUSTOMER, body=bytes(found[0]))
            return self._whole(bytes(found[0]))

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`."""
        if kind not in (ORDER, CUSTOMER):
            raise Refused(f"{WHO} lists no {kind}.")
        at = msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
        with final():
            return self._customers(at) if kind == CUSTOMER else self._orders(at)

    def _orders(self, at: Cursor) -> Page:
        """The list goes by days and not by moments: what of it is known already is left out."""
        day = at.after.astimezone(EASTERN).strftime("%m/%d/%Y")
        place = {"limit": PER_PAGE, "offset": at.offset}
        raws = self._shop.listed("/Orders", msgspec.Raw, lastupdatestart=day, **place)
        times = [_time(self._listed(bytes(raw))) for raw in raws]
        items = tuple(
            self._whole(bytes(raw))
            for raw, time in zip(raws, times, strict=True)
            if time >= at.after
        )
        newest = max(times, default=at.newest)
        newest = max(newest, at.newest)
        if len(raws) < PER_PAGE:
            after = max(newest - OVERLAP, at.after)
            return Page(items=items, cursor=_cursor(Cursor(after=after)), done=True)
        onward = Cursor(after=at.after, offset=at.offset + PER_PAGE - AGAIN, newest=newest)
        return Page(items=items, cursor=_cursor(onward), done=False)

    def _customers(self, at: Cursor) -> Page:
        """Customers in the order of the list. The last page is read again next time: it may have
        got longer. What of a customer is changed later is told with orders."""
        place = {"limit": PER_PAGE, "offset": at.offset}
        raws = self._shop.listed("/Customers", msgspec.Raw, **place)
        done = len(raws) < PER_PAGE
        offset = at.offset if done else at.offset + PER_PAGE
        items = tuple(Fetched(kind=CUSTOMER, body=bytes(raw)) for raw in raws)
        return Page(items=items, cursor=_cursor(Cursor(offset=offset)), done=done)

    def _listed(self, raw: bytes) -> wire.Listed:
        try:
            return msgspec.json.decode(raw, type=wire.Listed)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreachable(f"The answer of {WHO} is not as agreed.") from error

    def _whole(self, order: bytes) -> Fetched:
        """The order as the shop wrote it, with what its status is for and what it counts in."""
        number = self._listed(order).order_status_id
        whole = {
            "order": msgspec.Raw(order),
            "status": self._statuses.get(number, ""),
            "currency": self.currency,
        }
        return Fetched(kind=ORDER, body=msgspec.json.encode(whole))

    @cached_property
    def _statuses(self) -> dict[int, str]:
        found = self._shop.listed("/OrderStatus", wire.Status, limit=PER_PAGE)
        return {status.order_status_id: status.status_definition for status in found}

    @cached_property
    def currency(self) -> str:
        """What the shop counts in. Raises Unreachable, SaidNo."""
        found = self._shop.listed("/StoreSettings", wire.Settings)
        return found[0].store_standards.currency_code if found else ""

    def install(self, address: str) -> tuple[str, ...]:
        """Make the webhooks that are missing and switch those on that were switched off."""
        done = []
        try:
            there = {hook.event_type: hook for hook in self._hooks(address)}
            for name, number in self._events().items():
                told = {
                    "Name": f"Wordmouth {name}",
                    "Url": self._addresses(address)[0],
                    "EventType": number,
                    "Format": "JSON",
                    "Enabled": True,
                }
                hook = there.get(number)
                if hook is None:
                    self._shop.post("/Webhooks", told)
                    done.append(f"The webhook {name} was made.")
                elif not self._delivers(hook, address):
                    del told["EventType"]
                    self._shop.ask("PUT", f"/Webhooks/{hook.id}", told | {"Id": hook.id})
                    done.append(f"The webhook {name} was mended; it delivers again.")
        except SaidNo as no:
            raise Refused(no.words) from no
        return tuple(done)

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked, delivers, and has the right time."""
        try:
            answer = self._shop.get("/OrderStatus", limit=1)
            live = {
                hook.event_type for hook in self._hooks(address) if self._delivers(hook, address)
            }
            events = self._events()
        except (Unreachable, SaidNo, Refused) as error:
            refused = f"{WHO} does not accept the token."
            mend = "Authorize the application in the shop again, and connect with the new token."
            return (not_asked(error, refused, mend),)
        well = let_in(f"{WHO} accepts the token.")
        clock = clock_finding(answer)
        dumb = [name for name, number in events.items() if number not in live]
        told = subscribed(
            f"{len(EVENTS)} webhooks are active.",
            dumb,
            "These webhooks are missing, switched off or have an old key:",
            "the token needs the right to write webhooks",
        )
        return (well, told, *([clock] if clock else []))

    def _delivers(self, hook: wire.Hook, address: str) -> bool:
        return hook.enabled and hook.url == self._addresses(address)[0]

    def _addresses(self, address: str) -> tuple[str, ...]:
        """The address with each of the keys."""
        return tuple(f"{address}?{NAME}={key}" for key in self._keys)

    def _hooks(self, address: str) -> list[wire.Hook]:
        """Our webhooks, those that deliver last. Raises Unreachable, SaidNo."""
        ours = self._addresses(address)
        found = self._shop.listed("/Webhooks", wire.Hook, limit=PER_PAGE)
        hooks = [hook for hook in found if hook.url in ours]
        return sorted(hooks, key=lambda hook: self._delivers(hook, address))

    def _events(self) -> dict[str, int]:
        """The numbers of our events. Raises Refused where the shop does not have them."""
        found = self._shop.listed("/Webhooks/Events", wire.Event, limit=PER_PAGE)
        known = {" ".join(event.event_name.casefold().split()): event.event_type for event in found}
        missing = [name for name in EVENTS if name not in known]
        if missing:
            raise Refused(f"{WHO} has no event {missing[0]!r} any more.")
        return {name: known[name] for name in EVENTS}


def _time(listed: wire.Listed) -> datetime:
    try:
        return read_time(listed.last_update)
    except ValueError as error:
        what = f"order {listed.order_id}"
        raise Unreachable(f"{WHO} does not say when {what} was changed.") from error


def _cursor(at: Cursor) -> str:
    return msgspec.json.encode(at).decode()
