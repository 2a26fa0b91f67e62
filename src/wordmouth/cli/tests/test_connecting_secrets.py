"""A shop that is opened by several secrets is given them as lines, as JSON, or one by one."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from wordmouth.cli import connecting
from wordmouth.cli.tests.door import Door
from wordmouth.integrations.shift4shop.adapter import Shift4Shop
from wordmouth.integrations.shift4shop.twin import SHOP, S4STwin
from wordmouth.integrations.twins import running
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.stores import queries

SECRETS = {"private_key": "priv_1", "token": "tok_1"}


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What connects a store with a shop on this machine, but for the secrets."""
    known = Shift4Shop(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, known.name, known)
    monkeypatch.setitem(adapters.ADAPTERS, known.name, known)
    with running(S4STwin()) as twin:
        given = ["--url", SHOP, "--api", twin.url]
        yield ["store", "connect", "tea-house", known.name, *given]


def kept(made) -> dict[str, str] | None:
    found = queries.connection(made["store"]["id"], "shift4shop")
    return found.credentials if found else None


@pytest.mark.parametrize(
    "text",
    [
        "priv_1\ntok_1\n",
        " priv_1 \r\n tok_1 \r\n",
        '{"token": "tok_1", "private_key": "priv_1"}',
    ],
)
def test_several_secrets_stand_in_a_file(door: Door, made, words, tmp_path, text) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    told = door(*words, "--secret-file", str(file))
    assert kept(made) == SECRETS
    assert "tok_1" not in told.output + told.stderr


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("priv_1\n", "the token that the shop gave it; it is empty"),
        ("", "private key; it is empty"),
        ("priv_1\ntok_1\nmore\n", "one line each of private_key, token; the file has 3"),
        ('{"token": "tok_1"', "not a JSON object of texts"),
        ('{"token": 7}', "not a JSON object of texts"),
        ('{"token": "tok_1", "key": "priv_1"}', "no secret 'key'; it takes private_key, token"),
    ],
)
def test_what_is_wrong_with_the_secrets_is_said_and_nothing_is_kept(
    door: Door, made, words, tmp_path, text, says
) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    assert says in door.refusal(*words, "--secret-file", str(file))
    assert kept(made) is None


def test_several_secrets_are_asked_for_one_by_one(
    door: Door, made, words, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    typed = iter(["priv_1", "tok_1"])

    def prompt(words: str, **more: object) -> str:
        asked.append(words)
        assert more["hide_input"], "secrets are typed unseen"
        return next(typed)

    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr(connecting, "_at_a_terminal", lambda: True)
    door(*words)
    assert asked == [
        "Shift4Shop: the application's private key",
        "Shift4Shop: the token that the shop gave it",
    ]
    assert kept(made) == SECRETS


def test_without_a_file_or_a_terminal_both_are_named(door: Door, made, words) -> None:
    refusal = door.refusal(*words, status=2)
    assert "private key, the token that the shop gave it with --secret-file" in refusal
    assert kept(made) is None
