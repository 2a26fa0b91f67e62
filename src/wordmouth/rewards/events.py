"""What this room tells."""

from wordmouth.kit.events import Event
from wordmouth.rewards.facts import RewardFacts


class RewardChanged(Event, frozen=True, kw_only=True):
    """A reward is new (`before` is None) or moved from state `before` to `reward.state`."""

    store_id: str
    reward: RewardFacts
    before: str | None
