"""Mail by SMTP."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage

import msgspec

from wordmouth.messages.ports import MailRefused, MailUnreachable

TIMEOUT_SECONDS = 15
IMPLICIT_TLS_PORT = 465
PERMANENT = 500


class SmtpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where mail is handed over. No user: no login. Port 465 speaks TLS from the first byte."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    timeout: float = TIMEOUT_SECONDS


class SmtpMailer:
    """Hands over one mail per connection; safe to use from several threads."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over. Raises MailRefused when the server will never take it for this
        address, MailUnreachable for everything that may pass: also a refused login or sender,
        which is the operator's to mend and no fault of the address.
        """
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _by_code(code, text) from error
        except smtplib.SMTPDataError as error:
            raise _by_code(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnreachable(f"The mail server cannot be used: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        given = self._settings
        if given.port == IMPLICIT_TLS_PORT:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                given.host,
                given.port,
                timeout=given.timeout,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(given.host, given.port, timeout=given.timeout)
        try:
            if given.starttls and given.port != IMPLICIT_TLS_PORT:
                server.starttls(context=ssl.create_default_context())
            if given.user:
                server.login(given.user, given.password)
        except BaseException:
            server.close()
            raise
        return server


def _by_code(code: int, text: bytes | str) -> MailRefused | MailUnreachable:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = MailRefused if code >= PERMANENT else MailUnreachable
    return kind(f"{code} {words}")
