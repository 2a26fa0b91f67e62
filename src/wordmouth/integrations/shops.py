"""The shops that a store can be connected with: what each kind asks for, how one is connected and
disconnected, and how it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from wordmouth.inbox import queries as inbox
from wordmouth.inbox import refusals
from wordmouth.inbox import services as inbox_services
from wordmouth.inbox.facts import Told
from wordmouth.integrations import condition, following
from wordmouth.integrations.accounts import ShopProvider, options_of, secrets_of
from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.ports import ORDER, Parsed, ShopAdapter
from wordmouth.kit.errors import Invalid
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import services as outbox_services
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

ARRIVALS = 500
"""So many of the newest deliveries tell how a shop delivers."""

_adapters: Mapping[str, ShopAdapter] = {}
_providers: Mapping[str, ShopProvider] = {}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a shop is connected with: an option by its `name`, or a `secret`, of which
    `words` say what it is."""

    name: str
    words: str = ""
    secret: bool = False
    required: bool = True


class Missing(Invalid):
    """What a shop is connected with was not given; `name` says which of it."""

    def __init__(self, name: str, detail: str) -> None:
        self.name = name
        super().__init__(detail)


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """How the connection with a shop is, and how far its lists were read. `heard`: something came
    from it lately."""

    signs: tuple[condition.Sign, ...]
    progress: tuple[condition.Progress, ...]
    heard: bool

    @property
    def state(self) -> str:
        """The worst of it: `ok`, `warning` or `broken`."""
        return condition.worst(self.signs)

    @property
    def reading(self) -> bool:
        """Whether its history is being read."""
        return not all(one.done for one in self.progress)


def install(adapters: Mapping[str, ShopAdapter], providers: Mapping[str, ShopProvider]) -> None:
    """Make these the shops that this process can connect, and those of them that are connected
    with what opens their API."""
    global _adapters, _providers
    _adapters, _providers = adapters, providers


def providers() -> Mapping[str, ShopProvider]:
    """Shops that are connected with what opens their API, by the name of their adapter."""
    return _providers


def plugins() -> tuple[str, ...]:
    """The adapters of shops that tell by themselves, through a plug-in or a program."""
    return tuple(name for name in _adapters if name not in _providers)


def lists(adapter: str) -> tuple[str, ...]:
    """The kinds of thing that a shop of this kind is read for."""
    return _adapters[adapter].capabilities.lists


def names_in(told: Told) -> frozenset[str]:
    """The orders that a delivery speaks of, by the shop's own ids; none where it cannot be read."""
    adapter = _adapters.get(told.facts.adapter)
    try:
        parsed = adapter.parse(told.headers, told.body) if adapter else Parsed()
    except BadDelivery:
        return frozenset()
    hinted = (ref.id for ref in parsed.refetch if ref.kind == ORDER)
    return frozenset((*(order.id for order in parsed.orders), *hinted))


def asked(provider: ShopProvider) -> tuple[Asked, ...]:
    """What a shop of this kind is connected with, in the order in which it is asked for."""
    options = msgspec.structs.fields(provider.options)
    return (
        *(Asked(name=field.name, required=field.required) for field in options),
        *(
            Asked(name=each.name, words=each.words, secret=True, required=not each.optional)
            for each in provider.credentials
        ),
    )


def connect(
    store_id: str, provider: ShopProvider, given: Mapping[str, str], *, check: bool = True
) -> str:
    """Try a shop out with what was given, by the names of what is `asked`; if that went well, keep
    it and have the shop read. Says what was found (nothing without the `check`). Outside of any
    transaction.

    Raises Missing, Invalid in the merchant's terms; nothing was kept then.
    """
    wanted = asked(provider)
    for each in wanted:
        if each.required and not given.get(each.name):
            raise Missing(
                each.name, f"{provider.title} is connected with {each.words or each.name}."
            )
    told = {each.name: given[each.name] for each in wanted if given.get(each.name)}
    named = {each.name for each in provider.credentials}
    options = {name: text for name, text in told.items() if name not in named}
    options_of(provider.options, options, provider.title)
    secrets = secrets_of(
        provider.credentials, {name: told[name] for name in told if name in named}, provider.title
    )
    found = provider.examine(options, secrets) if check else ""
    stores.connect_shop(
        store_id, provider.name, secrets, options, coupon_url=provider.coupon_address(options)
    )
    following.begin(store_id, provider.name)
    return found


def disconnect(store_id: str, adapter: str) -> None:
    """Forget how a shop is connected, and look at it no more. What it told stays, and what was made
    in it stays there; what is to be made or taken back waits for another connection.

    Raises BadStore where no shop is connected by that name.
    """
    with store_write(store_id):
        stores.disconnect_shop(store_id, adapter)
        inbox_services.close_feeds(adapter)
        outbox_services.call_off(following.HANDLERS, {"adapter": adapter})


def look(
    store_id: str, adapter: str, *, makes_coupons: bool, moment: Callable[[datetime], str]
) -> Condition:
    """How the connection is, by what is known here. `makes_coupons`: the store's coupons are made
    in this shop; `moment` is how the reader is told a time."""
    refused = refusals.last(store_id, adapter)
    with store_read(store_id):
        feeds = inbox.feeds(adapter)
        came = [one for one in inbox.arrivals(ARRIVALS) if one.adapter == adapter]
        effects = outbox.standing(condition.SHOP_EFFECTS) if makes_coupons else None
    signs = [
        *condition.of_arrivals(came, moment, is_read=bool(feeds)),
        *condition.of_refusal(refused, came, moment),
        *condition.of_feeds(feeds, moment),
        *(condition.of_coupons(effects) if effects else ()),
    ]
    return Condition(
        signs=tuple(signs),
        progress=tuple(condition.progress(feeds)),
        heard=bool(came or refused),
    )
