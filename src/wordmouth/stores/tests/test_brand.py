"""A store's brand: whatever a merchant enters, the pages can be read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.kit.colour import TEXT_CONTRAST, contrast
from wordmouth.stores import addresses, brand
from wordmouth.stores.errors import BadStore

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")
ANYTHING = st.one_of(COLOURS, st.none(), st.integers(), st.text(max_size=9), st.lists(st.none()))
GIVEN = st.fixed_dictionaries(
    {}, optional=dict.fromkeys((*brand.COLOURS, "radius", "font", "logo"), ANYTHING)
)


@given(GIVEN)
def test_every_brand_can_be_read(given):
    look = brand.read(given)
    for palette in (look.light, look.dark):
        grounds = (palette.surface, palette.raised, palette.tint)
        for text in (palette.ink, palette.soft, palette.accent_text):
            assert min(contrast(text, ground) for ground in grounds) >= TEXT_CONTRAST
        assert contrast(palette.on_accent, palette.accent) >= TEXT_CONTRAST
    assert 0 <= look.radius <= brand.MAX_RADIUS
    assert "url(" not in brand.css(look)
    assert brand.css(look).count("{") == 1


@pytest.mark.parametrize("grey", range(0, 256, 5))
def test_pages_of_any_grey_can_be_read(grey):
    """Between light and dark no text has much to spare, and cards must not take it."""
    palette = brand.read({"surface": f"#{grey:02x}{grey:02x}{grey:02x}"}).light
    for ground in (palette.surface, palette.raised, palette.tint):
        assert contrast(palette.ink, ground) >= TEXT_CONTRAST


def test_a_dark_brand_is_dark_by_day_as_well():
    look = brand.read({"surface": "#101014", "accent": "#ff8800"})
    assert look.dark == look.light
    assert look.light.ink != "#1d1c21"


def test_the_plain_style_sheet_is_that_of_no_values():
    path = Path(brand.__file__).parent / "static/wordmouth/palette.css"
    assert path.read_text().partition("\n")[2] == brand.css(brand.read({}))


def test_good_values_are_kept_in_their_plain_form():
    given = {"accent": "#A4451F", "ink": "#000", "radius": 8, "font": "serif"}
    assert brand.check(given) == {**given, "accent": "#a4451f", "ink": "#000000"}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"colour": "#fff"}, "no 'colour'; it has accent"),
        ({"accent": "red"}, "accent is a colour such as"),
        ({"font": "Comic Sans"}, "font is sans, serif, system"),
        ({"radius": 99}, "radius is a whole number from 0 to 32"),
        ({"radius": "1px"}, "radius is a whole number"),
        ({"accent": "#ffff00", "on_accent": "#ffffff"}, "the contrast is 1.1"),
        ({"ink": "#cccccc"}, "cannot be read on surface"),
    ],
)
def test_what_cannot_be_used_is_said(given, problem):
    with pytest.raises(BadStore, match=problem):
        brand.check(given)


def test_addresses(settings):
    settings.SITE_URL = "https://refer.example"
    assert addresses.referral_link("ANA-1") == "https://refer.example/r/ANA-1"
    assert addresses.portal("tea", "k&y") == "https://refer.example/s/tea/me?key=k%26y"
    assert addresses.friend("tea", "A/B") == "https://refer.example/s/tea/from/A%2FB"
    shop = addresses.shop("https://shop.example/x?a=1#top", token="t", coupon="C")
    assert shop == "https://shop.example/x?a=1&wm=t&coupon=C#top"
    assert addresses.shop("https://shop.example/") == "https://shop.example/"
