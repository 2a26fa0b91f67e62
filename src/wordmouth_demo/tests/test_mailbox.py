"""The mailbox takes real SMTP, and the inbox shows what came."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.test import Client
from pytest_django import Settings

from tests.harness.patience import PATIENCE
from wordmouth_demo import mailbox
from wordmouth_demo.mailbody import framed, links
from wordmouth_demo.models import Mail

real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def port() -> Iterator[int]:
    yield mailbox.start()
    mailbox.stop()


def letter(*to: str, subject: str = "Tere, Zoë") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Kohvik <hello@kohvik.example>"
    mail["To"] = ", ".join(to)
    mail["Subject"] = subject
    mail.set_content("Join: http://127.0.0.1/s/kohvik/join?a=1.\n")
    mail.add_alternative(
        '<html><head></head><body><a href="http://127.0.0.1/s/kohvik/join?a=1&amp;b=2">Join'
        "</a><script>alert(1)</script></body></html>",
        subtype="html",
    )
    return mail


def send(port: int, *to: str) -> None:
    mail = letter(*to)
    with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as server:
        server.send_message(mail, "bounce@kohvik.example", list(to))


@real
def test_a_mail_is_kept_for_each_recipient(port: int) -> None:
    send(port, "Ana@example.com", "ben@example.com")
    assert list(Mail.objects.order_by("recipient").values_list("recipient", flat=True)) == [
        "ana@example.com",
        "ben@example.com",
    ]
    mail = Mail.objects.first()
    assert mail is not None
    assert (mail.subject, mail.sender) == ("Tere, Zoë", "bounce@kohvik.example")
    assert mail.from_header == "Kohvik <hello@kohvik.example>"
    assert "Join: http" in mail.text
    assert "<script>" in mail.html
    assert "Subject:" in mail.source


@real
def test_a_mail_that_cannot_be_kept_is_not_acknowledged(port: int, settings: Settings) -> None:
    settings.WORDMOUTH_DEMO_SHOP = None
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(port, "ana@example.com")
    assert refused.value.smtp_code == 451


@real
def test_a_taken_port_is_an_error(port: int) -> None:
    with pytest.raises(OSError, match=str(port)):
        mailbox.start(port)


@pytest.mark.django_db
def test_the_inbox_lists_filters_and_opens() -> None:
    for name in ("Ana", "Ben"):
        to = f"{name.lower()}@example.com"
        mailbox.keep("x@kohvik.example", [to], letter(to, subject=f"For {name}").as_bytes())
    client = Client()
    everything = client.get("/demo/inbox/").content.decode()
    assert "For Ana" in everything
    assert "For Ben" in everything
    bens = client.get("/demo/inbox/?to=BEN@example.com").content.decode()
    assert "For Ana" not in bens
    assert "For Ben" in bens
    mail = Mail.objects.get(recipient="ben@example.com")
    opened = client.get(f"/demo/inbox/{mail.pk}/").content.decode()
    assert 'href="http://127.0.0.1/s/kohvik/join?a=1&amp;b=2"' in opened
    mail.refresh_from_db()
    assert mail.opened_at is not None
    assert client.get("/demo/inbox/999999/").status_code == 404
    client.post("/demo/inbox/empty")
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_the_body_of_a_mail_can_run_nothing() -> None:
    mailbox.keep("x@kohvik.example", ["a@example.com"], letter("a@example.com").as_bytes())
    answer = Client().get(f"/demo/inbox/{Mail.objects.get().pk}/body")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_blank">' in answer.content.decode()


@pytest.mark.django_db
def test_a_mail_without_text_or_with_odd_bytes_is_kept_too() -> None:
    mailbox.keep("", ["a@example.com"], b"Subject: =?utf-8?q?a?=\r\n\r\nplain \xff\x00 text")
    mailbox.keep("", ["a@example.com"], b"Content-Type: image/png\r\n\r\nxx")
    mailbox.keep("", ["a@example.com"], b"Content-Type: text/plain; charset=nonsense\r\n\r\nhi")
    assert Mail.objects.count() == 3
    assert "\x00" not in Mail.objects.earliest("pk").text


def test_links_are_listed_once_and_only_web_addresses() -> None:
    html = '<a href="http://a/1">One</a><a href="http://a/1">Again</a><a href="mailto:x">M</a>'
    assert [(link.url, link.label) for link in links(html, "")] == [("http://a/1", "One")]
    assert [link.url for link in links("", "See http://a/2. Bye")] == ["http://a/2"]
    assert links('<a href="javascript:alert(1)">x</a>', "") == []


def test_a_body_without_a_head_is_wrapped() -> None:
    assert framed("<p>Hi</p>").startswith("<!doctype html><html><head><base")
