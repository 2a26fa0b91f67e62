"""The API of a Magento shop: reading it on, and its health. It has nothing to be told where to
deliver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from wordmouth.fulfilment.ports import Refused, Unreachable
from wordmouth.inbox.facts import Fetched
from wordmouth.integrations.magento import wire
from wordmouth.integrations.magento.calls import WHO, Filter
from wordmouth.integrations.magento.parse import read_time
from wordmouth.integrations.magento.shop import MagentoShop
from wordmouth.integrations.ports import CUSTOMER, ORDER, PRODUCT, Finding, Page, Ref
from wordmouth.integrations.shop_calls import SaidNo, clock_finding, final
from wordmouth.integrations.shop_findings import let_in, not_asked
from wordmouth.integrations.shop_lists import BEGINNING, OVERLAP
from wordmouth.kit.http import Answer

ITEM = (
    "item_id,parent_item_id,product_id,product_type,sku,name,is_virtual,qty_ordered,qty_canceled,"
    "qty_refunded,qty_shipped,base_price,base_row_total,base_discount_amount,"
    "base_discount_tax_compensation_amount"
)
OTHERWISE = "base_gift_cards_amount,base_customer_balance_amount,base_reward_currency_amount"
ORDER_FIELDS = (
    "entity_id,increment_id,state,is_virtual,created_at,updated_at,base_currency_code,"
    "base_grand_total,base_subtotal,base_discount_amount,base_discount_tax_compensation_amount,"
    "base_shipping_amount,base_shipping_discount_amount,"
    "base_shipping_discount_tax_compensation_amnt,base_tax_amount,base_total_paid,"
    "base_total_canceled,base_subtotal_canceled,base_discount_canceled,base_shipping_canceled,"
    "base_tax_canceled,coupon_code,customer_id,customer_email,customer_firstname,"
    f"customer_lastname,billing_address[firstname,lastname,country_id],items[{ITEM}],"
    f"extension_attributes[{OTHERWISE},wordmouth_token,"
    "shipping_assignments[shipping[address[country_id]]]]"
)
INVOICE_FIELDS = "entity_id,order_id,created_at,state"
SHIPMENT_FIELDS = "entity_id,order_id,created_at"
MEMO_FIELDS = (
    "entity_id,order_id,created_at,state,base_grand_total,base_adjustment,"
    "items[order_item_id,qty,base_row_total,base_discount_amount,"
    f"base_discount_tax_compensation_amount],extension_attributes[{OTHERWISE}]"
)
CUSTOMER_FIELDS = "id,email,firstname,lastname,updated_at"
PRODUCT_FIELDS = "id,sku,name,price,type_id,updated_at,custom_attributes[attribute_code,value]"
"""Only what is used is asked for: an order of Magento's is long, with every address twice."""

PATHS = {ORDER: "/orders", CUSTOMER: "/customers/search", PRODUCT: "/products"}
FIELDS = {ORDER: ORDER_FIELDS, CUSTOMER: CUSTOMER_FIELDS, PRODUCT: PRODUCT_FIELDS}
NEEDED = ("/orders", "/invoices", "/shipments", "/creditmemos", "/customers/search", "/products")
NEEDED_FOR_COUPONS = ("/coupons/search", "/customerGroups/search")
"""One for each right that the integration needs."""
LET_IN_BY = (
    "Under System, Integrations, give it the resources that are named in the documentation, "
    "activate it again, and connect with its four keys. A shop behind a proxy must know that it is "
    "called by https."
)
UNTOUCHED = frozenset({"new", "pending_payment"})
"""States of orders of which nothing was paid, sent or given back."""
PER_PAGE = 50


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on: things changed `after` that moment, or at it with a higher number than
    `number`."""

    after: datetime = BEGINNING
    number: int = 0


class MagentoApi:
    """See `integrations.ports.ShopApi`."""

    def __init__(self, shop: MagentoShop) -> None:
        self._shop = shop
        self._calls = shop.calls

    def fetch(self, ref: Ref) -> Fetched | None:
        """The thing as it is now; None too where it belongs to another website than the one that
        is connected. Raises Unreachable, Refused."""
        if ref.kind not in PATHS or not ref.id.isdecimal():
            raise Refused(f"{WHO} has no {ref.kind} {ref.id!r}.")
        with final():
            raws = self._listed(ref.kind, ((("entity_id", "eq", ref.id),),), size=1)
            found = self._whole(ref.kind, raws)
        return found[0] if found else None

    def changes(self, kind: str, cursor: str) -> Page:
        """See `integrations.ports.ShopApi.changes`. A list is read on by time and number, and never
        by pages: what is changed meanwhile moves to the end, and behind the last page Magento gives
        the last page again."""
        if kind not in PATHS:
            raise Refused(f"{WHO} has no list of {kind}s.")
        at = msgspec.json.decode(cursor, type=Cursor) if cursor else Cursor()
        since = _text(at.after)
        groups: tuple[tuple[Filter, ...], ...] = (
            (("updated_at", "gteq", since),),
            (("updated_at", "gt", since), ("entity_id", "gt", at.number)),
        )
        with final():
            raws = self._listed(kind, groups, size=PER_PAGE)
            items = self._whole(kind, raws)
        if not raws:
            return Page(items=(), cursor=_cursor(at), done=True)
        last = self._calls.each(raws[-1], wire.Listed)
        newest = _time(last)
        if len(raws) < PER_PAGE:
            # Never from further back than this time.
            again = Cursor(after=max(newest - OVERLAP, at.after))
            return Page(items=items, cursor=_cursor(again), done=True)
        onward = Cursor(after=newest, number=last.number)
        return Page(items=items, cursor=_cursor(onward), done=False)

    def install(self, address: str) -> tuple[str, ...]:
        """Nothing: Magento cannot be told where to deliver."""
        return ()

    def health(self, address: str) -> tuple[Finding, ...]:
        """Whether the shop can be asked for all that is needed, and has the right time."""
        try:
            answers = [self._one_of(path) for path in (*NEEDED, *NEEDED_FOR_COUPONS)]
            self._shop.views  # noqa: B018 - that the website is there
        except (Unreachable, SaidNo, Refused) as error:
            refused = f"{WHO} does not let the integration in, or not everywhere."
            return (not_asked(error, refused, LET_IN_BY),)
        clock = clock_finding(answers[0])
        well = let_in(f"{WHO} lets the integration in.")
        return (well, *([clock] if clock else []))

    def _one_of(self, path: str) -> Answer:
        query: dict[str, str | int] = {"searchCriteria[pageSize]": 1, "fields": "total_count"}
        return self._calls.get(path, **query)

    def _listed(
        self, kind: str, groups: tuple[tuple[Filter, ...], ...], *, size: int
    ) -> list[msgspec.Raw]:
        """The next things of a list in the order of change, of the website that is meant."""
        if self._shop.website and kind != PRODUCT:
            name, meant = "store_id", [view.id for view in self._shop.views]
            if kind == CUSTOMER:
                name, meant = "website_id", list(self._shop.websites)
            groups = (*groups, ((name, "in", _numbers(meant)),))
        return self._calls.search(
            PATHS[kind],
            *groups,
            sort=("updated_at", "entity_id"),
            size=size,
            fields=FIELDS[kind],
        )

    def _whole(self, kind: str, raws: Sequence[msgspec.Raw]) -> tuple[Fetched, ...]:
        if kind == ORDER:
            bodies: Iterable[bytes] = self._orders(raws)
        elif kind == PRODUCT:
            bodies = self._products(raws)
        else:
            bodies = (bytes(raw) for raw in raws)
        return tuple(Fetched(kind=kind, body=body) for body in bodies)

    def _orders(self, raws: Sequence[msgspec.Raw]) -> list[bytes]:
        """Orders with what became of them, of which one question each is asked for all."""
        listed = [self._calls.each(raw, wire.Listed) for raw in raws]
        touched = [each.number for each in listed if each.state not in UNTOUCHED]
        invoices = self._of_orders("/invoices", touched, INVOICE_FIELDS)
        shipments = self._of_orders("/shipments", touched, SHIPMENT_FIELDS)
        memos = self._of_orders("/creditmemos", touched, MEMO_FIELDS)
        return [
            msgspec.json.encode(
                {
                    "order": raw,
                    "invoices": invoices.get(each.number, []),
                    "shipments": shipments.get(each.number, []),
                    "creditmemos": memos.get(each.number, []),
                }
            )
            for raw, each in zip(raws, listed, strict=True)
        ]

    def _of_orders(
        self, path: str, orders: Sequence[int], fields: str
    ) -> dict[int, list[msgspec.Raw]]:
        found: dict[int, list[msgspec.Raw]] = {}
        last, more = 0, bool(orders)
        while more:
            raws = self._calls.search(
                path,
                (("order_id", "in", _numbers(orders)),),
                (("entity_id", "gt", last),),
                sort=("entity_id",),
                size=PER_PAGE,
                fields=fields,
            )
            for raw in raws:
                each = self._calls.each(raw, wire.OfOrder)
                found.setdefault(each.order_id, []).append(raw)
                last = max(last, each.entity_id)
            more = len(raws) == PER_PAGE
        return found

    def _products(self, raws: Sequence[msgspec.Raw]) -> list[bytes]:
        if not raws:
            return []
        media = next((view.secure_base_media_url for view in self._shop.views), None)
        currencies = {view.base_currency_code for view in self._shop.views}
        # One price in two currencies is none.
        currency = currencies.pop() if len(currencies) == 1 else ""
        return [
            msgspec.json.encode({"product": raw, "currency": currency, "media": media or ""})
            for raw in raws
        ]


def _numbers(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _time(listed: wire.Listed) -> datetime:
    try:
        return read_time(listed.updated_at)
    except ValueError as error:
        raise Unreachable(f"{WHO} does not say when {listed.number} was changed.") from error


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _cursor(at: Cursor) -> str:
    return msgspec.json.encode(at).decode()
