"""Money in minor units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.kit.money import currencies, format_money, is_currency, to_decimal, to_minor


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "written"),
    [
        (1000, "EUR", "en", "€10.00"),
        (1050, "EUR", "et", "10,50\xa0€"),
        (1000, "JPY", "en", "¥1,000"),
        (12345, "KWD", "en", "KWD12.345"),
        (12345, "RSD", "en", "RSD123.45"),
        (-500, "USD", "en", "-$5.00"),
        (123456, "EUR", "de-DE", "1.234,56\xa0€"),
    ],
)
def test_an_amount_is_written_with_all_its_decimals(
    minor: int, currency: str, locale: str, written: str
) -> None:
    assert format_money(minor, currency, locale) == written


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(currencies())))
def test_decimal_and_back_loses_nothing(minor: int, currency: str) -> None:
    assert to_minor(to_decimal(minor, currency), currency) == minor


def test_halves_go_to_the_even_side() -> None:
    assert [to_minor(Decimal(text), "EUR") for text in ("0.005", "0.015", "0.025")] == [0, 2, 2]


def test_only_currencies_in_use_are_currencies() -> None:
    assert is_currency("EUR")
    assert not any(map(is_currency, ["eur", "DEM", "XXX", "", "EURO"]))
