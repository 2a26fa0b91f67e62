"""What this room tells."""

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit.events import Event


class AdvocateJoined(Event, frozen=True, kw_only=True):
    """Somebody became an advocate."""

    store_id: str
    advocate: AdvocateFacts
