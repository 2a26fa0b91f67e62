"""Colours that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.kit import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0b6e4f", "#0b6e4f", 1.0)],
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert colour.contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(
    ("text", "found"),
    [("#ABC", "#aabbcc"), (" #0b6e4f ", "#0b6e4f"), ("red", None), ("#12345", None), (7, None)],
)
def test_parse(text, found):
    assert colour.parse(text) == found


@given(COLOURS, COLOURS)
def test_a_readable_shade_can_be_read(one, ground):
    assert colour.contrast(colour.readable(one, ground), ground) >= colour.TEXT_CONTRAST


@given(COLOURS)
def test_what_can_be_read_stays(ground):
    text = colour.best_on(ground)
    assert colour.readable(text, ground) == text
    assert colour.contrast(text, ground) >= colour.TEXT_CONTRAST


@given(COLOURS, COLOURS)
def test_mixing_has_ends(one, other):
    assert colour.mix(one, other, 1) == one
    assert colour.mix(one, other, 0) == other
