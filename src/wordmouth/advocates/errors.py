"""What can go wrong with advocates."""

from wordmouth.kit.errors import Conflict, NotFound


class NoProgram(Conflict):
    """There is no live programme to join."""

    code, title = "no_live_program", "No live programme to join"


class UnknownCode(NotFound):
    """The referral code leads nowhere."""

    code, title = "unknown_code", "This code is not known"
