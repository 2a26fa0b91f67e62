"""What was read by GraphQL, in the form in which webhooks tell it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from wordmouth.integrations.errors import BadDelivery
from wordmouth.integrations.shopify import answers, wire

TAKES, SUCCESS, GIFT_CARD = ("SALE", "CAPTURE"), "SUCCESS", "gift_card"
NOT_LOST = ("WON", "PREVENTED")
ZERO = Decimal(0)


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an order beside what a webhook tells of it.

    `gift_card` is what was paid with gift cards, in major units. `charged_back` is absent where
    there was no dispute. `later` says how much later than others of its moment the telling counts:
    a dispute does not change the order's own time.
    """

    paid_at: datetime | UnsetType | None = None
    gift_card: Decimal = ZERO
    charged_back: bool | UnsetType = UNSET
    later: int = 0


def order(whole: answers.WholeOrder) -> tuple[wire.Order, Beside]:
    """An order as webhooks tell it, and what they do not tell. Raises BadDelivery."""
    read = whole.order
    disputed = [each for each in read.disputes if each.initiated_as == "CHARGEBACK"]
    beside = Beside(
        paid_at=_paid_at(read),
        gift_card=sum((_amount(each) for each in _taken(read) if each.gateway == GIFT_CARD), ZERO),
        charged_back=(any(each.status not in NOT_LOST for each in disputed) if disputed else UNSET),
        later=sum(2 if each.status in NOT_LOST else 1 for each in disputed),
    )
    return _order(read, (*read.line_items.nodes, *whole.lines)), beside


def customer(read: answers.Person) -> wire.Customer:
    """A customer as webhooks tell them. Raises BadDelivery."""
    email = read.default_email_address
    return wire.Customer(
        id=number(read.legacy_resource_id),
        email=email.email_address if email else None,
        first_name=read.first_name,
        last_name=read.last_name,
    )


def number(name: str) -> int:
    """The number in a global id, such as `gid://shopify/LineItem/17`, or by itself. Raises
    BadDelivery."""
    digits = name.rpartition("/")[2].partition("?")[0]
    if not digits.isascii() or not digits.isdigit():
        raise BadDelivery([("", f"{name[:60]!r} is no id of Shopify's")])
    return int(digits)


def _order(read: answers.Order, lines: tuple[answers.LineItem, ...]) -> wire.Order:
    return wire.Order(
        id=number(read.legacy_resource_id),
        name=read.name,
        currency=read.currency_code,
        email=read.email,
        created_at=read.created_at,
        updated_at=read.updated_at,
        processed_at=read.processed_at,
        cancelled_at=read.cancelled_at,
        financial_status=(read.display_financial_status or "").lower(),
        fulfillment_status=read.display_fulfillment_status.lower(),
        total_price=read.total_price_set.shop_money.amount,
        total_tax=read.total_tax_set.shop_money.amount if read.total_tax_set else None,
        taxes_included=read.taxes_included,
        test=read.test,
        customer=customer(read.customer) if read.customer else None,
        billing_address=_address(read.billing_address),
        shipping_address=_address(read.shipping_address),
        discount_codes=tuple(wire.Code(code=code) for code in read.discount_codes),
        line_items=tuple(_line(line) for line in lines),
        shipping_lines=tuple(
            wire.ShippingLine(
                price=each.original_price_set.shop_money.amount,
                discounted_price=each.discounted_price_set.shop_money.amount,
                tax_lines=_taxes(each.tax_lines),
            )
            for each in read.shipping_lines.nodes
        ),
        refunds=tuple(_refund(each) for each in read.refunds),
        fulfillments=tuple(_fulfillment(each) for each in read.fulfillments),
        note_attributes=tuple(
            wire.NoteAttribute(name=each.key, value=each.value) for each in read.custom_attributes
        ),
        customer_locale=read.customer_locale,
        landing_site=_landed(read.customer_journey_summary),
    )


def _line(line: answers.LineItem) -> wire.LineItem:
    return wire.LineItem(
        id=number(line.id),
        name=line.name,
        product_id=number(line.product.legacy_resource_id) if line.product else None,
        sku=line.sku,
        quantity=line.quantity,
        price=line.original_unit_price_set.shop_money.amount,
        gift_card=line.is_gift_card,
        tax_lines=_taxes(line.tax_lines),
        discount_allocations=tuple(
            wire.Allocation(amount=each.allocated_amount_set.shop_money.amount)
            for each in line.discount_allocations
        ),
    )


def _refund(refund: answers.Refund) -> wire.Refund:
    """A refund. Of one with very many lines they are left out: then it falls on all of them."""
    items = () if refund.refund_line_items.page_info.has_next_page else _items(refund)
    return wire.Refund(
        id=number(refund.legacy_resource_id),
        created_at=refund.created_at,
        refund_line_items=items,
        transactions=tuple(
            wire.Transaction(
                kind=each.kind.lower(), status=each.status.lower(), amount=_amount(each)
            )
            for each in refund.transactions.nodes
        ),
    )


def _items(refund: answers.Refund) -> tuple[wire.RefundItem, ...]:
    return tuple(
        wire.RefundItem(
            line_item_id=number(item.line_item.id),
            quantity=item.quantity,
            subtotal=item.subtotal_set.shop_money.amount,
            total_tax=item.total_tax_set.shop_money.amount,
        )
        for item in refund.refund_line_items.nodes
    )


def _fulfillment(read: answers.Fulfillment) -> wire.Fulfillment:
    return wire.Fulfillment(
        status=read.status.lower(),
        shipment_status=(read.display_status or "").lower(),
        created_at=read.created_at,
        updated_at=read.delivered_at or read.updated_at,
    )


def _taken(read: answers.Order) -> list[answers.Transaction]:
    return [each for each in read.transactions if each.kind in TAKES and each.status == SUCCESS]


def _paid_at(read: answers.Order) -> datetime | None:
    """When the last money came that was needed; of an order that cost nothing, when it was
    placed."""
    if read.display_financial_status not in ("PAID", "PARTIALLY_REFUNDED", "REFUNDED"):
        return None
    times = [each.processed_at for each in _taken(read) if each.processed_at]
    return max(times, default=read.processed_at or read.created_at)


def _amount(moved: answers.Transaction) -> Decimal:
    return moved.amount_set.shop_money.amount


def _taxes(lines: tuple[answers.TaxLine, ...]) -> tuple[wire.TaxLine, ...]:
    return tuple(wire.TaxLine(price=each.price_set.shop_money.amount) for each in lines)


def _address(read: answers.Address | None) -> wire.Address | None:
    return wire.Address(country_code=read.country_code_v2) if read else None


def _landed(journey: answers.Journey | None) -> str | None:
    visit = journey.first_visit if journey else None
    return visit.landing_page if visit else None
