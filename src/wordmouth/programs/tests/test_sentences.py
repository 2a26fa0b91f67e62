"""What people read of an offer."""

from __future__ import annotations

from gettext import NullTranslations

import pytest
from hypothesis import given, settings

from wordmouth.programs.document import AdvocateReward, FriendReward, Offer, ProgramDocument
from wordmouth.programs.sentences import Wording, known_locale
from wordmouth.programs.tests.samples import give_10
from wordmouth.programs.tests.strategies import documents

PERCENT = FriendReward(kind="percent_off", value=10)
AMOUNT = AdvocateReward(kind="amount_off", value=1000)
SHIPPING = AdvocateReward(kind="free_shipping")


@pytest.mark.parametrize(
    ("offer", "headline"),
    [
        (Offer(key="a", friend=PERCENT, advocate=(AMOUNT,)), "Give 10% off, get €10.00 off."),
        (Offer(key="a", friend=PERCENT), "Give a friend 10% off."),
        (Offer(key="a", advocate=(SHIPPING,)), "Recommend us, get free shipping."),
        (
            Offer(key="a", friend=PERCENT, advocate=(AMOUNT, SHIPPING)),
            "Give 10% off, get €10.00 off and free shipping.",
        ),
    ],
)
def test_headlines(offer: Offer, headline: str) -> None:
    assert Wording(give_10()).headline(offer) == headline


@pytest.mark.parametrize(
    ("after", "days", "sentence"),
    [
        ("placed", 0, "You get it as soon as your friend has ordered."),
        ("placed", 1, "You get it 1 day after your friend has ordered."),
        ("paid", 0, "You get it as soon as your friend has paid."),
        ("paid", 2, "You get it 2 days after your friend has paid."),
        ("fulfilled", 0, "You get it as soon as your friend's order is on its way."),
        ("fulfilled", 2, "You get it 2 days after your friend's order was sent."),
        ("delivered", 0, "You get it as soon as your friend's order has arrived."),
        ("delivered", 14, "You get it 14 days after your friend's order has arrived."),
    ],
)
def test_holds(after: str, days: int, sentence: str) -> None:
    document = give_10(('"delivered"', f'"{after}"'), ("days = 14", f"days = {days}"))
    assert Wording(document).hold() == sentence


def test_the_whole_offer_in_a_line() -> None:
    assert Wording(give_10()).offer(give_10().offers[0]) == (
        "Give 10% off, get €10.00 off. You get it 14 days after your friend's order has arrived."
    )


def test_to_the_friend_and_to_the_advocate() -> None:
    document = give_10()
    words, offer = Wording(document), document.offers[0]
    assert words.for_friend(offer) == "You get 10% off on your first order."
    assert words.for_advocate(offer) == "You get €10.00 off for every friend who buys."
    assert words.conditions(offer) == [
        "For people who have not bought here before.",
        "For orders of €30.00 or more, after discounts, without shipping and tax.",
        "The code is valid for 30 days.",
        "The order counts within 90 days of the first visit.",
    ]


def test_anyone_without_a_least_order() -> None:
    document = give_10(('"new_customers"', '"anyone"'), ("min_order = 3000\n", ""))
    words, offer = Wording(document), Offer(key="a", friend=PERCENT)
    assert words.for_friend(offer) == "You get 10% off on your next order."
    assert words.for_advocate(offer) is None
    assert words.offer(offer) == "Give a friend 10% off."
    assert words.conditions(offer) == ["The order counts within 90 days of the first visit."]
    assert words.for_friend(Offer(key="a", advocate=(AMOUNT,))) is None


@pytest.mark.parametrize(
    ("locale", "reward"), [("de", "10,00\xa0€"), ("en-GB", "€10.00"), ("ja", "€10.00")]
)
def test_money_is_written_as_in_the_locale(locale: str, reward: str) -> None:
    assert Wording(give_10(), locale=locale).reward(AMOUNT) == f"{reward} off"


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("en", "en"),
        ("pt-BR", "pt_BR"),
        ("et_EE", "et_EE"),
        ("de-XX", "de"),
        ("qq", "en"),
        ("", "en"),
    ],
)
def test_an_unknown_locale_falls_back(given: str, known: str) -> None:
    assert known_locale(given) == known


class Shouted(NullTranslations):
    """A language that is easily told from English."""

    def gettext(self, message: str) -> str:
        return message.upper().replace("{REWARD}", "{reward}")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ("ONE" if n == 1 else "MANY") + " {days}"


def test_every_sentence_goes_through_the_translation() -> None:
    words = Wording(give_10(), words=Shouted())
    assert words.reward(SHIPPING) == "FREE SHIPPING"
    assert (
        words.headline(Offer(key="a", advocate=(SHIPPING,))) == "RECOMMEND US, GET FREE SHIPPING."
    )
    assert words.hold() == "MANY 14"


@given(documents())
@settings(deadline=None)
def test_there_are_words_for_every_document(document: ProgramDocument) -> None:
    words = Wording(document, locale="ar")
    for offer in document.offers:
        told = [words.offer(offer), words.for_friend(offer), words.for_advocate(offer)]
        for sentence in [*filter(None, told), *words.conditions(offer)]:
            assert sentence.endswith(".")
            assert "{" not in sentence


def test_amounts_without_a_currency_are_a_mistake_of_the_caller() -> None:
    document = ProgramDocument(slug="a", name="A", offers=(Offer(key="a", friend=PERCENT),))
    with pytest.raises(ValueError, match="without a currency"):
        Wording(document).reward(AMOUNT)
