"""What people ask about their data through a shop: what is done about it at once, and what the
doctor says of what a person has yet to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from wordmouth.cli.project import Check

if TYPE_CHECKING:
    from wordmouth.people.facts import PrivacyFacts
    from wordmouth.people.snapshot import PrivacyAsk
    from wordmouth.stores.facts import StoreFacts

WORDS = {
    "erase": "erase what is known of {whom}",
    "hand_out": "hand out to {whom} what is known of them",
    "erase_store": "erase everything that is known of its customers",
}


def take(store_id: str, adapter: str, asks: Sequence[PrivacyAsk]) -> None:
    """Keep what was asked, in the store write that settles it. Who is to be erased is not written
    to any more from then on."""
    from wordmouth.messages import suppression
    from wordmouth.people import privacy, services
    from wordmouth.people.snapshot import ERASE

    services.keep_asks(store_id, adapter, asks)
    for each in asks:
        if each.kind == ERASE and each.customer is not None:
            for address in privacy.addresses_of(each.customer):
                suppression.stop(suppression.digest(address), suppression.ERASED)


def checks(store: StoreFacts) -> Iterator[Check]:
    """One check for each request that is open in the store; none where there is none."""
    from wordmouth.kit import clock
    from wordmouth.people import privacy
    from wordmouth.stores.transactions import store_read

    with store_read(store.id):
        waiting = privacy.open_requests()
    for each in waiting:
        late = clock.now() > each.due_at
        yield Check(
            name=f"privacy {store.slug}",
            state="broken" if late else "warning",
            text=f"On {each.asked_at:%Y-%m-%d} {each.adapter} asked to {_what(each)}, "
            f"until {each.due_at:%Y-%m-%d}.",
            mend=f"Do it, see docs/privacy.md, and say so: "
            f"wordmouth store privacy {store.slug} --done {each.id}",
        )


def _what(request: PrivacyFacts) -> str:
    """What was asked, without an address: it may stand in a log."""
    whom = f"customer {request.customer}" if request.customer else "somebody"
    return WORDS[request.kind].format(whom=whom)
