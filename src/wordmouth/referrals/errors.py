"""What can go wrong with referrals."""

from wordmouth.kit.errors import Conflict


class NotRulable(Conflict):
    """The referral is in a status on which nobody rules."""

    code, title = "not_rulable", "This referral cannot be decided by hand now"
