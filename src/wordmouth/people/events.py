"""What this room tells."""

from wordmouth.kit.events import Event


class PersonLearned(Event, frozen=True, kw_only=True):
    """A known human is known by one more key."""

    store_id: str
    root: str


class PersonsMerged(Event, frozen=True, kw_only=True):
    """Two known persons turned out to be one human; `root` stands for both from now on."""

    store_id: str
    root: str
    absorbed: str
