"""What this room tells."""

from wordmouth.kit.events import Event


class CouponIssued(Event, frozen=True, kw_only=True):
    """The shop has the coupon: it can be used from now on."""

    store_id: str
    reward_id: str
    code: str


class CouponRevoked(Event, frozen=True, kw_only=True):
    """The coupon of a reward that was taken back can no longer be used; `was_used` says that it
    had been used before."""

    store_id: str
    reward_id: str
    was_used: bool


class CouponFailed(Event, frozen=True, kw_only=True):
    """The coupon could not be made and is not tried again until somebody revives the effect."""

    store_id: str
    reward_id: str
    problem: str
