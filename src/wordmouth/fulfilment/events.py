"""What this room tells. A coupon is here whatever carries out a reward."""

from wordmouth.kit.events import Event


class CouponIssued(Event, frozen=True, kw_only=True):
    """It is there: the holder can use it from now on. `code` is empty where it is no coupon;
    `turn` counts up where it was taken back before and made anew."""

    store_id: str
    reward_id: str
    code: str
    turn: int = 1


class CouponRevoked(Event, frozen=True, kw_only=True):
    """What a reward that was taken back had become can no longer be used; `was_used` says that it
    had been used before."""

    store_id: str
    reward_id: str
    was_used: bool


class CouponFailed(Event, frozen=True, kw_only=True):
    """It could not be made and is not tried again until somebody revives the effect."""

    store_id: str
    reward_id: str
    problem: str
