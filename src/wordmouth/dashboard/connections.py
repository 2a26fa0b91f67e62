"""What the desk shows of a store's shops: which there are, how each is, and what connects it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from wordmouth.dashboard import shop_words
from wordmouth.dashboard.words import Label
from wordmouth.fulfilment import registry as fulfilment
from wordmouth.integrations import shops
from wordmouth.integrations.condition import Progress, Sign
from wordmouth.integrations.ports import OK
from wordmouth.integrations.woocommerce import authorize
from wordmouth.kit.errors import Invalid
from wordmouth.messages.voice import Voice
from wordmouth.stores import addresses
from wordmouth.stores import queries as stores
from wordmouth.stores.facts import ConnectionFacts, StoreFacts


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of shop in the list. `label` is how its connection is; None where it is not
    connected."""

    url: str
    title: str
    line: str
    label: Label | None


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the form, with what was entered (never a secret) and what was wrong with it."""

    name: str
    label: str
    hint: str
    value: str
    secret: bool
    required: bool
    problem: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A sign of health as it is shown."""

    name: str
    text: str
    mend: str
    label: Label


class Shop(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of shop in one store. `problem` concerns the whole form; `secret` is shown this
    once; `live`: the page moves by itself. `granted_at` is the page of the shop at which its
    merchant hands out a key by one click; empty where that cannot be."""

    adapter: str
    title: str
    line: str
    plugin: bool
    connected: bool
    label: Label | None
    reads: tuple[tuple[str, str], ...]
    rights: tuple[str, ...]
    steps: tuple[str, ...]
    fields: tuple[Field, ...]
    granted_at: str
    lines: tuple[Line, ...]
    progress: tuple[Progress, ...]
    live: bool
    settings: tuple[tuple[str, str], ...]
    coupon_url: str
    coupon_problem: str
    said: str
    problem: str
    failed: bool
    secret: str


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What a form was sent with, and what came of it. `problems` are by field; the empty name is
    the form itself."""

    given: Mapping[str, str] = msgspec.field(default_factory=dict)
    problems: Mapping[str, str] = msgspec.field(default_factory=dict)
    said: str = ""
    secret: str = ""


def rows(store: StoreFacts) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The shops that are connected, and those that could be."""
    speaker = Voice(store)
    known = {one.adapter: one for one in stores.connections(store.id)}
    connected: list[Row] = []
    others: list[Row] = []
    for adapter in (*shops.providers(), *shops.plugins()):
        kind = _kind(adapter)
        used = _condition(store, known.get(adapter), speaker)
        row = Row(
            url=reverse("desk:shop", args=[store.slug, adapter]),
            title=str(kind.title),
            line=str(kind.line),
            label=_label(used) if used else None,
        )
        (connected if used else others).append(row)
    return tuple(connected), tuple(others)


def shop(store: StoreFacts, adapter: str, form: Form) -> Shop:
    """One kind of shop, with its form as it was sent."""
    kind = _kind(adapter)
    connection = stores.connection(store.id, adapter)
    plugin = adapter not in shops.providers()
    here = is_connected(connection)
    condition = _condition(store, connection, Voice(store)) if here else None
    return Shop(
        adapter=adapter,
        title=str(kind.title),
        line=str(kind.line),
        plugin=plugin,
        connected=here,
        label=_label(condition) if condition else None,
        reads=shop_words.read_from(shops.lists(adapter)),
        rights=tuple(str(each) for each in kind.rights),
        steps=tuple(str(each) for each in kind.steps),
        fields=() if plugin else _fields(store, adapter, connection, form),
        granted_at="" if here else _granted_at(store, adapter),
        lines=tuple(_line(sign) for sign in condition.signs) if condition else (),
        progress=condition.progress if condition else (),
        live=bool(condition and (condition.reading or form.said)),
        settings=_settings(store, adapter, connection, plugin=plugin) if here else (),
        coupon_url=form.given.get("coupon_url", connection.coupon_url if connection else ""),
        coupon_problem=form.problems.get("coupon_url", ""),
        said=form.said,
        problem=form.problems.get("", ""),
        failed=bool(form.problems),
        secret=form.secret,
    )


def is_connected(connection: ConnectionFacts | None) -> bool:
    """Whether a shop can tell us something, or be read, through this connection."""
    if connection is None:
        return False
    return connection.adapter not in shops.providers() or bool(connection.credentials)


def title_of(adapter: str) -> str:
    """What a kind of shop is called."""
    return str(_kind(adapter).title)


def _kind(adapter: str) -> shop_words.Kind:
    provider = shops.providers().get(adapter)
    return shop_words.kind(adapter, provider.title if provider else adapter)


def _condition(
    store: StoreFacts, connection: ConnectionFacts | None, speaker: Voice
) -> shops.Condition | None:
    """How a connection is; None where there is none, or one that was made with the store and that
    nobody has used."""
    if connection is None or not is_connected(connection):
        return None
    main = fulfilment.shop(store.id)
    makes = main is not None and main.adapter == connection.adapter and bool(main.coupon_url)
    found = shops.look(store.id, connection.adapter, makes_coupons=makes, moment=speaker.moment)
    unused = not (found.heard or found.progress or connection.coupon_url)
    return None if unused else found


def _fields(
    store: StoreFacts, adapter: str, connection: ConnectionFacts | None, form: Form
) -> tuple[Field, ...]:
    known = connection.options if connection else {"url": store.shop_url}
    return tuple(
        Field(
            name=each.name,
            label=shop_words.label(adapter, each.name, each.words),
            hint=shop_words.hint(adapter, each.name),
            value="" if each.secret else str(form.given.get(each.name, known.get(each.name, ""))),
            secret=each.secret,
            required=each.required,
            problem=form.problems.get(each.name, ""),
        )
        for each in shops.asked(shops.providers()[adapter])
    )


def _granted_at(store: StoreFacts, adapter: str) -> str:
    """WooCommerce hands out a key by itself, where it is known which shop to ask, and where this
    site has an https:// address."""
    if adapter != authorize.NAME or not store.shop_url:
        return ""
    back = settings.SITE_URL + reverse("desk:shop", args=[store.slug, adapter])
    try:
        return authorize.one_click_address(store.id, store.shop_url, back)
    except Invalid:
        return ""


def _settings(
    store: StoreFacts, adapter: str, connection: ConnectionFacts | None, *, plugin: bool
) -> tuple[tuple[str, str], ...]:
    """What is to be entered in the shop, and what was entered here."""
    options = connection.options if connection else {}
    told = [(_("Wordmouth"), settings.SITE_URL), (_("Short name"), store.slug)] if plugin else []
    told += [
        (_("Store"), store.id),
        (_("Deliveries go to"), addresses.deliveries(store.id, adapter)),
    ]
    # What is no text was found out, and not entered: which coupons a shop makes, or its keys.
    told += [
        (shop_words.label(adapter, name, ""), value)
        for name, value in options.items()
        if isinstance(value, str)
    ]
    return tuple(told)


def _line(sign: Sign) -> Line:
    names = {
        "deliveries": _("Deliveries"),
        "signature": _("Signature"),
        "subscriptions": _("Subscription"),
        "credentials": _("Access"),
        "clock": _("Clock"),
        "reading": _("Reading"),
        "queue": _("Queue"),
        "coupons": _("Coupons"),
        "history": _("History"),
    }
    return Line(
        name=names.get(sign.name, sign.name.capitalize()),
        text=sign.text,
        mend=sign.mend,
        label=_state(sign.state),
    )


def _label(condition: shops.Condition) -> Label:
    """How it is as a whole: good only when its history is known."""
    if condition.reading and condition.state == OK:
        return Label(text=_("Being read"), tone="wait")
    return _state(condition.state)


def _state(state: str) -> Label:
    words = {
        "ok": (_("Good"), "good"),
        "warning": (_("Look at it"), "wait"),
        "broken": (_("Broken"), "bad"),
    }
    text, tone = words[state]
    return Label(text=text, tone=tone)
