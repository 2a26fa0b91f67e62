"""The mailbox: a real SMTP server on this machine that keeps every mail for the inbox page."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections, connection, transaction

from wordmouth_demo import config
from wordmouth_demo.models import Mail

HOST = "127.0.0.1"
_LONGEST_BODY = 500_000

_running: list[Controller] = []


def start(port: int = 0) -> int:
    """Start the server in a thread of this process and return its port (0: any free one).

    Raises OSError when the port is taken.
    """
    if not port:
        port = _free_port()
    controller = Controller(_Keeper(), hostname=HOST, port=port)
    controller.start()
    _running.append(controller)
    return port


def stop() -> None:
    """Stop every server that `start` started."""
    while _running:
        _running.pop().stop()


def keep(sender: str, recipients: list[str], content: bytes) -> None:
    """Store a received mail once for every envelope recipient."""
    message = message_from_bytes(content, policy=policy.default)
    now = config.get().now()
    with transaction.atomic():
        Mail.objects.bulk_create(
            Mail(
                recipient=recipient.strip().lower()[:254],
                sender=sender[:254],
                from_header=str(message.get("from", ""))[:300],
                subject=str(message.get("subject", ""))[:300],
                text=_part(message, "plain"),
                html=_part(message, "html"),
                source=_clean(content.decode("utf-8", "replace")),
                received_at=now,
            )
            for recipient in recipients
        )


class _Keeper:
    """The SMTP server's handler: a mail is acknowledged only once it is stored."""

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        data = content.encode() if isinstance(content, str) else content or b""
        try:
            await asyncio.to_thread(
                _keep_in_thread, envelope.mail_from or "", list(envelope.rcpt_tos), data
            )
        except Exception:  # noqa: BLE001 - whatever it was, the sender must try again
            return "451 4.3.0 The mail could not be stored, please try again later"
        return "250 2.0.0 Stored"


def _keep_in_thread(sender: str, recipients: list[str], content: bytes) -> None:
    close_old_connections()
    try:
        keep(sender, recipients, content)
    finally:
        connection.close()


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return _clean(str(part.get_content()))
    except LookupError:
        # It names an alphabet that nobody knows: show what can be read.
        return _clean(bytes(part.get_payload(decode=True)).decode("utf-8", "replace"))


def _clean(text: str) -> str:
    # PostgreSQL's text cannot hold the NUL character.
    return text.replace("\x00", "")[:_LONGEST_BODY]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
