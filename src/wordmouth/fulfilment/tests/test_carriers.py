"""What carries out the kinds that are no coupons, and what a coupon is made for."""

from contextlib import contextmanager

import pytest
from django.db import connection

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment import notes, registry, services
from wordmouth.fulfilment.carriers import things
from wordmouth.fulfilment.facts import Held
from wordmouth.fulfilment.models import Coupon
from wordmouth.fulfilment.registry import Beside
from wordmouth.fulfilment.tests.issuer import Issuer
from wordmouth.fulfilment.tests.world import START, lane, set_clock, until_quiet, world
from wordmouth.integrations import twins
from wordmouth.integrations.custom.provider import CustomProgram
from wordmouth.integrations.custom.twin import TwinProgram
from wordmouth.kit import signing
from wordmouth.kit.http import Http
from wordmouth.outbox import services as effects
from wordmouth.outbox.models import Effect
from wordmouth.people.models import Person
from wordmouth.rewards import services as rewards
from wordmouth.rewards.models import Reward
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_write

pytestmark = pytest.mark.django_db

GIFT = '{kind = "gift_card", value = 2500}'
TREE = '{kind = "custom", name = "tree", cost = 300}'


@contextmanager
def shop(**more):
    with set_clock() as standing, world(**more) as made:
        made.standing = standing
        made.lane = lane()
        yield made


def run(tea):
    while tea.lane.step():
        pass


@contextmanager
def issuing(name="Tea", **more):
    """A store with an account with an issuer."""
    with shop(name=name, friend=GIFT) as tea:
        tea.issuer = Issuer(**more)
        registry.install_beside(Beside(gift_cards={"fake": lambda connection: tea.issuer}))
        stores.connect(tea.store_id, "fake", ["secret"], {}, serves="gift_cards")
        yield tea


@contextmanager
def carrying_out(name="Tea", **more):
    """A store with a program of its own for rewards."""
    secret = signing.new_secret()
    with shop(name=name, friend=TREE) as tea, twins.running(TwinProgram(secret, **more)) as program:
        tea.program = program
        http = Http(allow_private=True, total_seconds=PATIENCE)
        registry.install_beside(Beside(custom=CustomProgram(http).rewards))
        stores.connect(tea.store_id, "custom", [secret], {"url": program.url}, serves="custom")
        yield tea


def test_a_free_product_names_the_product():
    with shop(friend='{kind = "free_product", product = "p-9"}') as tea:
        reward = tea.claim()
        run(tea)
        (coupon,) = tea.shop.coupons
        assert (coupon["terms"]["kind"], coupon["terms"]["product"]) == ("free_product", "p-9")
        assert tea.status(reward) == "issued"


def test_a_product_that_is_gone_from_the_shop_is_told_in_words():
    with shop(friend='{kind = "free_product", product = "p-9"}') as tea:
        tea.shop.products = {"p-1"}
        reward = tea.claim()
        run(tea)
        assert tea.status(reward) == "failed"
        assert tea.coupon(reward).problem == "The shop answered 422: There is no product p-9 here."
        tea.shop.products = None
        with store_write(tea.store_id):
            effects.revive_keys([services.issue_key(reward.id)])
        run(tea)
        assert tea.status(reward) == "issued"


def test_a_coupon_is_made_for_what_a_debt_leaves_of_the_reward():
    with shop(friend='{kind = "amount_off", value = 1000}') as tea:
        reward = tea.claim()
        with store_write(tea.store_id):
            Coupon.objects.all().delete()
            Effect.objects.filter(kind="coupon.issue").delete()
            Reward.objects.filter(id=reward.id).update(offset=400)
        tea.tell(tea.reward(reward), "due")
        run(tea)
        (coupon,) = tea.shop.coupons
        assert coupon["terms"]["value"] == 600


def test_a_reward_that_a_debt_took_whole_gets_nothing():
    with shop() as tea:
        reward = tea.claim()
        with store_write(tea.store_id):
            Coupon.objects.all().delete()
            Effect.objects.all().delete()
        tea.tell(reward, "redeemed")
        run(tea)
        assert tea.shop.coupons == []
        assert tea.status(reward) == "redeemed"


@pytest.mark.parametrize("kind", ["points", "store_credit", "cash"])
def test_what_a_wallet_is_credited_with_is_issued_by_that(kind):
    with shop(friend=f'{{kind = "{kind}", value = 500}}') as tea:
        reward = tea.claim()
        assert tea.status(reward) == "pending"
        tea.tell(reward, "due")
        run(tea)
        assert tea.coupon(reward) is None
        assert tea.effects() == {}
        assert tea.status(reward) == "issued"
        tea.tell(tea.reward(reward), "withdrawn")
        assert tea.effects() == {}


def test_a_gift_card_is_ordered_for_its_holder():
    with issuing() as tea:
        reward = tea.claim()
        run(tea)
        assert (tea.status(reward), tea.issuer.cards) == ("pending", [])
        tea.tell(reward, "due")
        run(tea)
        assert tea.status(reward) == "issued"
        (spec,) = tea.issuer.specs
        assert (spec.key, spec.value, spec.currency) == (reward.id, 2500, "EUR")
        assert (spec.email, spec.name) == ("friend1@example.com", "Fe")
        assert spec.message == "Thank you from Tea"
        assert tea.coupon(reward).reference == "card-1"


def test_what_the_issuer_gives_is_for_the_holder_alone():
    with issuing() as tea:
        reward = tea.earned()
        run(tea)
        assert tea.held(reward) == Held(
            code="SECRET-1", text="Enter the code at the till.", url="https://cards.example/1"
        )
        with connection.cursor() as cursor:
            for table in ("fulfilment_coupon", "outbox_effect", "messages_message"):
                cursor.execute(f"SELECT * FROM {table}")
                assert "SECRET-1" not in str(cursor.fetchall()), table
        assert "SECRET-1" not in repr(tea.coupon(reward))


def test_a_card_of_a_reward_that_was_taken_back_is_cancelled_and_shown_no_more():
    with issuing() as tea:
        reward = tea.earned()
        run(tea)
        tea.tell(reward, "withdrawn")
        assert tea.held(reward) is None
        run(tea)
        assert tea.issuer.usable() == {}
        assert tea.coupon(reward).state == "revoked"
        with store_write(tea.store_id):
            assert Coupon.objects.get(reward_id=reward.id).sealed == ""


def test_a_card_that_was_spent_before_it_was_taken_back_is_told_to_the_rewards(told):
    with issuing() as tea:
        reward = tea.earned()
        run(tea)
        tea.issuer.use(reward.id)
        tea.tell(reward, "withdrawn")
        run(tea)
        assert tea.coupon(reward).problem == notes.USED_BEFORE
        assert told == [(tea.store_id, [reward.id])]


@pytest.fixture
def told(monkeypatch):
    """What this room tells the rewards of uses."""
    heard: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(rewards, "note_spent", lambda store, ids: heard.append((store, list(ids))))
    return heard


def test_a_card_on_its_way_is_asked_after_until_it_is_there():
    with issuing() as tea:
        tea.issuer.slow = 3
        reward = tea.earned()
        run(tea)
        assert tea.status(reward) == "pending"
        until_quiet(tea.lane, tea.standing)
        assert tea.status(reward) == "issued"
        assert len(tea.issuer.cards) == 1


def test_without_an_address_there_is_no_card_and_somebody_is_told():
    with issuing() as tea:
        reward = tea.claim()
        with store_write(tea.store_id):
            Person.objects.filter(id=reward.person_id).update(email="")
        tea.tell(reward, "due")
        run(tea)
        assert tea.status(reward) == "failed"
        assert "No e-mail address" in tea.coupon(reward).problem


def test_a_card_waits_for_an_issuer_and_stays_with_the_first():
    with issuing() as tea:
        stores.disconnect(tea.store_id, "fake")
        reward = tea.earned()
        run(tea)
        assert (tea.status(reward), tea.coupon(reward).adapter) == ("pending", "")
        other = Issuer()
        both = {"fake": lambda connection: tea.issuer, "other": lambda connection: other}
        registry.install_beside(Beside(gift_cards=both))
        stores.connect(tea.store_id, "fake", ["secret"], {}, serves="gift_cards")
        tea.issuer.faults.append("reset")
        until_quiet(tea.lane, tea.standing)
        assert tea.coupon(reward).adapter == "fake"
        stores.connect(tea.store_id, "other", ["secret"], {}, serves="gift_cards")
        stores.disconnect(tea.store_id, "fake")
        tea.tell(reward, "withdrawn")
        run(tea)
        assert tea.coupon(reward).state == "revoking", "it is not the other issuer's card"
        stores.connect(tea.store_id, "fake", ["secret"], {}, serves="gift_cards")
        until_quiet(tea.lane, tea.standing)
        assert tea.issuer.usable() == {}
        assert other.cards == []


def test_a_card_that_is_owed_after_all_is_a_new_card():
    """A friend's reward is withdrawn with a refund, and a merchant lets the order count."""
    with issuing() as tea:
        reward = tea.claim()
        for expected in (1, 2, 3):
            tea.tell(tea.reward(reward), "due")
            run(tea)
            assert tea.status(reward) == "issued"
            assert len(tea.issuer.cards) == expected
            assert sum(tea.issuer.usable().values()) == 1
            tea.tell(tea.reward(reward), "withdrawn")
            run(tea)
            assert tea.issuer.usable() == {}
        assert tea.issuer.keys == [reward.id, f"{reward.id}:2", f"{reward.id}:3"]


def test_owed_again_while_it_is_being_taken_back_it_is_asked_for_afterwards():
    with issuing() as tea:
        reward = tea.earned()
        run(tea)
        tea.issuer.down = True
        tea.tell(reward, "withdrawn")
        run(tea)
        tea.tell(tea.reward(reward), "due")
        run(tea)
        assert tea.coupon(reward).state == "revoking"
        tea.issuer.down = False
        until_quiet(tea.lane, tea.standing)
        assert tea.coupon(reward).state == "issued"
        assert tea.issuer.usable() == {f"{reward.id}:2": 1}


def test_a_custom_reward_is_carried_out_by_the_shops_own_program():
    with carrying_out() as tea:
        tea.program.answers = {"text": "Row 7", "url": "https://forest.example/7", "code": "OAK"}
        reward = tea.earned(details={"name": "tree", "count": 3})
        run(tea)
        assert tea.status(reward) == "issued"
        (thing,) = tea.program.things
        sent = {name: thing[name] for name in thing if name not in ("state", "reference")}
        assert sent == {
            "id": reward.id,
            "name": "tree",
            "party": "advocate",
            "email": "friend1@example.com",
            "first_name": "Fe",
            "locale": "",
            "program": "give-10",
            "offer": "control",
            "value": 0,
            "currency": "EUR",
            "count": 3,
        }
        assert tea.held(reward) == Held(code="OAK", text="Row 7", url="https://forest.example/7")


def test_a_program_that_needs_time_is_asked_again_with_the_same_id():
    with carrying_out() as tea:
        tea.program.slow = 4
        reward = tea.earned()
        run(tea)
        assert tea.status(reward) == "pending"
        until_quiet(tea.lane, tea.standing)
        assert tea.status(reward) == "issued"
        assert tea.program.asked == {reward.id: 5}
        assert tea.program.standing() == {reward.id: 1}


def test_a_program_that_never_ends_is_given_up_and_can_be_revived():
    with carrying_out() as tea:
        tea.program.slow = 10**6
        reward = tea.earned()
        until_quiet(tea.lane, tea.standing, 9 * (START - START.replace(day=START.day - 1)))
        assert tea.status(reward) == "failed"
        tea.program.slow = 0
        with store_write(tea.store_id):
            effects.revive_keys([f"custom.issue:{reward.id}"])
        until_quiet(tea.lane, tea.standing)
        assert tea.status(reward) == "issued"


def test_the_programs_no_is_told_in_its_words():
    with carrying_out() as tea:
        tea.program.refuses = "No more trees this year"
        reward = tea.earned()
        run(tea)
        assert tea.status(reward) == "failed"
        assert tea.coupon(reward).problem == ("The program answered 422: No more trees this year.")


def test_a_custom_reward_is_taken_back_and_a_used_one_told_of(told):
    with carrying_out() as tea:
        reward, used = tea.earned(), tea.earned()
        run(tea)
        tea.program.use(used.id)
        tea.tell(reward, "withdrawn")
        tea.tell(used, "withdrawn")
        run(tea)
        assert tea.program.standing() == {}
        assert tea.coupon(reward).problem == ""
        assert tea.coupon(used).problem == notes.USED_BEFORE
        assert told == [(tea.store_id, [used.id])]


def test_a_broken_program_does_not_hold_up_the_shop():
    from wordmouth.outbox.circuits import Circuits

    assert Circuits().place("str_1", "custom.issue") != Circuits().place("str_1", "coupon.issue")


def test_every_state_of_those_outside_is_known_here():
    known = {things.PENDING, things.ACTIVE, things.USED, things.REVOKED, things.EXPIRED}
    from wordmouth.fulfilment.carriers import custom, gift_cards
    from wordmouth.integrations.generic.coupons import STATES

    assert set(custom.STATES.values()) | set(gift_cards.STATES.values()) | STATES <= known
