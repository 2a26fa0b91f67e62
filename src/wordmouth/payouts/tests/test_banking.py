"""Accounts are checked where they are entered, and what is nearest to a valid one is said."""

import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schwifty import IBAN

from wordmouth.payouts import banking
from wordmouth.payouts.errors import BadAccount

FORM = (
    "two letters for the country, two check digits, then letters and digits, "
    "such as DE89 3704 0044 0532 0130 00"
)


@pytest.mark.parametrize(
    "given_as",
    ["DE89370400440532013000", "de89 3704 0044 0532 0130 00", " DE89-3704-0044-0532-0130-00\n"],
)
def test_an_iban_is_taken_however_it_is_spaced(given_as):
    assert banking.checked_iban(given_as) == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "is missing; an IBAN such as DE89 3704 0044 0532 0130 00"),
        (
            "DE38370400440532013000",
            (
                "the check digits 38 do not fit the rest: something is mistyped; "
                "they would be 89 if the rest is right"
            ),
        ),
        ("DE8937040044053201300", "an IBAN of DE has 22 signs, this one 21: 1 missing"),
        ("DE893704004405320130000", "an IBAN of DE has 22 signs, this one 23: 1 too many"),
        ("NL91ABNA04171643AA", "an IBAN of NL has 4 capital letters, then 10 digits after NL91"),
        (
            "XX89370400440532013000",
            "XX is no country that has IBANs; an IBAN begins with a country, like DE",
        ),
        ("my account", f"MYAC … OUNT is no IBAN: {FORM}"),
        ("D8", f"… is no IBAN: {FORM}"),
    ],
)
def test_what_is_wrong_with_an_iban_is_said(wrong, told):
    with pytest.raises(BadAccount) as raised:
        banking.checked_iban(wrong)
    assert raised.value.detail == f"iban: {told}"
    assert raised.value.extra["errors"] == [{"path": "iban", "message": told}]


@settings(deadline=None)
@given(st.sampled_from(["DE", "EE", "FR", "GB", "NL", "NO", "MT"]), st.integers(0, 10**6))
def test_the_nearest_check_digits_are_the_right_ones(country, seed):
    chance = random.Random(seed)
    valid = str(IBAN.random(country, random=chance, use_registry=False).compact)
    assert banking.checked_iban(valid) == valid
    right = valid[2:4]
    wrong = chance.choice([f"{n:02}" for n in range(2, 98) if f"{n:02}" != right])
    with pytest.raises(BadAccount, match=f"would be {right} if the rest is right"):
        banking.checked_iban(valid[:2] + wrong + valid[4:])


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_an_iban_or_refused_in_words(text):
    with suppress(BadAccount):
        assert IBAN(banking.checked_iban(text))


def test_which_countries_take_part_in_sepa():
    assert banking.in_sepa("EE382200221020145685")
    assert not banking.in_sepa("SA0380000000608010167519")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "the name of the account's holder is needed"),
        ("12 !", "the name of the account's holder is needed"),
        ("x" * 71, "has 71 signs; banks take 70"),
        ("An\x00a", "holds signs that cannot be printed"),
    ],
)
def test_a_holder_has_a_name_that_banks_take(name, told):
    with pytest.raises(BadAccount, match=told):
        banking.checked_name(name)
    assert banking.checked_name("  Ülo \n Õun ") == "Ülo Õun"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ülo Õunapuu", "Ulo Ounapuu"),
        ("Müller & Söhne GmbH_2", "Muller + Sohne GmbH-2"),
        ("Γιώργος", "Giorgos"),
        ("Иван Петров", "Ivan Petrov"),
        ("//a//b/", "a/b"),
        ("=cmd|'/c calc'!A1", "cmd '/c calc'.A1"),
        ("\N{PILE OF POO}", ""),
    ],
)
def test_texts_are_written_in_the_signs_of_banks(text, told):
    assert banking.plain(text, 70) == told


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(1, 140))
def test_whatever_the_text_banks_can_read_it(text, longest):
    written = banking.plain(text, longest)
    assert len(written) <= longest
    assert set(written) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ "
    )
    assert not written.startswith("/")
    assert "//" not in written


def test_bics_paypal_and_stripe_accounts():
    assert banking.checked_bic("cobadeff xxx") == "COBADEFFXXX"
    assert banking.checked_paypal(" ana@example.com ") == "ana@example.com"
    assert banking.checked_stripe("acct_1A2b3C4d5E6f7G8h") == "acct_1A2b3C4d5E6f7G8h"
    for check, wrong, told in (
        (banking.checked_bic, "COBA", "8 or 11 signs"),
        (banking.checked_paypal, "ana", "not an e-mail address"),
        (banking.checked_stripe, "ACCT-1A2b3C4d5E", "did you mean acct_1A2b3C4d5E"),
        (banking.checked_stripe, "cus_1234567890", "a Stripe account is acct_ and letters"),
    ):
        with pytest.raises(BadAccount, match=told):
            check(wrong)


def test_hints_say_little():
    assert banking.hint_of("EE382200221020145685") == "EE38 … 5685"
    assert banking.email_hint("ana.tamm@example.com") == "a…@example.com"
    assert banking.account_hint("acct_1A2b3C4d5E6f7G8h") == "acct_ … 7G8h"
