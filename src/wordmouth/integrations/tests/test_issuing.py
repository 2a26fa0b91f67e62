"""Gift cards are made and taken back by the real adapter, from the reward to a twin behind real
HTTP: in any weather there is one card for each reward that is due, and none for the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment import registry
from wordmouth.fulfilment.registry import Beside
from wordmouth.fulfilment.tests.test_carriers import GIFT, run, shop
from wordmouth.fulfilment.tests.test_storms_beside import STEPS, fresh, live_through, wrong
from wordmouth.fulfilment.tests.world import until_quiet
from wordmouth.integrations.giftcards.fake import FakeCards, FakeIssuer
from wordmouth.integrations.tremendous.provider import Tremendous
from wordmouth.integrations.tremendous.twin import BASE, TremendousTwin
from wordmouth.integrations.twins import FAULTS, running
from wordmouth.kit.http import Http
from wordmouth.project import adapters
from wordmouth.stores import services as stores
from wordmouth.stores.facts import GIFT_CARDS

pytestmark = pytest.mark.django_db

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
NUMBERS = count(1)
# An order that arrives only after the card was given up would be there without its reward: no
# question of ours can find what has not arrived yet.
WEATHER = [fault for fault in FAULTS if fault != "late"]


@contextmanager
def issuing(delivery: str = "email") -> Iterator[tuple[Any, TremendousTwin]]:
    """A store whose gift cards come from the twin of Tremendous."""
    with shop(name=f"Real-{next(NUMBERS)}", friend=GIFT) as tea, running(TremendousTwin()) as twin:
        registry.install_beside(Beside(gift_cards={"tremendous": Tremendous(HTTP).gift_cards}))
        options = {"campaign": "C1", "delivery": delivery, "api": twin.url + BASE}
        stores.connect(tea.store_id, "tremendous", ["TEST_key"], options, serves=GIFT_CARDS)
        yield tea, twin


def standing(twin: TremendousTwin) -> dict[str, int]:
    """How many cards there are under each key that were neither cancelled nor failed."""
    found: dict[str, int] = {}
    for external_id, order in twin.orders.items():
        if order["status"] not in ("CANCELED", "FAILED"):
            key = external_id.partition(".")[0]
            found[key] = found.get(key, 0) + 1
    return found


@pytest.mark.parametrize("delivery", ["email", "link"])
def test_a_reward_becomes_a_card_and_goes_back(delivery):
    with issuing(delivery) as (tea, twin):
        reward = tea.earned()
        run(tea)
        held = tea.held(reward)
        assert held is not None
        assert bool(held.url) == (delivery == "link")
        assert "by mail" in held.text or held.url
        tea.tell(reward, "withdrawn")
        run(tea)
    assert [order["status"] for order in twin.orders.values()] == ["CANCELED"]
    assert twin.balance == Decimal(100_000)


def test_a_link_whose_answer_was_lost_still_reaches_its_holder():
    with issuing("link") as (tea, twin):
        twin.faults.extend([None, None, "lost_reply"])
        reward = tea.earned()
        until_quiet(tea.lane, tea.standing)
        held = tea.held(reward)
    assert held is not None
    assert held.url.startswith("https://testflight.tremendous.com/rewards/")
    assert len(twin.orders) == 1


def test_cards_wait_until_the_account_is_filled():
    with issuing() as (tea, twin):
        twin.balance = Decimal(0)
        rewards = [tea.earned() for _ in range(3)]
        run(tea)
        twin.balance = Decimal(1000)
        until_quiet(tea.lane, tea.standing)
    assert standing(twin) == {reward.id: 1 for reward in rewards}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STEPS, st.lists(st.sampled_from([None, *WEATHER]), max_size=25))
def test_any_weather_ends_with_one_card_for_each_due_reward(db, steps, faults):
    with issuing() as (tea, twin):
        fresh(tea)
        twin.faults.extend(faults)
        due, gone = live_through(tea, steps)
        twin.settle()
        until_quiet(tea.lane, tea.standing)
        assert wrong(tea, due, gone, standing(twin)) == []


def test_the_make_believe_issuer_serves_the_demo():
    with TemporaryDirectory() as folder, shop(name="Kohvik", friend=GIFT) as tea:
        file = Path(folder) / "cards.sqlite3"
        registry.install_beside(Beside(gift_cards={FakeIssuer.name: FakeIssuer(file).gift_cards}))
        stores.connect(tea.store_id, FakeIssuer.name, ["nothing"], {}, serves=FakeIssuer.serves)
        assert "gift_card" in adapters.abilities(tea.store_id).kinds
        reward = tea.earned()
        run(tea)
        held = tea.held(reward)
        assert held is not None
        assert held.code.startswith("GIFT-")
        assert FakeCards(file, tea.store_id).worth() == 2500
        tea.tell(reward, "withdrawn")
        run(tea)
        assert FakeCards(file, tea.store_id).worth() == 0
