"""What this room tells."""

from wordmouth.kit.events import Event


class PersonsMerged(Event, frozen=True, kw_only=True):
    """Two known persons turned out to be one human; `root` stands for both from now on."""

    store_id: str
    root: str
    absorbed: str
