"""A store's own accounts by command: tried out, kept sealed, shown without secrets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wordmouth.cli.tests.door import Door
from wordmouth.integrations.paypal.twin import PayPalTwin
from wordmouth.integrations.stripe.twin import StripeTwin
from wordmouth.integrations.tremendous.twin import BASE, TremendousTwin
from wordmouth.integrations.twins import running
from wordmouth.stores import queries


@pytest.fixture
def paypal() -> Iterator[PayPalTwin]:
    with running(PayPalTwin()) as twin:
        yield twin


@pytest.fixture
def secret(tmp_path) -> str:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    return str(file)


def words(made, service: str, *more: str) -> list[str]:
    return ["store", "connect", made["store"]["slug"], service, *more]


def test_an_account_is_tried_out_and_kept(door: Door, made, paypal, secret) -> None:
    told = door(
        *words(made, "paypal", "--client-id", "client", "--api", paypal.url),
        *("--secret-file", secret),
    )
    assert "PayPal knows the client id" in told.stderr
    assert "tea-house is connected with PayPal Payouts." in told.stderr
    (account,) = queries.accounts(made["store"]["id"])
    assert account.secrets == ("hush",)
    assert account.options == {"client_id": "client", "api": paypal.url}
    assert not paypal.left


def test_no_secret_is_ever_printed(door: Door, made, paypal, secret) -> None:
    given = ("--client-id", "client", "--api", paypal.url, "--secret-file", secret)
    connected = door.facts(*words(made, "paypal", *given))
    assert connected == {
        "service": "paypal",
        "serves": "payouts",
        "options": {"client_id": "client", "api": paypal.url},
    }
    shown = door("store", "show", "tea-house")
    assert "payouts (paypal)" in shown.stdout
    facts = door("store", "show", "tea-house", "--json")
    assert '"service": "paypal"' in facts.stdout
    assert "hush" not in shown.output + facts.output


def test_an_account_that_does_not_open_is_not_kept(door: Door, made, paypal, tmp_path) -> None:
    (tmp_path / "wrong").write_text("wrong")
    given = ("--client-id", "client", "--api", paypal.url, "--secret-file", str(tmp_path / "wrong"))
    refusal = door.refusal(*words(made, "paypal", *given))
    assert "does not accept the client id" in refusal
    assert "Nothing was changed." in refusal
    assert queries.accounts(made["store"]["id"]) == []
    door(*words(made, "paypal", *given), "--no-check")
    assert [account.secrets for account in queries.accounts(made["store"]["id"])] == [("wrong",)]


def test_stripe_and_tremendous(door: Door, made, tmp_path) -> None:
    (tmp_path / "stripe").write_text("sk_test_1")
    (tmp_path / "tremendous").write_text("TEST_key")
    with running(StripeTwin()) as stripe, running(TremendousTwin()) as tremendous:
        told = door(
            *words(made, "stripe", "--api", stripe.url, "--secret-file", str(tmp_path / "stripe"))
        )
        assert "test money" in told.stderr
        door(
            *words(made, "tremendous", "--product", "A1", "--product", "B2", "--delivery", "link"),
            *("--api", tremendous.url + BASE, "--secret-file", str(tmp_path / "tremendous")),
        )
    kept = {account.adapter: account for account in queries.accounts(made["store"]["id"])}
    assert kept["stripe"].serves == "payouts"
    assert kept["tremendous"].options["product"] == ["A1", "B2"]
    door("store", "disconnect", "tea-house", "stripe")
    assert [a.adapter for a in queries.accounts(made["store"]["id"])] == ["tremendous"]


def test_a_secret_can_be_made_for_ones_own_program(door: Door, made) -> None:
    url = ("--url", "https://rewards.tea.example/wordmouth")
    told = door(*words(made, "custom", *url, "--new-secret", "--no-check"))
    (account,) = queries.accounts(made["store"]["id"])
    assert told.stdout.strip() == account.secrets[0]
    assert account.serves == "custom"


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        (("western-union",), 1, "there are bigcommerce, custom,"),
        (("paypal", "--campaign", "x"), 1, "no option campaign; it takes client-id, sandbox, api"),
        (("paypal", "--new-secret"), 1, "client_id"),
        (("stripe",), 2, "--secret-file"),
        (("paypal", "--api", "paypal.test"), 2, "no web address"),
    ],
)
def test_what_cannot_be_connected_is_named(door: Door, made, given, status, says) -> None:
    assert says in door.refusal(*words(made, *given), status=status)
    assert queries.accounts(made["store"]["id"]) == []


def test_an_empty_secret_and_a_shop_are_refused(door: Door, made, tmp_path) -> None:
    (tmp_path / "empty").write_text("\n")
    assert "not empty" in door.refusal(
        *words(made, "stripe", "--secret-file", str(tmp_path / "empty"))
    )
    assert "no account named" in door.refusal("store", "disconnect", "tea-house", "stripe")
