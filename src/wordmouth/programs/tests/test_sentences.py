"""What people read of an offer."""

from __future__ import annotations

import re
from datetime import date
from gettext import NullTranslations
from typing import Any, get_args

import msgspec
import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import given, settings

from wordmouth.programs.document import (
    Access,
    AdvocateLimit,
    AdvocateReward,
    Eligibility,
    FriendReward,
    Goods,
    Kind,
    Limits,
    Offer,
    ProgramDocument,
    RedemptionOption,
    Reward,
    TotalLimit,
)
from wordmouth.programs.sentences import Wording, describe, known_locale
from wordmouth.programs.tests.samples import give_10
from wordmouth.programs.tests.strategies import documents

PLACE = re.compile(r"\{(reward|number|text|friend|friends|advocate|amount|value|goods|day)\}")
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
        return ("ONE" if n == 1 else "MANY") + " {number}"


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
            assert not PLACE.search(sentence)


def test_amounts_without_a_currency_are_a_mistake_of_the_caller() -> None:
    document = ProgramDocument(slug="a", name="A", offers=(Offer(key="a", friend=PERCENT),))
    with pytest.raises(ValueError, match="without a currency"):
        Wording(document).reward(AMOUNT)


SPRING = Access(name="the spring teas", until=date(2027, 3, 31), products=("p-2",))
THINGS: dict[str, tuple[dict[str, Any], str]] = {
    "percent_off": ({"value": 10}, "10% off"),
    "amount_off": ({"value": 1000}, "€10.00 off"),
    "free_shipping": ({}, "free shipping"),
    "free_product": ({"product": "p-1"}, "Assam for free"),
    "points": ({"value": 1200}, "1,200 points"),
    "store_credit": ({"value": 500}, "€5.00 of store credit"),
    "cash": ({"percent": 5, "cap": 2000}, "5% of the order in cash (at most €20.00)"),
    "gift_card": ({"value": 2000}, "a gift card of €20.00"),
    "early_access": ({"access": SPRING}, "early access to the spring teas until March 31, 2027"),
    "custom": ({"name": "a tea tasting"}, "a tea tasting"),
}


def spoken(document: ProgramDocument | None = None) -> Wording:
    return Wording(document or give_10(), products={"p-1": "Assam"})


@pytest.mark.parametrize("kind", get_args(Kind))
def test_there_is_a_phrase_for_every_kind(kind: Any) -> None:
    keys, phrase = THINGS[kind]
    assert spoken().reward(Reward(kind=kind, **keys)) == phrase


@pytest.mark.parametrize(
    ("reward", "phrase"),
    [
        (Reward(kind="free_product", product="p-9"), "a free product"),
        (Reward(kind="points", value=1), "1 point"),
        (Reward(kind="store_credit", percent=5), "5% of the order as store credit"),
        (Reward(kind="early_access"), "early access"),
        (Reward(kind="custom"), "a reward"),
        (RedemptionOption(key="a", price=5, kind="gift_card", value=500), "a gift card of €5.00"),
    ],
)
def test_phrases_of_what_is_less_known(reward: Any, phrase: str) -> None:
    assert spoken().reward(reward) == phrase


BOTH = "€5.00 in cash and free shipping"
MORE = "€5.00 in cash for every friend from number 4 on"
THANKS = (
    "the advocate gets €10.00 off for every friend who buys, 14 days after the order has arrived"
)


def paid(schedule: str, **keys: Any) -> AdvocateReward:
    return AdvocateReward(kind="cash", value=500, schedule=schedule, **keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rewards", "phrase"),
    [
        ([paid("each")], "€5.00 in cash"),
        ([paid("every_nth", n=5)], "€5.00 in cash for every 5 friends"),
        (
            [paid("every_nth", n=5, max_times=3, starts=date(2027, 1, 1))],
            "€5.00 in cash for every 5 friends (at most 3 times, counted from January 1, 2027 on)",
        ),
        ([paid("milestone", n=3)], "€5.00 in cash after 3 friends"),
        ([paid("milestone", n=1)], "€5.00 in cash for the first friend"),
        ([paid("milestone", n=3, max_times=1)], "€5.00 in cash after 3 friends"),
        ([paid("tier", from_=4)], "€5.00 in cash after 4 friends"),
        (
            [paid("tier", from_=1, to=3, recurring=True), SHIPPING],
            "€5.00 in cash for each of friends 1 to 3 and free shipping for every friend",
        ),
        (
            [paid("tier", from_=4, recurring=True, max_times=1)],
            "€5.00 in cash for every friend from number 4 on (at most 1 time)",
        ),
        ([paid("tier", from_=1, recurring=True)], "€5.00 in cash for every friend"),
        ([paid("tier", from_=7, to=7, recurring=True)], "€5.00 in cash for friend number 7"),
        (
            [
                paid("tier", from_=1, to=3, recurring=True),
                msgspec.structs.replace(SHIPPING, schedule="tier", from_=1, to=3, recurring=True),
                paid("tier", from_=4, recurring=True),
            ],
            f"{BOTH} for each of friends 1 to 3 and {MORE}",
        ),
    ],
)
def test_for_which_friends(rewards: list[AdvocateReward], phrase: str) -> None:
    offer = Offer(key="a", advocate=tuple(rewards))
    assert spoken().rewards(rewards) == phrase
    assert spoken().headline(offer) == f"Recommend us, get {phrase}."
    every = " for every friend who buys" if phrase == "€5.00 in cash" else ""
    assert spoken().for_advocate(offer) == f"You get {phrase}{every}."


@pytest.mark.parametrize(
    ("kind", "new", "sentence"),
    [
        ("percent_off", True, "You get 10% off on your first order."),
        ("free_product", True, "You get Assam for free with your first order."),
        ("free_product", False, "You get Assam for free with your next order."),
        ("points", True, "You get 1,200 points after your first order."),
        ("custom", False, "You get a tea tasting after your next order."),
        (
            "early_access",
            True,
            "You get early access to the spring teas until March 31, 2027.",
        ),
    ],
)
def test_when_the_friend_gets_it(kind: Any, new: bool, sentence: str) -> None:
    document = give_10() if new else give_10(('"new_customers"', '"anyone"'))
    offer = Offer(key="a", friend=FriendReward(kind=kind, **THINGS[kind][0], expires_days=1))
    told = spoken(document).conditions(offer)
    assert spoken(document).for_friend(offer) == sentence
    late = " after your " in sentence
    assert ("You get it 14 days after your order has arrived." in told) == late
    assert ("From then on it is valid for 1 day." in told) == late
    assert ("The code is valid for 1 day." in told) != late


@pytest.mark.parametrize(
    ("after", "at_once", "later"),
    [
        ("placed", "you have ordered", "you have ordered"),
        ("paid", "you have paid", "you have paid"),
        ("fulfilled", "your order is on its way", "your order was sent"),
        ("delivered", "your order has arrived", "your order has arrived"),
    ],
)
def test_the_friends_own_hold(after: str, at_once: str, later: str) -> None:
    document = give_10(('"delivered"', f'"{after}"'), ("days = 14", "days = 0"))
    assert spoken(document).friend_hold() == f"You get it as soon as {at_once}."
    document = give_10(('"delivered"', f'"{after}"'), ("days = 14", "days = 1"))
    assert spoken(document).friend_hold() == f"You get it 1 day after {later}."


def test_which_goods_count() -> None:
    def told(**goods: Goods) -> list[str]:
        document = ProgramDocument(
            slug="a",
            name="A",
            eligibility=Eligibility(friend="anyone", **goods),  # type: ignore[arg-type]
            offers=(Offer(key="a", friend=PERCENT),),
        )
        return spoken(document).conditions(document.offers[0])[:-1]

    assert told(include=Goods(categories=("Tea", "Cups"), products=("p-1",))) == [
        "Only these goods count: Tea, Cups, and Assam."
    ]
    assert told(include=Goods(products=("p-9",)), exclude=Goods(categories=("Gifts",))) == [
        "Only certain goods count.",
        "These goods do not count: Gifts.",
    ]
    assert told(exclude=Goods(categories=tuple("abcdef"))) == ["Certain goods do not count."]


def test_limits_are_told_and_the_budget_is_not() -> None:
    limits = Limits(
        per_advocate=AdvocateLimit(count=1, value=50000, days=1),
        per_advocate_total=TotalLimit(count=200, value=60000),
        budget=give_10().limits.budget,
    )
    document = msgspec.structs.replace(give_10(), limits=limits)
    assert spoken(document).limits() == [
        "You are rewarded for at most 1 friend within 1 day.",
        "You get rewards of at most €500.00 within 1 day.",
        "You are rewarded for at most 200 friends in all.",
        "You get rewards of at most €600.00 in all.",
    ]
    assert spoken().limits() == ["You are rewarded for at most 20 friends within 365 days."]
    assert not any("5,000" in text for text in spoken().conditions(give_10().offers[0]))


@pytest.mark.parametrize(
    ("friend", "advocate", "sentence"),
    [
        (
            PERCENT,
            AMOUNT,
            f"The friend gets 10% off on the first order (of €30.00 or more); {THANKS}.",
        ),
        (
            None,
            paid("milestone", n=3),
            "The advocate gets €5.00 in cash after 3 friends, 14 days after the order has arrived.",
        ),
        (
            FriendReward(kind="points", value=50),
            None,
            "The friend gets 50 points after the first order (of €30.00 or more).",
        ),
        (
            FriendReward(kind="free_product", product="p-1"),
            None,
            "The friend gets Assam for free with the first order (of €30.00 or more).",
        ),
        (
            FriendReward(kind="early_access", access=SPRING),
            None,
            "The friend gets early access to the spring teas until March 31, 2027.",
        ),
    ],
)
def test_an_offer_is_described_in_one_sentence(
    friend: FriendReward | None, advocate: AdvocateReward | None, sentence: str
) -> None:
    offer = Offer(key="a", friend=friend, advocate=(advocate,) if advocate else ())
    assert spoken().describe(offer) == sentence


@pytest.mark.parametrize(
    ("after", "at_once", "later"),
    [
        ("placed", "the friend has ordered", "the friend has ordered"),
        ("paid", "the friend has paid", "the friend has paid"),
        ("fulfilled", "the order is on its way", "the order was sent"),
        ("delivered", "the order has arrived", "the order has arrived"),
    ],
)
def test_a_description_says_when(after: str, at_once: str, later: str) -> None:
    def told(days: int) -> str:
        document = give_10(
            ('"delivered"', f'"{after}"'),
            ("days = 14", f"days = {days}"),
            ('"new_customers"', '"anyone"'),
            ("min_order = 3000\n", ""),
        )
        return describe(document, document.offers[0])

    gets = "The friend gets 10% off on the next order; the advocate gets €10.00 off"
    assert told(0) == f"{gets} for every friend who buys, as soon as {at_once}."
    assert told(1) == f"{gets} for every friend who buys, 1 day after {later}."


@given(documents())
@settings(deadline=None, max_examples=50)
def test_every_document_is_described_in_every_language(document: ProgramDocument) -> None:
    for language, _ in django_settings.LANGUAGES:
        with translation.override(language):
            for offer in document.offers:
                sentence = describe(document, offer, locale=language, words=translation)
                assert sentence.endswith(".")
                assert "\n" not in sentence


def test_what_the_merchant_writes_is_no_template() -> None:
    reward = FriendReward(kind="custom", name="{reward} {0} %s")
    document = msgspec.structs.replace(give_10(), offers=(Offer(key="a", friend=reward),))
    assert spoken(document).describe(document.offers[0]) == (
        "The friend gets {reward} {0} %s after the first order (of €30.00 or more)."
    )
