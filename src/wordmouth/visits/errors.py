"""What can go wrong with claims."""

from wordmouth.kit.errors import Conflict


class NotClaimable(Conflict):
    """The programme takes no new friends now."""

    code, title = "not_claimable", "This offer cannot be claimed now"
