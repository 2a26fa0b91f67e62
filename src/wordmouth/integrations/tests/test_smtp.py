"""Mail to a real SMTP server that says yes, no, later and nothing."""

import socket
import threading
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from tests.harness.patience import PATIENCE
from wordmouth.integrations.smtp import SmtpMailer, SmtpSettings
from wordmouth.messages.ports import MailRefused, MailUnreachable


class Server:
    """Keeps what it takes; `says` maps a step of the conversation to another answer."""

    def __init__(self, **says):
        self.says = says
        self.taken = []

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        envelope.mail_from = address
        return self.says.get("sender", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.says.get("recipient", "250 OK")

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        answer = self.says.get("data", "250 OK")
        if answer.startswith("2"):
            self.taken.append(envelope)
        return answer


@contextmanager
def serving(**says):
    server = Server(**says)
    controller = Controller(server, hostname="127.0.0.1", port=_free_port(), ready_timeout=PATIENCE)
    controller.start()
    try:
        yield server, mailer(controller.port)
    finally:
        controller.stop()


def _free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def mailer(port, timeout=PATIENCE, **more):
    return SmtpMailer(SmtpSettings(host="127.0.0.1", port=port, timeout=timeout, **more))


def mail():
    made = EmailMessage()
    made["From"] = "Tea <tea@shop.test>"
    made["To"] = "Mari <mari@example.com>"
    made["Subject"] = "Tere, sõber"
    made.set_content("Kümme protsenti sulle.")
    return made


def test_a_mail_arrives_whole():
    with serving() as (server, mailer):
        mailer.send(mail())
    (taken,) = server.taken
    assert taken.mail_from == "tea@shop.test"
    assert taken.rcpt_tos == ["mari@example.com"]
    assert b"Subject: Tere, =?utf-8?q?s=C3=B5ber?=" in taken.content


def test_many_mails_from_many_threads():
    with serving() as (server, mailer):
        threads = [threading.Thread(target=mailer.send, args=(mail(),)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.taken) == 8


@pytest.mark.parametrize("step", ["recipient", "data"])
def test_a_permanent_no_is_a_refusal_with_the_servers_words(step):
    with serving(**{step: "550 5.1.1 no such mailbox"}) as (server, mailer):
        with pytest.raises(MailRefused, match=r"550 5\.1\.1 no such mailbox"):
            mailer.send(mail())
        assert not server.taken


@pytest.mark.parametrize("step", ["sender", "recipient", "data"])
def test_later_is_later(step):
    answer = {step: "451 4.7.1 try again"}
    with serving(**answer) as (_, mailer), pytest.raises(MailUnreachable, match="try again"):
        mailer.send(mail())


def test_a_refused_sender_is_not_the_addresss_fault():
    answer = "550 5.7.1 who are you"
    with serving(sender=answer) as (_, mailer), pytest.raises(MailUnreachable, match="who are"):
        mailer.send(mail())


def test_nobody_there():
    with pytest.raises(MailUnreachable, match="cannot be used"):
        mailer(_free_port()).send(mail())


def test_a_server_that_says_nothing_is_not_waited_for():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailUnreachable):
        mailer(silent.getsockname()[1], timeout=1.0).send(mail())


def test_a_server_without_tls_or_login_gets_neither_mail_nor_password():
    with serving() as (server, plain):
        port = plain._settings.port
        with pytest.raises(MailUnreachable, match="STARTTLS"):
            mailer(port, starttls=True).send(mail())
        with pytest.raises(MailUnreachable):
            mailer(port, user="tea", password="secret").send(mail())
        assert not server.taken
