"""What can become of an effect that did not succeed."""

from __future__ import annotations

from wordmouth.kit.errors import Conflict


class TryLater(Exception):
    """The outside could not do it now; another try may help. `retry_after` in seconds."""

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after


class Hopeless(Exception):
    """The outside will never do it; only a person can help."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class EffectNotDead(Conflict):
    """Only an effect that was given up can be revived."""

    code, title = "effect_not_dead", "This effect was not given up"
