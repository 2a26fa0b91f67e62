"""What a mailer must be able to do."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Protocol


class MailRefused(Exception):
    """The address will never take this mail (a permanent 5xx)."""


class MailUnreachable(Exception):
    """The mail server could not be asked or said "later"."""


class Mailer(Protocol):
    """Hands a complete mail to somebody who delivers it."""

    def send(self, mail: EmailMessage) -> None:
        """Raises MailRefused or MailUnreachable."""
        ...
