"""What this room tells."""

from wordmouth.kit.events import Event
from wordmouth.visits.facts import ClaimFacts


class ClaimMade(Event, frozen=True, kw_only=True):
    """A friend took an offer for the first time."""

    store_id: str
    claim: ClaimFacts
