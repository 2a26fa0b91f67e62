"""``manage.py wordmouth_backfill``: tell the engine the shop's whole history."""

import time
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from oscar.core.loading import get_model

from wordmouth_oscar.conf import config
from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.outbox import Flushed, flush, mark_history

KINDS = ("products", "customers", "orders")


class Command(BaseCommand):
    """Marks the history once, then sends until nothing of it is left."""

    help = (
        "Send all past orders, customers and products to the referral engine. "
        "Run it again after an interruption: it goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--only", nargs="+", choices=KINDS, default=list(KINDS), help="what to send"
        )
        parser.add_argument(
            "--since", type=_day, help="only orders placed from this day on (YYYY-MM-DD)"
        )
        parser.add_argument(
            "--restart", action="store_true", help="send everything again, not only what is left"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Mark, send with a progress line, and fail if something is left."""
        if not config().connected:
            raise CommandError("WORDMOUTH_OSCAR lacks URL, STORE_ID or SECRET")
        history = PendingSnapshot.objects.filter(is_backfill=True)
        if history.exists() and not options["restart"]:
            self.stdout.write("Going on with an earlier backfill.")
        else:
            _mark(options["only"], options["since"])
        total = history.count()
        done = flush(report=_Progress(self.stderr, total))
        left = history.count()
        self.stdout.write(f"{done.sent} sent, {left} of {total} left")
        if left:
            reason = done.stopped_by or _last_error()
            raise CommandError(f"{left} left ({reason}); run the command again to go on")


class _Progress:
    """Rewrites one line on the terminal, at most once a second."""

    def __init__(self, stream: Any, total: int) -> None:
        self._stream = stream
        self._total = total
        self._started = self._shown = time.monotonic()

    def __call__(self, done: Flushed) -> None:
        now = time.monotonic()
        handled = done.sent + done.gone + done.failed
        if now - self._shown < 1 and handled < self._total:
            return
        self._shown = now
        speed = handled / max(now - self._started, 0.001)
        ending = "\r" if self._stream.isatty() and handled < self._total else "\n"
        self._stream.write(f"{handled} of {self._total} ({speed:.0f}/s)", ending=ending)


def _mark(only: list[str], since: datetime | None) -> None:
    """Mark products and customers before the orders that name them, old orders first."""
    orders = get_model("order", "Order")._default_manager.order_by("date_placed", "pk")
    if since is not None:
        orders = orders.filter(date_placed__gte=since)
    sources = {
        "products": (PendingSnapshot.Kind.PRODUCT, get_model("catalogue", "Product")),
        "customers": (PendingSnapshot.Kind.CUSTOMER, get_user_model()),
    }
    for name, (kind, model) in sources.items():
        if name in only:
            mark_history(kind, _keys(model._default_manager.order_by("pk")))
    if "orders" in only:
        mark_history(PendingSnapshot.Kind.ORDER, _keys(orders))


def _keys(objects: Any) -> Any:
    return objects.values_list("pk", flat=True).iterator(chunk_size=2000)


def _last_error() -> str:
    row = PendingSnapshot.objects.exclude(last_error="").first()
    return row.last_error if row else "not due yet"


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise CommandError(f"--since {text} is not a day such as 2026-01-31") from error
