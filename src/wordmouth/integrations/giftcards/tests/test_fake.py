"""The issuer of make-believe cards keeps the promises of a real one, and sets its traps."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordmouth.fulfilment.ports import GiftCardSpec, Refused, Unreachable
from wordmouth.integrations.giftcards.fake import BUSY_SECONDS, FAULTS, FakeCards, FakeIssuer
from wordmouth.integrations.tests.driver import connection

SPEC = GiftCardSpec(
    key="gift_card:rwd_1",
    value=1000,
    currency="EUR",
    email="mari@example.com",
    name="Mari",
    message="Thank you",
)


@pytest.fixture
def cards(tmp_path: Path) -> FakeCards:
    return FakeCards(tmp_path / "cards.sqlite3", "str_1")


def test_a_card_is_made_found_used_and_kept(cards, tmp_path):
    assert cards.find(SPEC.key) is None
    made = cards.issue(SPEC)
    assert made.state == "active"
    assert made.code.startswith("GIFT-")
    assert cards.issue(SPEC) == made
    again = FakeCards(tmp_path / "cards.sqlite3", "str_1")
    assert again.find(SPEC.key) == made, "another process finds the same card"
    cards.use(SPEC.key)
    ended = cards.cancel(SPEC.key)
    assert ended is not None
    assert ended.state == "used"


def test_a_cancelled_card_stays_cancelled(cards):
    assert cards.cancel(SPEC.key) is None
    cards.issue(SPEC)
    cards.cancel(SPEC.key)
    cards.use(SPEC.key)
    assert cards.issue(SPEC).state == "cancelled"
    assert cards.worth() == 0


def test_each_store_has_its_own_cards(cards, tmp_path):
    other = FakeIssuer(tmp_path / "cards.sqlite3").gift_cards(
        msgspec.structs.replace(connection("fake-gift-cards", "x", {}), store_id="str_2")
    )
    made = cards.issue(SPEC)
    assert other.find(SPEC.key) is None
    assert other.issue(SPEC).code != made.code
    assert (cards.worth(), other.worth()) == (1000, 1000)


@pytest.mark.parametrize("change", [{"value": 2000}, {"currency": "USD"}])
def test_other_terms_under_the_same_key_are_refused(cards, change):
    cards.issue(SPEC)
    with pytest.raises(Refused, match=r"10\.00 EUR"):
        cards.issue(msgspec.structs.replace(SPEC, **change))


def test_a_card_that_is_being_made_is_ready_later(cards):
    cards.faults.append("slow")
    waiting = cards.issue(SPEC)
    assert (waiting.state, waiting.code) == ("pending", "")
    ready = cards.find(SPEC.key)
    assert ready is not None
    assert (ready.state, bool(ready.code)) == ("active", True)


def test_the_pause_is_told(cards):
    cards.faults.append("busy")
    with pytest.raises(Unreachable) as caught:
        cards.issue(SPEC)
    assert caught.value.retry_after == BUSY_SECONDS


def test_many_at_once_make_one_card(cards):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: cards.issue(SPEC), range(40)))
    assert len({card.code for card in made}) == 1
    assert cards.worth() == 1000


@settings(max_examples=40, deadline=None)
@given(
    faults=st.lists(st.sampled_from([None, *FAULTS]), max_size=20),
    calls=st.lists(
        st.tuples(st.sampled_from(["find", "issue", "cancel", "use"]), st.integers(0, 2)),
        max_size=20,
    ),
)
def test_whatever_fails_one_key_is_one_card(faults, calls):
    with TemporaryDirectory() as folder:
        cards = FakeCards(Path(folder) / "cards.sqlite3", "str_1")
        cards.faults.extend(faults)
        specs = [msgspec.structs.replace(SPEC, key=f"key_{number}") for number in range(3)]
        ended: set[int] = set()
        codes: Counter[tuple[int, str]] = Counter()
        for verb, number in calls:
            with suppress(Unreachable):
                told = getattr(cards, verb)(specs[number] if verb == "issue" else specs[number].key)
                if told is not None and told.code:
                    codes[number, told.code] += 1
                if told is not None and told.state == "cancelled":
                    ended.add(number)
        cards.faults.clear()
        made = [cards.issue(spec) for spec in specs]
        worth = cards.worth()
    assert len({card.code for card in made} | {code for _, code in codes}) <= 3
    assert all(made[number].state == "cancelled" for number in ended)
    assert worth == 1000 * sum(card.state != "cancelled" for card in made)
