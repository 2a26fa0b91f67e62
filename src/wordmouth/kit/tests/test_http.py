"""Calls to addresses that others chose: nothing private is reached, nothing lasts for ever."""

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from tests.harness.patience import PATIENCE, Watch
from wordmouth.kit import addresses, http
from wordmouth.kit.http import (
    MAX_ANSWER_BYTES,
    AddressRefused,
    Answer,
    Http,
    HttpFailed,
    resolve,
    retry_after,
)

NOT_CALLED = [
    # other schemes
    "http://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "//example.com/",
    "example.com",
    "/coupons",
    "",
    "javascript:alert(1)",
    "data:text/plain,x",
    "https:example.com",
    "https:/example.com",
    "https:///coupons",
    "https://",
    "https://:443/",
    # a user or a password
    "https://user@example.com/",
    "https://user:pass@example.com/",
    "https://example.com@127.0.0.1/",
    "https://example.com:443@127.0.0.1/",
    "https://@127.0.0.1/",
    # odd ports
    "https://example.com:22/",
    "https://example.com:80/",
    "https://example.com:8000/",
    "https://example.com:6379/",
    "https://example.com:99999/",
    "https://example.com:-1/",
    "https://example.com:x/",
    # what different readers read differently
    "https://example.com\\@127.0.0.1/",
    "https://127.0.0.1\\.example.com/",
    "https://example.com/\r\nHost: evil",
    "https://exa\tmple.com/",
    "https://example.com\n/",
    " https://example.com/",
    "https://example.com /",
    "https://\x00example.com/",
    "https://example。com/",
    "https://ⓔxample.com/",
    "https://①②⑦.⓪.⓪.①/",
    "https://[::1",
    "https://[fe80::1%25eth0/",
]

PRIVATE_LITERALS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0",
    "0.0.0.0",
    "0x7f.0.0.1",
    "0x7f000001",
    "0177.0.0.1",
    "2130706433",
    "017700000001",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "192.168.257",
    "169.254.169.254",
    "0xa9fea9fe",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[4000::1]",
]

PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001:81b::200e"]


@pytest.mark.parametrize("url", NOT_CALLED)
def test_an_odd_address_is_refused_before_anything_is_asked(url):
    def nobody(host, port):
        raise AssertionError("the resolver was asked")

    with pytest.raises(AddressRefused):
        Http(resolver=nobody).post(url, b"", {})


@pytest.mark.parametrize("host", PRIVATE_LITERALS)
def test_a_private_address_is_refused_in_every_spelling(host):
    """The system's own resolver reads the spelling, so what it makes of it is what is checked."""
    with pytest.raises((AddressRefused, HttpFailed)) as caught:
        Http(connect_seconds=0.2, total_seconds=0.4).post(f"https://{host}/", b"", {})
    assert "not a public address" in str(caught.value) or "cannot be resolved" in str(caught.value)


@pytest.mark.parametrize("literal", PRIVATE_LITERALS)
def test_no_private_address_counts_as_public(literal):
    try:
        found = resolve(literal.strip("[]"), 443)
    except OSError:
        return  # this system has no such address family; then it cannot be called either
    assert not any(addresses.is_public(address) for address in found)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert addresses.is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.5"):
        Http(resolver=lambda host, port: ["8.8.8.8", "10.0.0.5"]).post("https://x.test/", b"", {})


def test_a_zone_is_link_local():
    with pytest.raises(AddressRefused):
        Http(resolver=lambda host, port: ["fe80::1%2"]).post("https://x.test/", b"", {})


class Rebinding:
    """A name that is public when it is checked and private a moment later."""

    def __init__(self):
        self.answers = [["8.8.8.8"], ["127.0.0.1"], ["127.0.0.1"]]

    def __call__(self, host, port):
        return self.answers.pop(0)


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    """Rebinding gains nothing: the name is resolved once and not again by the connection."""
    connected = []

    def refuse(address, *args, **kwargs):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    resolver = Rebinding()
    with pytest.raises(HttpFailed):
        Http(resolver=resolver).post("https://rebinding.test/", b"", {})
    assert connected == [("8.8.8.8", 443)]
    assert len(resolver.answers) == 2


def test_the_next_address_is_tried_when_one_does_not_answer(monkeypatch):
    connected = []

    def refuse(address, *args, **kwargs):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(HttpFailed, match="No connection"):
        Http(resolver=lambda *_: ["8.8.8.8", "1.1.1.1"]).post("https://x.test/", b"", {})
    assert connected == ["8.8.8.8", "1.1.1.1"]


def test_a_name_that_does_not_exist():
    def unknown(host, port):
        raise socket.gaierror

    with pytest.raises(HttpFailed, match="cannot be resolved"):
        Http(resolver=unknown).post("https://nowhere.test/", b"", {})


@contextmanager
def serving(talk):
    """A server whose whole behaviour is `talk(connection)`."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(PATIENCE)
    ended = threading.Event()

    def accept():
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return
        with connection:
            try:
                talk(connection, ended)
                _part(connection)
            except OSError:
                return

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x?y=1"
    finally:
        ended.set()
        listener.close()
        thread.join()


def _part(connection):
    """Say that this was all and read what is still coming: to close on unread bytes would break
    the connection, and what was said with it."""
    connection.settimeout(PATIENCE)
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(65536):
        pass


def called(url, seconds=PATIENCE, body=b"{}", headers=None):
    return Http(allow_private=True, total_seconds=seconds).post(url, body, headers or {})


def test_an_answer_comes_back_whatever_its_status():
    seen = []

    def talk(connection, ended):
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 418 Teapot\r\nX-Kind: Green\r\nContent-Length: 3\r\n\r\ntea")

    with serving(talk) as url:
        answer = called(url, headers={"X-Key": "one"})
    assert (answer.status, answer.headers["x-kind"], answer.body) == (418, "Green", b"tea")
    request = seen[0].decode().lower()
    assert request.startswith("post /x?y=1 http/1.1\r\n")
    assert "x-key: one" in request
    assert "accept-encoding: identity" in request


def test_asking_for_what_is_there_sends_no_body():
    seen = []

    def talk(connection, ended):
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntea")

    with serving(talk) as url:
        answer = Http(allow_private=True).get(url, {"authorization": "Bearer one"})
    assert answer.body == b"tea"
    request = seen[0].decode().lower()
    assert request.startswith("get /x?y=1 http/1.1\r\n")
    assert "authorization: bearer one" in request
    assert "content-length" not in request


@pytest.mark.parametrize("host", PRIVATE_LITERALS[:3])
def test_asking_is_guarded_like_sending(host):
    with pytest.raises((AddressRefused, HttpFailed)):
        Http(connect_seconds=0.2, total_seconds=0.4).get(f"https://{host}/", {})


def test_how_much_is_read_can_be_set():
    def talk(connection, ended):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000)

    with serving(talk) as url:
        answer = Http(allow_private=True, max_answer_bytes=100_000).get(url, {})
    assert len(answer.body) == 100_000
    with serving(talk) as url, pytest.raises(HttpFailed, match="longer than 99999 bytes"):
        Http(allow_private=True, max_answer_bytes=99_999).get(url, {})


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("Fri, 31 Dec 2027 23:59:59 GMT", 59.0),
        ("Fri, 31 Dec 2027 20:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
    ],
)
def test_a_pause_that_was_asked_for_is_read(header, seconds):
    now = datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
    answer = Answer(status=429, headers={"retry-after": header}, body=b"")
    assert retry_after(answer, now) == seconds


def test_a_redirect_is_an_answer_and_not_followed():
    def talk(connection, ended):
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        )

    with serving(talk) as url:
        assert called(url).status == 307


def test_an_endless_answer_is_cut():
    def talk(connection, ended):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 1024)

    with serving(talk) as url, pytest.raises(HttpFailed, match=str(MAX_ANSWER_BYTES)):
        called(url)


@pytest.mark.parametrize(
    "drip",
    [
        b"HTTP/1.1 200 OK\r\nX-A: b\r\n" + b"X-B: c\r\n" * 100,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 999,
    ],
)
def test_an_answer_that_drips_is_ended_at_the_deadline(drip, monkeypatch):
    """Every byte comes in time, one a second; all together do not."""
    watch = Watch()
    monkeypatch.setattr(http, "time", watch)

    def talk(connection, ended):
        connection.recv(65536)
        for byte in drip:
            watch.move(1.0)
            connection.sendall(bytes([byte]))

    with serving(talk) as url, pytest.raises(HttpFailed, match="in time"):
        called(url, seconds=100.0)


def test_a_server_that_says_nothing():
    def talk(connection, ended):
        ended.wait(PATIENCE)

    with serving(talk) as url, pytest.raises(HttpFailed, match="in time"):
        called(url, seconds=2.0)


@pytest.mark.parametrize(
    "reply",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"\x16\x03\x01",
    ],
)
def test_what_is_no_whole_http_answer_fails(reply):
    def talk(connection, ended):
        connection.recv(65536)
        connection.sendall(reply)

    with serving(talk) as url, pytest.raises(HttpFailed):
        called(url)


def test_plain_bytes_where_tls_was_expected_fail(monkeypatch):
    def talk(connection, ended):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with serving(talk) as url, pytest.raises(HttpFailed):
        called(url.replace("http:", "https:"))


def test_a_certificate_of_another_name_is_refused(tmp_path):
    """TLS is verified against the name in the address, though the connection goes to a number."""
    context = _certified_for("other.test", tmp_path)

    def talk(connection, ended):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)

    with serving(talk) as url, pytest.raises(HttpFailed, match=r"(?i)certificate"):
        called(url.replace("http:", "https:").replace("127.0.0.1", "localhost"))


def _certified_for(name, folder):
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
