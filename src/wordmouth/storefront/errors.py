"""What can be wrong with a question that a shop's page asks for its customer; `docs/errors.md`
explains each code."""

from wordmouth.kit.asgi import TryAgain
from wordmouth.kit.errors import WordmouthError


class SessionRefused(WordmouthError):
    """The token does not prove that the shop's own page asks."""

    code, status, title = "session_refused", 401, "The session token is not valid"


class AskedTooOften(TryAgain):
    """More questions from one address than people ask."""

    code, status, title = "rate_limited", 429, "Too many requests"
