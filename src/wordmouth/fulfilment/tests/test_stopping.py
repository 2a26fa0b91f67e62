"""The kill switch: nothing of a stopped programme leaves the house, and nothing is lost by it."""

from contextlib import contextmanager

import pytest

from wordmouth.fulfilment import handlers, queries, services
from wordmouth.fulfilment.tests.test_carriers import carrying_out, issuing, run, shop
from wordmouth.fulfilment.tests.world import lane, until_quiet
from wordmouth.outbox import services as effects
from wordmouth.project.effects import Lane
from wordmouth.stores.transactions import store_write

pytestmark = pytest.mark.django_db


def test_what_is_not_issued_yet_is_held_back_and_says_why():
    with shop() as tea:
        issued, waiting = tea.claim(), None
        run(tea)
        waiting = tea.claim()
        tea.stop()
        run(tea)
        assert tea.status(issued) == "issued", "what people have stays theirs"
        assert tea.status(waiting) == "failed"
        assert tea.coupon(waiting).problem == services.STOPPED
        assert tea.effect(waiting).state == "dead"
        assert tea.shop.active() == {issued.code: 1}


@pytest.mark.parametrize("kind", ["gift_card", "custom"])
def test_whatever_carries_it_is_held_back(kind):
    with (issuing if kind == "gift_card" else carrying_out)() as tea:
        reward = tea.claim()
        tea.stop()
        tea.tell(reward, "due")
        until_quiet(tea.lane, tea.standing)
        assert tea.status(reward) == "failed"
        tea.resume()
        run(tea)
        assert tea.status(reward) == "issued"


def test_going_on_issues_everything_once():
    with shop() as tea:
        rewards = [tea.claim() for _ in range(7)]
        for _ in range(3):
            tea.stop()
            run(tea)
            assert tea.shop.active() == {}
            tea.stop()
            until_quiet(tea.lane, tea.standing)
        tea.resume()
        run(tea)
        assert tea.shop.active() == {reward.code: 1 for reward in rewards}
        assert tea.effects() == {"done": 7}
        tea.stop()
        tea.resume()
        run(tea)
        assert len(tea.shop.coupons) == 7


def test_what_was_taken_back_meanwhile_is_not_issued():
    with shop() as tea:
        reward, other = tea.claim(), tea.claim()
        tea.stop()
        run(tea)
        tea.tell(reward, "withdrawn")
        run(tea)
        tea.resume()
        run(tea)
        assert tea.shop.active() == {other.code: 1}
        assert tea.coupon(reward).state == "revoked"


def test_what_is_taken_back_while_stopped_leaves_nothing_given_up():
    """Nothing is wanted of it any more, so nobody is shown that it failed."""
    with shop() as tea:
        reward = tea.claim()
        tea.stop()
        run(tea)
        assert tea.effects() == {"dead": 1}
        tea.tell(reward, "withdrawn")
        run(tea)
        assert tea.effects() == {"done": 2}
        assert (tea.coupon(reward).state, tea.shop.coupons) == ("revoked", [])


def test_what_is_taken_back_while_a_worker_gives_up_leaves_nothing_given_up():
    with shop() as tea:
        reward = tea.claim()
        tea.stop()
        with between_look_and_note(tea, lambda: tea.tell(reward, "withdrawn")):
            tea.lane.step()
        tea.lane = lane()
        until_quiet(tea.lane, tea.standing)
        assert tea.effects() == {"done": 2}
        assert (tea.coupon(reward).state, tea.shop.coupons) == ("revoked", [])


def test_taking_back_goes_on_while_stopped():
    with shop() as tea:
        reward = tea.claim()
        run(tea)
        tea.stop()
        tea.tell(reward, "withdrawn")
        run(tea)
        assert tea.shop.active() == {}


def test_another_programme_is_not_held_back():
    from wordmouth.programs import services as programs
    from wordmouth.programs.parse import parse_toml

    with shop() as tea:
        reward = tea.claim()
        with store_write(tea.store_id):
            programs.apply_document(
                parse_toml(
                    'slug = "other"\nname = "Other"\nstatus = "live"\n'
                    '[eligibility]\ncurrency = "EUR"\n[[offers]]\nkey = "control"\n'
                    'friend = {kind = "percent_off", value = 5}\n'
                ),
                by="test",
            )
            programs.stop("other", "Not this one.", by="test")
        run(tea)
        assert tea.status(reward) == "issued"


@contextmanager
def between_look_and_note(tea, act):
    """`act` happens after a worker saw that the programme is stopped, before it notes that."""
    real = queries.is_stopped
    seen = []

    def look(reward_id):
        found = real(reward_id)
        seen.append(found)
        return found

    def hold(effect):
        try:
            return handlers.HANDLERS[services.ISSUE](effect)
        finally:
            if len(seen) == 1:
                act()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "is_stopped", look)
        tea.lane = Lane(handlers={services.ISSUE: hold, "mail.send": lambda effect: {}})
        yield


def test_going_on_while_a_worker_gives_up_loses_nothing():
    with shop() as tea:
        reward = tea.claim()
        tea.stop()
        with between_look_and_note(tea, tea.resume):
            run(tea)
        assert tea.status(reward) == "issued"
        assert tea.shop.active() == {reward.code: 1}


def test_an_effect_that_was_waiting_for_its_next_try_is_held_back_too():
    with shop() as tea:
        tea.shop.down = True
        reward = tea.claim()
        run(tea)
        tea.stop()
        tea.shop.down = False
        until_quiet(tea.lane, tea.standing)
        assert (tea.status(reward), tea.shop.active()) == ("failed", {})
        tea.resume()
        run(tea)
        assert tea.shop.active() == {reward.code: 1}


def test_reviving_by_hand_while_stopped_changes_nothing():
    with shop() as tea:
        reward = tea.claim()
        tea.stop()
        run(tea)
        with store_write(tea.store_id):
            effects.revive(tea.effect(reward).id)
        run(tea)
        assert (tea.status(reward), tea.shop.coupons) == ("failed", [])
