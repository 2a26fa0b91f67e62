"""What this room tells."""

from wordmouth.kit.events import Event
from wordmouth.orders.facts import OrderFacts


class OrderChanged(Event, frozen=True, kw_only=True):
    """An order is new (`before` is None) or its facts changed.

    `imported` marks history that was read from a file or a backfill: it makes customers known,
    but nobody is written to about it.
    """

    store_id: str
    order: OrderFacts
    before: OrderFacts | None
    imported: bool
