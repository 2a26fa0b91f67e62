"""What the pages show, as plain frozen values: no database row reaches a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from wordmouth_demo import coupons, money, orders
from wordmouth_demo.catalog import Product, by_id
from wordmouth_demo.models import Coupon, Delivery, Mail, Order
from wordmouth_demo.pricing import FREE_SHIPPING_FROM, BasketLine, Totals


@dataclass(frozen=True)
class ProductView:
    """An article as the shop window shows it."""

    id: str
    slug: str
    name: str
    meaning: str
    category: str
    size: str
    price: str
    origin: str
    notes: str
    text: str
    art: str


@dataclass(frozen=True)
class LineView:
    """One line of a basket or an order."""

    product_id: str
    name: str
    size: str
    slug: str
    art: str
    quantity: int
    unit: str
    total: str


@dataclass(frozen=True)
class SumsView:
    """The sums of a basket or an order, written out."""

    items: str
    discount: str
    shipping: str
    grand: str
    free_shipping_gap: str


@dataclass(frozen=True)
class Step:
    """One stage of an order on its way; `at` is empty while it is still to come."""

    label: str
    at: str


@dataclass(frozen=True)
class OrderView:
    """An order for its buyer and for the control room."""

    id: str
    number: str
    placed: str
    name: str
    email: str
    place: str
    lines: tuple[LineView, ...]
    sums: SumsView
    status: str
    tone: str
    steps: tuple[Step, ...]
    coupon: str
    by_link: bool
    refunds: tuple[str, ...]
    half: str
    can: frozenset[str]


@dataclass(frozen=True)
class CouponView:
    """A coupon in the control room."""

    code: str
    words: str
    description: str
    state: str
    used: str
    orders: tuple[str, ...]
    made: str


@dataclass(frozen=True)
class DeliveryView:
    """A delivery in the control room."""

    id: int
    kind: str
    subject: str
    webhook_id: str
    state: str
    attempts: int
    answer: str
    created: str


@dataclass(frozen=True)
class MailView:
    """A mail in the inbox; the bodies are filled for the one that is open."""

    id: int
    recipient: str
    sender: str
    subject: str
    received: str
    unread: bool
    preview: str
    text: str = ""
    has_html: bool = False
    source: str = ""


def when(moment: datetime | None) -> str:
    """Write a time for a person, in UTC: "21 Nov 2026, 10:02"; empty for None."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M}" if moment else ""


def day(moment: datetime | None) -> str:
    """Write a date for a person, in UTC: "21 Nov"; empty for None."""
    return f"{moment.astimezone(UTC):%-d %b}" if moment else ""


def product_view(product: Product) -> ProductView:
    """Present an article."""
    return ProductView(
        id=product.id,
        slug=product.slug,
        name=product.name,
        meaning=product.meaning,
        category=product.category,
        size=product.size,
        price=money.show(product.price),
        origin=product.origin,
        notes=product.notes,
        text=product.text,
        art=product.art,
    )


def basket_line(line: BasketLine) -> LineView:
    """Present a line of the basket."""
    product = line.product
    return _line(product.id, product.name, line.quantity, product.price, line.total)


def sums_view(sums: Totals) -> SumsView:
    """Present sums; `free_shipping_gap` says what is missing to free shipping, or is empty."""
    gap = FREE_SHIPPING_FROM - (sums.items - sums.discount)
    return SumsView(
        items=money.show(sums.items),
        discount=money.show(-sums.discount) if sums.discount else "",
        shipping=money.show(sums.shipping) if sums.shipping else "free",
        grand=money.show(sums.grand),
        free_shipping_gap=money.show(gap) if sums.shipping and gap > 0 else "",
    )


def order_view(order: Order) -> OrderView:
    """Present an order; fetch `customer`, `coupon`, `lines` and `refunds` along with it."""
    left = orders.refundable(order)
    given = [(refund.at, refund.amount) for refund in order.refunds.all()]
    refunded = sum(amount for _, amount in given)
    status, tone = _status(order, left, refunded)
    return OrderView(
        id=order.external_id,
        number=order.number,
        placed=when(order.placed_at),
        name=f"{order.customer.first_name} {order.customer.last_name}".strip(),
        email=order.customer.email,
        place=", ".join(part for part in (order.city, order.country) if part),
        lines=tuple(
            _line(line.product_id, line.name, line.quantity, line.unit_price, line.total)
            for line in order.lines.all()
        ),
        sums=sums_view(Totals(order.items, order.discount, order.shipping, order.tax)),
        status=status,
        tone=tone,
        steps=_steps(order),
        coupon=order.coupon.code if order.coupon else "",
        by_link=bool(order.attribution_token),
        refunds=tuple(f"{money.show(amount)} on {day(at)}" for at, amount in given),
        half=money.plain(max(1, left // 2)) if left else "",
        can=_possible(order, left),
    )


def coupon_view(coupon: Coupon, now: datetime) -> CouponView:
    """Present a coupon with its state at that time; fetch `orders` along with it."""
    return CouponView(
        code=coupon.code,
        words=coupons.describe(coupon),
        description=coupon.description,
        state=coupon.state_at(now),
        used=f"{coupon.times_used} of {coupon.usage_limit}",
        orders=tuple(order.number for order in coupon.orders.all()),
        made=when(coupon.created_at),
    )


def delivery_view(row: Delivery) -> DeliveryView:
    """Present a delivery with the engine's last answer."""
    answer = f"{row.answer_status} {row.answer_text}" if row.answer_status else row.answer_text
    return DeliveryView(
        id=row.pk,
        kind=row.kind,
        subject=row.subject,
        webhook_id=row.webhook_id,
        state=row.state,
        attempts=row.attempts,
        answer=answer[:160],
        created=when(row.created_at),
    )


def mail_view(mail: Mail, *, whole: bool = False) -> MailView:
    """Present a mail; `whole` adds its text and its source."""
    return MailView(
        id=mail.pk,
        recipient=mail.recipient,
        sender=mail.from_header or mail.sender,
        subject=mail.subject or "(no subject)",
        received=when(mail.received_at),
        unread=mail.opened_at is None,
        preview=" ".join(mail.text.split())[:110],
        text=mail.text if whole else "",
        has_html=bool(mail.html),
        source=mail.source if whole else "",
    )


def order_views(rows: Iterable[Order]) -> list[OrderView]:
    """Present several orders."""
    return [order_view(row) for row in rows]


def _line(product_id: str, name: str, quantity: int, unit: int, total: int) -> LineView:
    product = by_id(product_id)
    return LineView(
        product_id=product_id,
        name=name,
        size=product.size if product else "",
        slug=product.slug if product else "",
        art=product.art if product else "",
        quantity=quantity,
        unit=money.show(unit),
        total=money.show(total),
    )


def _status(order: Order, left: int, refunded: int) -> tuple[str, str]:
    if order.cancelled_at:
        return "Cancelled", "bad"
    if refunded and not left:
        return "Refunded", "bad"
    if refunded:
        return "Partly refunded", "warn"
    if order.delivered_at:
        return "Delivered", "good"
    if order.fulfilled_at:
        return "On its way", "plain"
    if order.paid_at:
        return "Paid", "plain"
    return "Awaiting payment", "warn"


def _steps(order: Order) -> tuple[Step, ...]:
    steps = [Step("Placed", day(order.placed_at)), Step("Paid", day(order.paid_at))]
    if order.cancelled_at:
        return (*steps, Step("Cancelled", day(order.cancelled_at)))
    return (
        *steps,
        Step("Shipped", day(order.fulfilled_at)),
        Step("Delivered", day(order.delivered_at)),
    )


def _possible(order: Order, left: int) -> frozenset[str]:
    can = {"resend", "twice"}
    live = order.cancelled_at is None
    if live and order.paid_at is None:
        can.add("pay")
    if live and order.paid_at is not None and order.fulfilled_at is None:
        can.add("ship")
    if order.fulfilled_at is not None and order.delivered_at is None:
        can.add("deliver")
    if live and order.fulfilled_at is None:
        can.add("cancel")
    if left > 0:
        can.add("refund")
    return frozenset(can)
