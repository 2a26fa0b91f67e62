"""``manage.py order``: what staff does with an order, as one command for tests."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from oscar.core.loading import get_class, get_model


class Command(BaseCommand):
    """Moves one order through oscar's own order processing."""

    help = "Pay, ship, deliver, refund an order or set its status, in this sequence."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("number")
        parser.add_argument("--paid", action="store_true", help="record the whole payment")
        parser.add_argument("--status", action="append", default=[], help="may be repeated")
        parser.add_argument("--shipped", action="store_true", help="ship every line")
        parser.add_argument("--delivered", action="store_true", help="deliver every line")
        parser.add_argument("--refund", help="record a refund of this amount, such as 12.50")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked."""
        order = get_model("order", "Order")._default_manager.filter(number=options["number"])
        if not order:
            raise CommandError(f"there is no order {options['number']}")
        work = _Work(order[0])
        if options["paid"]:
            work.money("Settled", work.order.total_incl_tax)
        for status in options["status"]:
            work.handler.handle_order_status_change(work.order, status)
        if options["shipped"]:
            work.goods("Shipped")
        if options["delivered"]:
            work.goods("Delivered")
        if options["refund"]:
            work.money("Refunded", _amount(options["refund"]))


class _Work:
    """One order and oscar's handler for it."""

    def __init__(self, order: Any) -> None:
        self.order = order
        self.handler = get_class("order.processing", "EventHandler")()

    def money(self, name: str, amount: Decimal) -> None:
        event, _ = get_model("order", "PaymentEventType")._default_manager.get_or_create(name=name)
        self.handler.handle_payment_event(self.order, event, amount)

    def goods(self, name: str) -> None:
        types = get_model("order", "ShippingEventType")._default_manager
        event, _ = types.get_or_create(name=name)
        lines = list(self.order.lines.all())
        quantities = [line.quantity for line in lines]
        self.handler.handle_shipping_event(self.order, event, lines, quantities)


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise CommandError(f"--refund {text} is not an amount such as 12.50") from error
