"""Programmes to begin with are whole and valid in every currency, and can be said in words."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.kit.money import currencies
from wordmouth.programs.parse import check, parse_toml, to_toml
from wordmouth.programs.presets import PRESETS, Choices, Preset
from wordmouth.programs.sentences import describe

TODAY = date(2026, 11, 21)
EACH = pytest.mark.parametrize("preset", PRESETS.values(), ids=lambda preset: preset.name)


def choices(currency: str = "EUR") -> Choices:
    return Choices(currency=currency, product="p-9", today=TODAY)


def test_there_are_those_that_a_merchant_would_pick_from() -> None:
    assert list(PRESETS) == [
        "give-10-get-10",
        "get-20-after-three-friends",
        "free-product-after-five",
        "points",
        "cash-for-every-five",
        "early-access",
        "one-sided-welcome",
    ]


@EACH
@given(currency=st.sampled_from(sorted(currencies())))
def test_a_preset_is_valid_in_every_currency(preset: Preset, currency: str) -> None:
    document = preset.document(choices(currency))
    assert check(document) == document
    assert (document.slug, document.status, document.currency) == (preset.name, "live", currency)


@EACH
def test_a_preset_is_a_file(preset: Preset) -> None:
    document = preset.document(choices())
    assert parse_toml(to_toml(document)) == document


@EACH
def test_a_preset_is_one_plain_sentence_in_every_language(preset: Preset) -> None:
    document = preset.document(choices())
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            sentence = describe(document, document.offers[0], locale=language, words=translation)
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
        assert "{" not in sentence


@EACH
def test_a_preset_asks_for_a_product_where_it_names_one(preset: Preset) -> None:
    assert preset.asks_for_product == ("p-9" in to_toml(preset.document(choices())))


def test_amounts_are_worth_something_in_currencies_without_cents() -> None:
    yen = PRESETS["give-10-get-10"].document(choices("JPY"))
    dinar = PRESETS["give-10-get-10"].document(choices("KWD"))
    assert yen.offers[0].advocate[0].value == 1000
    assert dinar.offers[0].advocate[0].value == 10_000
