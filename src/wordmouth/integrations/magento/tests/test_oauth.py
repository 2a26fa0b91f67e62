"""Calls to Magento are signed as RFC 5849 has it."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from wordmouth.integrations.magento.oauth import Keys, authorization, escaped, signature

KEYS = Keys(
    consumer_key="dpf43f3p2l4k3l03",
    consumer_secret="kd94hf93k423kf44",
    access_token="nnch734d00sl2jdk",
    access_token_secret="pfkkdhi9sl3r4s00",
)
URL = "http://photos.example.net/photos?file=vacation.jpg&size=original"
TOLD = {
    "oauth_consumer_key": "dpf43f3p2l4k3l03",
    "oauth_nonce": "chapoH",
    "oauth_signature_method": "HMAC-SHA256",
    "oauth_timestamp": "137131202",
    "oauth_token": "nnch734d00sl2jdk",
}


def test_a_signature_is_what_openssl_makes_of_the_base_string_of_the_specification() -> None:
    assert signature(KEYS, "GET", URL, TOLD) == "HtMwoX2zenlFjgGg/SNEoKEQmL7CzxYFEKzs7er044Y="


def test_where_the_query_stands_does_not_matter_and_everything_else_does() -> None:
    moved = "http://photos.example.net/photos?size=original&file=vacation.jpg"
    first = signature(KEYS, "GET", URL, TOLD)
    assert signature(KEYS, "GET", moved, TOLD) == first
    others = [
        signature(KEYS, "POST", URL, TOLD),
        signature(KEYS, "GET", URL.replace("http", "https"), TOLD),
        signature(KEYS, "GET", URL.replace("original", "large"), TOLD),
        signature(KEYS, "GET", URL, TOLD | {"oauth_nonce": "other"}),
        signature(msgspec.structs.replace(KEYS, consumer_secret="x"), "GET", URL, TOLD),
    ]
    assert len({first, *others}) == 6


def test_a_host_is_signed_in_small_letters_and_without_its_usual_port() -> None:
    plain = signature(KEYS, "GET", "https://tea.example/rest", TOLD)
    assert signature(KEYS, "GET", "https://TEA.example:443/rest", TOLD) == plain
    assert signature(KEYS, "GET", "https://tea.example:8443/rest", TOLD) != plain


@pytest.mark.parametrize(
    ("text", "written"),
    [("a b", "a%20b"), ("a+b", "a%2Bb"), ("[0]", "%5B0%5D"), ("~-._", "~-._"), ("é", "%C3%A9")],
)
def test_a_text_is_written_in_one_way(text: str, written: str) -> None:
    assert escaped(text) == written


def test_a_query_is_signed_as_it_is_meant_and_not_as_it_is_written() -> None:
    spaced = signature(KEYS, "GET", "http://a.example/?at=2026-01-01%2010:00", TOLD)
    assert signature(KEYS, "GET", "http://a.example/?at=2026-01-01%2010%3A00", TOLD) == spaced


def test_the_header_tells_everything_but_the_secrets() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    header = authorization(KEYS, "GET", URL, "n1", at)
    assert header.startswith('OAuth oauth_consumer_key="dpf43f3p2l4k3l03", oauth_nonce="n1"')
    assert 'oauth_timestamp="1772366400"' in header
    assert 'oauth_signature="' in header
    assert KEYS.consumer_secret not in header
    assert KEYS.access_token_secret not in header
