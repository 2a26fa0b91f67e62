"""PayPal's answers, as far as they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

_ITEM = re.compile(r"items?[\[/](\d{1,5})\b")
_BATCH_LINK = re.compile(r"/v1/payments/payouts/([A-Za-z0-9_-]{1,30})(?:[/?#]|$)")


class Token(msgspec.Struct, frozen=True):
    """An access token and for how many seconds it opens."""

    access_token: str
    expires_in: int


class SenderHeader(msgspec.Struct, frozen=True):
    """The header that we sent."""

    sender_batch_id: str = ""


class BatchHeader(msgspec.Struct, frozen=True):
    """What PayPal says of a batch."""

    payout_batch_id: str
    batch_status: str = ""
    sender_batch_header: SenderHeader = SenderHeader()


class Created(msgspec.Struct, frozen=True):
    """The answer to a new batch."""

    batch_header: BatchHeader


class SentItem(msgspec.Struct, frozen=True):
    """The item that we sent."""

    sender_item_id: str = ""


class ItemError(msgspec.Struct, frozen=True):
    """Why an item did not go as it should."""

    name: str = ""
    message: str = ""


class Item(msgspec.Struct, frozen=True):
    """What PayPal says of an item."""

    payout_item: SentItem
    payout_item_id: str = ""
    transaction_status: str | None = None
    errors: ItemError | None = None


class Page(msgspec.Struct, frozen=True):
    """A batch with some of its items."""

    batch_header: BatchHeader
    items: list[Item] = []
    total_items: int | None = None
    total_pages: int | None = None


class Link(msgspec.Struct, frozen=True):
    """An address, which is never followed."""

    href: str = ""


class Detail(msgspec.Struct, frozen=True):
    """One thing that was wrong with a request."""

    field: str = ""
    issue: str = ""
    description: str = ""
    link: list[Link] = []
    links: list[Link] = []


class Problem(msgspec.Struct, frozen=True):
    """Why a request was refused."""

    name: str = ""
    message: str = ""
    error: str = ""
    error_description: str = ""
    details: list[Detail] = []
    links: list[Link] = []

    def words(self) -> str:
        """What PayPal says, in its words."""
        issues = [each.description or each.issue for each in self.details]
        told = [self.name or self.error, self.message or self.error_description, *issues]
        return ": ".join(dict.fromkeys(part for part in told if part))

    def is_duplicate(self) -> bool:
        """Whether the request was refused because PayPal has a batch of this name."""
        named = any(each.field.upper().endswith("SENDER_BATCH_ID") for each in self.details)
        return named and any(
            "exist" in each.issue.lower() or "duplicate" in each.issue.lower()
            for each in self.details
        )

    def batch_there(self) -> str:
        """PayPal's id of the batch that the refusal points to; empty where it names none."""
        links = [link for each in self.details for link in (*each.link, *each.links)]
        for link in (*links, *self.links):
            if found := _BATCH_LINK.search(link.href):
                return found.group(1)
        return ""

    def bad_items(self, count: int) -> Mapping[int, str]:
        """The items that the refusal names, by their place in the request, and why."""
        named = ((_ITEM.search(each.field), each) for each in self.details)
        found = {
            int(place.group(1)): each.issue or each.description for place, each in named if place
        }
        return {place: why for place, why in found.items() if place < count}
