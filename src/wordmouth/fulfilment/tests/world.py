"""A small world for the tests of effects: a store with a live programme, connected to a twin
shop, with friends who claim (a friend's coupon is due at once) and rewards that are taken back."""

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import get_args

import msgspec
from django.db.models import Min
from django_scopes import scopes_disabled

from wordmouth.advocates import services as advocates
from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.fulfilment import queries, services
from wordmouth.integrations.generic import twin
from wordmouth.kit import clock, events
from wordmouth.outbox import queries as outbox
from wordmouth.outbox.models import Effect
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import ports
from wordmouth.programs import services as programs
from wordmouth.programs.document import Kind
from wordmouth.programs.parse import parse_toml
from wordmouth.project.effects import HANDLERS, Lane
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.models import Reward
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write
from wordmouth.visits import services as visits

START = datetime(2026, 11, 21, 10, tzinfo=UTC)

TERMS = """
slug = "give-10"
name = "Give 10"
status = "live"
[eligibility]
currency = "EUR"
[[offers]]
key = "control"
friend = {friend}
"""
TEN_PERCENT = '{kind = "percent_off", value = 10}'
PROGRAM = TERMS.format(friend=TEN_PERCENT)


GOODS = [
    ProductSnapshot(id="p-9", updated_at=START, name="Winter tea", category="Drinks"),
    ProductSnapshot(id="p-1", updated_at=START, name="Cup", category="Cups"),
]


@contextmanager
def able():
    """Programmes may promise what nobody outside is connected for yet."""
    everything = ports.Abilities(adapter="test", kinds=frozenset(get_args(Kind)))
    before = ports.install(lambda store_id: everything)
    try:
        yield
    finally:
        ports.install(before)


class World:
    """One store and its shop."""

    def __init__(self, name="Tea", *, careless=False, friend=TEN_PERCENT):
        self.made = stores.create_store(name, slug=name.lower())
        self.store_id = self.made.store.id
        self.shop = twin.TwinShop(self.made.webhook_secret, careless=careless)
        with store_write(self.store_id), able():
            catalog.take(self.store_id, GOODS)
            programs.apply_document(parse_toml(TERMS.format(friend=friend)), by="test")
            ana = CustomerSnapshot(email=f"ana@{name.lower()}.test", first_name="Ana")
            self.code = advocates.enrol(self.store_id, ana).code
        self.friends = 0

    def connect(self):
        """Tell the store where its shop's coupons are."""
        with store_write(self.store_id):
            stores.update_connection(self.store_id, "generic", coupon_url=self.shop.url)

    def claim(self):
        """A new friend claims; gives the reward that they are owed."""
        self.friends += 1
        with store_write(self.store_id):
            friend = CustomerSnapshot(email=f"friend{self.friends}@example.com", first_name="Fe")
            claim = visits.claim(self.store_id, self.code, friend)
        with store_read(self.store_id):
            return rewards.of_claim(claim.id)

    def tell(self, reward, state):
        """Tell this room that the reward is in another state now; as an advocate's, for a
        friend's coupon is never revoked because of a withdrawal."""
        changed = msgspec.structs.replace(reward, state=state, party="advocate")
        with store_write(self.store_id):
            Reward.objects.filter(id=reward.id).update(state=state)
            events.emit(RewardChanged(store_id=self.store_id, reward=changed, before=reward.state))
        return changed

    def earned(self, **changes):
        """A reward that is due: a friend's, made the advocate's and changed as told."""
        reward = self.claim()
        with store_write(self.store_id):
            Reward.objects.filter(id=reward.id).update(party="advocate", **changes)
            found = rewards.by_ids([reward.id])[reward.id]
        return self.tell(found, "due")

    def stop(self):
        """The shop stops the programme."""
        with store_write(self.store_id):
            programs.stop("give-10", "Too good to be true.", by="test")

    def resume(self):
        """The programme goes on."""
        with store_write(self.store_id):
            programs.resume("give-10", by="test")

    def reward(self, reward):
        """The reward as it stands."""
        with store_read(self.store_id):
            return rewards.by_ids([reward.id])[reward.id]

    def status(self, reward):
        """The public status of the reward."""
        return queries.public_status(self.reward(reward), self.coupon(reward))

    def held(self, reward):
        """What the reward's holder has of it."""
        with store_read(self.store_id):
            return queries.held([rewards.by_ids([reward.id])[reward.id]]).get(reward.id)

    def coupon(self, reward):
        """What is known about the reward's coupon."""
        with store_read(self.store_id):
            return queries.coupon(reward.id)

    def effect(self, reward, key=services.issue_key):
        """The effect that makes (or takes back) the reward's coupon."""
        with store_read(self.store_id):
            return outbox.by_keys([key(reward.id)]).get(key(reward.id))

    def effects(self):
        """How many effects on coupons there are in each state."""
        with store_read(self.store_id):
            found = outbox.page(limit=1000)
        return Counter(effect.state for effect in found if effect.kind != "mail.send")


@contextmanager
def world(name="Tea", **more):
    """A world whose shop answers."""
    made = World(name, **more)
    with twin.running(made.shop):
        made.connect()
        yield made


def lane():
    """A worker that carries out all effects; mails go nowhere."""
    return Lane(handlers={**HANDLERS, "mail.send": lambda effect: {}})


@contextmanager
def set_clock(at=START):
    """A clock that stands still until it is moved."""
    with clock.using(clock.SetClock(at)) as standing:
        yield standing


def until_quiet(lane, standing, limit=timedelta(hours=72)):
    """Carry out effects, moving the clock from one due time to the next, until none waits."""
    end = standing.at + limit
    while True:
        while lane.step():
            pass
        due = next_due(standing.at)
        if due is None or due > end:
            return
        standing.at = due


def next_due(after):
    """When the next effect of any store is due. (One that is due already and was not taken
    waits for those of its store that are in flight.)"""
    with scopes_disabled():
        outstanding = Effect.objects.filter(state__in=["waiting", "leased"], due_at__gt=after)
        return outstanding.aggregate(due=Min("due_at"))["due"]
