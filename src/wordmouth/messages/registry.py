"""Where the wiring plugs in whoever delivers mail."""

from __future__ import annotations

from wordmouth.messages.ports import Mailer, MailUnreachable

_mailer: Mailer | None = None


def install(mailer: Mailer | None) -> None:
    """Make `mailer` the mailer of this process; None: there is none."""
    global _mailer
    _mailer = mailer


def mailer() -> Mailer:
    """The mailer of this process. Raises MailUnreachable when none is installed."""
    if _mailer is None:
        raise MailUnreachable("No mailer is installed in this process.")
    return _mailer
