"""Cash goes out by the real adapters, from the wallet to a twin behind real HTTP: whatever fails,
the books and the money tell the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.harness.patience import PATIENCE
from wordmouth.integrations.paypal.provider import PayPal
from wordmouth.integrations.paypal.twin import PayPalTwin
from wordmouth.integrations.stripe.provider import Stripe
from wordmouth.integrations.stripe.twin import OWN_FAULTS, StripeTwin
from wordmouth.integrations.twins import FAULTS, running
from wordmouth.kit import clock
from wordmouth.kit.http import Http
from wordmouth.messages import registry as messages
from wordmouth.outbox import queries as outbox_queries
from wordmouth.outbox import services as outbox
from wordmouth.payouts import jobs, registry
from wordmouth.payouts.ports import RailRefused
from wordmouth.payouts.tests.world import START, World, work
from wordmouth.project import adapters
from wordmouth.stores import services as stores
from wordmouth.stores.facts import PAYOUTS

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
FATES = ("SUCCESS", "SUCCESS", "SUCCESS", "FAILED", "UNCLAIMED", "RETURNED", "ONHOLD")
HOUR = timedelta(hours=1)
FINAL = {"settled", "returned", "refused"}


@pytest.fixture
def standing() -> Iterator[clock.SetClock]:
    at = clock.SetClock(START)
    with clock.using(at):
        yield at


class NoMail:
    """Takes every mail and drops it: what is told is not what is tested here."""

    def send(self, mail: EmailMessage) -> None:
        pass


@pytest.fixture
def wired(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product's own wiring, allowed to call this machine."""
    before = registry._factory
    monkeypatch.setattr(adapters, "PAYERS", {"paypal": PayPal(HTTP), "stripe": Stripe(HTTP)})
    registry.install(adapters.payout_rail)
    messages.install(NoMail())
    yield
    registry.install(before)


def connect(tea: World, service: PayPalTwin | StripeTwin) -> str:
    """Connect the store with a twin; gives the name of the rail."""
    if isinstance(service, PayPalTwin):
        options = {"client_id": "client", "api": service.url}
        stores.connect(tea.store_id, "paypal", ["hush"], options, serves=PAYOUTS)
        return "paypal"
    options = {"api": service.url}
    stores.connect(tea.store_id, "stripe", ["sk_test_1"], options, serves=PAYOUTS)
    return "stripe"


def advocates(tea: World, rail: str, count: int) -> None:
    for number in range(count):
        if rail == "paypal":
            tea.advocate(2000 + number, method="paypal", email=f"a{number}@example.com")
        else:
            tea.advocate(2000 + number, method="stripe", account=f"acct_1A{number:014d}")


def time_passes(tea: World, standing: clock.SetClock, batch, *, step: timedelta, times: int):
    """Effects and looks take their turns, until everything is decided."""
    for _ in range(times):
        work()
        jobs.look()
        work()
        if {payout.state for payout in tea.payouts(batch)} <= FINAL:
            return
        standing.move(step)


def revive_the_dead(tea: World) -> None:
    """What was given up in the storm, a person has tried again."""
    with tea.write():
        for effect in outbox_queries.page("dead", limit=500):
            outbox.revive(effect.id)


@pytest.mark.parametrize("make", [PayPalTwin, StripeTwin])
def test_a_batch_goes_out_and_is_settled(db, wired, standing, make):
    tea = World()
    with running(make()) as service:
        rail = connect(tea, service)
        advocates(tea, rail, 23)
        if isinstance(service, StripeTwin):
            service.accounts |= {f"acct_1A{number:014d}" for number in range(23)}
        batch = tea.sent(rail)
        time_passes(tea, standing, batch, step=HOUR, times=5)
    payouts = tea.payouts(batch)
    assert {payout.state for payout in payouts} == {"settled"}
    assert service.left == {payout.id: 1 for payout in payouts}
    assert tea.bank() == sum(payout.amount for payout in payouts)
    assert tea.findings() == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", [PayPalTwin, StripeTwin])
def test_in_a_storm_the_books_and_the_money_agree(db, wired, standing, make, seed):
    chance = random.Random(seed)
    tea = World()
    with running(make()) as service:
        rail = connect(tea, service)
        advocates(tea, rail, 23)
        batch = tea.make(rail)
        tea.approve(batch)
        tea.send(batch)
        ids = [payout.id for payout in tea.payouts(batch)]
        if isinstance(service, PayPalTwin):
            service.fates = {f"a{n}@example.com": chance.choice(FATES) for n in range(23)}
        else:
            service.accounts |= {f"acct_1A{n:014d}" for n in range(23) if n % 7}
            service.failing = {chance.choice(ids): chance.choice(OWN_FAULTS) for _ in range(3)}
        service.faults.extend(chance.choice([None, None, *FAULTS]) for _ in range(40))
        time_passes(tea, standing, batch, step=HOUR, times=30)
        service.settle()
        time_passes(tea, standing, batch, step=6 * HOUR, times=10)
        revive_the_dead(tea)
        time_passes(tea, standing, batch, step=timedelta(days=2), times=17)
    payouts = tea.payouts(batch)
    assert all(service.left[payout.id] <= 1 for payout in payouts), "nobody is paid twice"
    for payout in payouts:
        left = service.left[payout.id]
        if payout.state == "settled":
            assert left == 1
        elif payout.state == "refused":
            assert left == 0, "what never left is back in the wallet, and nothing else is"
        elif payout.state == "sent":
            assert payout.told in ("requested", "unknown")
    assert tea.bank() == sum(p.amount for p in payouts if p.state == "settled")
    assert tea.transit() == sum(p.amount for p in payouts if p.state == "sent")
    assert tea.total() == 0
    assert tea.findings() == []
    held = [payout for payout in payouts if payout.state not in FINAL]
    assert all("reviewing" in payout.problem for payout in held), "the rest is decided"


def test_a_store_without_an_account_is_told_what_to_do(db, wired, standing):
    tea = World()
    for name in ("paypal", "stripe"):
        with pytest.raises(RailRefused, match=f"wordmouth store connect STORE {name}"):
            registry.rail(tea.store_id, name)
    with pytest.raises(RailRefused, match="it has paypal, stripe"):
        registry.rail(tea.store_id, "pigeon")


def test_each_store_pays_from_its_own_account(db, wired, standing):
    tea, coffee = World(), World()
    with running(PayPalTwin()) as one, running(PayPalTwin(secret="other")) as other:
        connect(tea, one)
        options = {"client_id": "client", "api": other.url}
        stores.connect(coffee.store_id, "paypal", ["other"], options, serves=PAYOUTS)
        for world in (tea, coffee):
            advocates(world, "paypal", 2)
            time_passes(world, standing, world.sent("paypal"), step=HOUR, times=5)
    assert set(one.left) == {payout.id for payout in tea.payouts()}
    assert set(other.left) == {payout.id for payout in coffee.payouts()}
