"""What can go wrong with wallets."""

from wordmouth.kit.errors import Conflict, Invalid, NotFound


class BadRedemption(Invalid):
    """What is asked for cannot be bought."""

    code, title = "bad_redemption", "This cannot be bought"


class NotEnough(Conflict):
    """The wallet holds less than the price."""

    code, title = "not_enough", "The wallet does not hold enough"


class RedemptionNotFound(NotFound):
    """There is no such redemption in this store."""

    code, title = "redemption_not_found", "There is no such redemption"


class RedemptionUsed(Conflict):
    """What was bought was used or is out of date."""

    code, title = "redemption_used", "It is used already"
