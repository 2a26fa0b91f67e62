"""Single cells: what they mean, and what is refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.kit.money import to_decimal
from wordmouth.orders.importing.values import (
    BadValue,
    Standing,
    amount,
    currency_code,
    moment,
    standing,
    unsigned,
)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12.50", 1250),
        ("12,5", 1250),
        ("0", 0),
        ("0.00", 0),
        ("12.5000", 1250),
        ("1,234.56", 123456),
        ("1.234,56", 123456),
        ("1,234", 123400),
        ("1,234,567.8", 123456780),
        ("1.234.567", 123456700),
        ("1'234.50", 123450),
        ("1\u202f234,50 €", 123450),
        ("€ 12.50", 1250),
        ("EUR 12.50", 1250),
        ("$1,234.5", 123450),
        ("12.50 kr.", 1250),
        (".5", 50),
    ],
)
def test_amounts_as_people_write_them(text: str, minor: int) -> None:
    assert amount(text, "EUR", minor=False) == minor


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("-12.50", "negative"),
        ("(12.50)", "negative"),
        ("€ -1", "negative"),
        ("12.345", "more decimals"),
        ("1.230", "more decimals"),
        ("twelve", "no amount"),
        ("", "no amount"),
        ("1.2.3", "no amount"),
        ("12,34,56", "no amount"),
        ("1e5", "no amount"),
        ("9" * 16, "too large"),
    ],
)
def test_amounts_that_are_refused(text: str, complaint: str) -> None:
    with pytest.raises(BadValue, match=complaint):
        amount(text, "EUR", minor=False)


def test_currencies_have_their_own_decimals() -> None:
    assert amount("1200", "JPY", minor=False) == 1200
    assert amount("1.234", "KWD", minor=False) == 1234
    with pytest.raises(BadValue, match="JPY has, which are 0"):
        amount("12.5", "JPY", minor=False)


def test_minor_units_are_whole_numbers() -> None:
    assert amount("1250", "EUR", minor=True) == 1250
    for text in ("12.50", "-1", "١٢", ""):
        with pytest.raises(BadValue):
            amount(text, "EUR", minor=True)


def test_a_discount_may_have_a_minus() -> None:
    assert unsigned("-5.00", "EUR", minor=False) == unsigned("5", "EUR", minor=False) == 500


@given(st.integers(0, 10**11), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_is_written_is_read(minor: int, currency: str) -> None:
    decimal = to_decimal(minor, currency)
    text = f"{decimal:f}"
    if currency == "EUR":
        assert amount(f"{decimal:,.2f}", currency, minor=False) == minor
    assert amount(text, currency, minor=False) == minor


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        read = amount(text, "EUR", minor=False)
    except BadValue as error:
        said = str(error)
    else:
        assert read >= 0
        return
    assert said.startswith(repr(text))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T10:00:00Z",
        "2026-11-21T12:00:00+02:00",
        "2026-11-21 12:00:00 +0200",
        "2026-11-21 10:00:00 UTC",
        "2026-11-21 10:00",
        "20261121T100000",
    ],
)
def test_moments(text: str) -> None:
    assert moment(text, None) == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_days_begin_at_midnight_in_utc() -> None:
    assert moment("19970101", None) == datetime(1997, 1, 1, tzinfo=UTC)
    assert moment("21.11.2026", "%d.%m.%Y") == datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "form", "complaint"),
    [
        ("21.11.2026", None, "--date-format"),
        ("01/02/2026", None, "--date-format"),
        ("2026-11-21", "%d.%m.%Y", "expected is %d.%m.%Y"),
        ("1812-06-24", None, "1970 to 2099"),
        ("soon", None, "no date"),
    ],
)
def test_dates_are_not_guessed(text: str, form: str | None, complaint: str) -> None:
    with pytest.raises(BadValue, match=complaint):
        moment(text, form)


def test_statuses() -> None:
    assert standing("Completed") == standing("wc-completed") == Standing(paid=True)
    assert standing("partially_refunded") == Standing(paid=True)
    assert standing("refunded") == Standing(paid=True, refunded=True)
    assert standing("On hold") == Standing(paid=False)
    assert standing("cancelled") == Standing(paid=False, cancelled=True)
    with pytest.raises(BadValue, match=r"known are .*cancelled.*--map"):
        standing("waiting for the moon")


def test_currencies() -> None:
    assert currency_code(" eur ") == "EUR"
    with pytest.raises(BadValue, match="ISO 4217"):
        currency_code("euros")
