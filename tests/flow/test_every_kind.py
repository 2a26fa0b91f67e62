"""Every kind of reward, for friend and advocate alike, from the claim to what its holder has, and
back again when the order falls: through the product's own verbs, a shop, an issuer and a program
that are real HTTP servers or files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.world import GIVE_10_GET_10, START, World, paid
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.fulfilment import queries as fulfilment
from wordmouth.fulfilment import registry
from wordmouth.fulfilment.registry import Beside
from wordmouth.fulfilment.rules import COUPON_KINDS, thing_key
from wordmouth.integrations import twins
from wordmouth.integrations.custom.provider import CustomProgram
from wordmouth.integrations.custom.twin import TwinProgram
from wordmouth.integrations.generic import twin
from wordmouth.integrations.giftcards.fake import FakeIssuer
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.programs import services as programs
from wordmouth.programs.document import AFTER_ORDER_KINDS, WALLET_KINDS
from wordmouth.programs.parse import parse_data
from wordmouth.project.audit import replay, verify
from wordmouth.project.effects import HANDLERS, Lane
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.facts import RewardFacts
from wordmouth.stores import queries as store_queries
from wordmouth.stores import services as stores

pytestmark = pytest.mark.django_db

ACCESS = {"name": "Winter teas", "until": "2026-12-24", "products": ["p-9"]}
REWARDS: dict[str, dict[str, Any]] = {
    "percent_off": {"value": 10},
    "amount_off": {"value": 500},
    "free_shipping": {},
    "free_product": {"product": "p-9"},
    "points": {"value": 100},
    "store_credit": {"value": 700},
    "cash": {"value": 900},
    "gift_card": {"value": 2500},
    "early_access": {"access": ACCESS},
    "custom": {"name": "tree"},
}


class Stage:
    """A store that is connected with everybody, and one referral in it."""

    def __init__(self, watch: clock.SetClock, kind: str, folder: Path) -> None:
        self.world = World(watch)
        self.shop = twin.TwinShop(self.world.webhook_secret)
        self.program = TwinProgram(self.world.webhook_secret)
        self.issuer = FakeIssuer(folder / "cards.sqlite3")
        self.kind = kind

    def open(self) -> None:
        """Connect everybody, and promise the kind to both sides."""
        store = self.world.store.id
        custom = CustomProgram(Http(allow_private=True)).rewards
        registry.install_beside(
            Beside(gift_cards={self.issuer.name: self.issuer.gift_cards}, custom=custom)
        )
        stores.update_connection(store, "generic", coupon_url=self.shop.url)
        stores.connect(store, self.issuer.name, ["nothing"], {}, serves="gift_cards")
        secret, url = self.world.webhook_secret, {"url": self.program.url}
        stores.connect(store, "custom", [secret], url, serves="custom")
        reward = {"kind": self.kind, **REWARDS[self.kind]}
        offers = [{"key": "control", "friend": reward, "advocate": [reward]}]
        with self.world.write():
            tea = ProductSnapshot(id="p-9", updated_at=clock.now(), name="Winter tea")
            catalog.take(store, [tea])
            document = {**GIVE_10_GET_10, "offers": offers}
            programs.apply_document(parse_data(document), by="test")

    def refer(self) -> None:
        """A friend claims and buys."""
        ana = self.world.advocate("ana@example.com", "Ana")
        self.claim = self.world.claim(ana.code, "fe@example.com")
        self.work()
        codes = (self.claim.coupon_code,) if self.kind in COUPON_KINDS else ()
        self.told = paid("1001", "fe@example.com", clock.now(), codes=codes)
        self.world.tell(self.told)
        self.work()

    def change(self, **changes: Any) -> None:
        """The order is told of anew, a minute later."""
        self.world.clock.move(timedelta(minutes=1))
        self.told = msgspec.structs.replace(self.told, updated_at=clock.now(), **changes)
        self.world.tell(self.told)
        self.work()

    def work(self) -> None:
        lane = Lane(handlers={**HANDLERS, "mail.send": lambda effect: {}})
        while lane.step():
            pass

    def reward(self, party: str) -> RewardFacts:
        with self.world.read():
            (found,) = [one for one in rewards.page() if one.party == party]
            return found

    def status(self, party: str) -> str:
        reward = self.reward(party)
        with self.world.read():
            return fulfilment.public_status(reward, fulfilment.coupon(reward.id))

    def things(self) -> int:
        """How many usable things those outside have made."""
        cards = self.issuer.gift_cards(store_queries.accounts(self.world.store.id)[0])
        with self.world.read():
            known = fulfilment.coupons(one.id for one in rewards.page()).values()
        found = [
            cards.find(thing_key(one.reward_id, turn))
            for one in known
            for turn in range(1, one.turn + 1)
        ]
        usable = sum(card is not None and card.state == "active" for card in found)
        return usable + sum(self.program.standing().values()) + sum(self.shop.active().values())


@pytest.fixture
def stage(request: pytest.FixtureRequest, tmp_path: Path, db: None) -> Iterator[Stage]:
    with on_stage(request.param, tmp_path) as made:
        yield made


@contextmanager
def on_stage(kind: str, folder: Path) -> Iterator[Stage]:
    with clock.using(clock.SetClock(START)) as watch:
        assert isinstance(watch, clock.SetClock)
        made = Stage(watch, kind, folder)
        with twin.running(made.shop), twins.running(made.program):
            made.open()
            made.refer()
            yield made


every_kind = pytest.mark.parametrize("stage", list(REWARDS), indirect=True)


@every_kind
def test_both_sides_get_it_and_the_books_agree(stage: Stage) -> None:
    later = stage.kind in AFTER_ORDER_KINDS
    used = stage.kind in COUPON_KINDS
    assert stage.status("friend") == ("pending" if later else "redeemed" if used else "issued")
    assert stage.status("advocate") == "pending"
    stage.change(delivered_at=clock.now())
    stage.world.move(15)
    stage.work()
    assert stage.status("advocate") == "issued"
    assert stage.status("friend") == ("redeemed" if used else "issued")
    # A friend's coupon is there still (the twin shop knows of no order), and the advocate's.
    assert stage.things() == (0 if stage.kind in WALLET_KINDS else 2)
    assert not verify(stage.world.store.id).findings
    assert not replay(stage.world.store.id).findings


@every_kind
def test_what_falls_with_its_order_is_taken_back(stage: Stage) -> None:
    stage.change(delivered_at=clock.now())
    stage.world.move(15)
    stage.work()
    stage.change(cancelled_at=clock.now())
    assert stage.status("advocate") == "withdrawn"
    # Whether a friend's code may be used again is the shop's affair; early access was theirs at
    # the claim.
    kept = stage.kind in COUPON_KINDS or stage.kind == "early_access"
    assert stage.things() == (1 if kept else 0)
    assert not verify(stage.world.store.id).findings
    assert not replay(stage.world.store.id).findings


@every_kind
def test_what_counts_after_all_is_there_again_once(stage: Stage) -> None:
    stage.change(delivered_at=clock.now())
    stage.world.move(15)
    stage.work()
    stage.change(cancelled_at=clock.now())
    stage.change(cancelled_at=None)
    stage.world.move(1)
    stage.work()
    with stage.world.read():
        mine = [one for one in rewards.page() if one.party == "advocate" and one.state == "due"]
    assert len(mine) == 1
    friends = stage.kind not in WALLET_KINDS
    assert stage.things() == (1 + friends if friends else 0)
    assert not verify(stage.world.store.id).findings
