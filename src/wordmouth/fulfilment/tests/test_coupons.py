"""From a reward to a coupon in the shop and back."""

from typing import Any

import pytest

from wordmouth.fulfilment import handlers, notes, services
from wordmouth.fulfilment.carriers import coupons
from wordmouth.fulfilment.events import CouponFailed, CouponIssued, CouponRevoked
from wordmouth.fulfilment.rules import public_status
from wordmouth.fulfilment.tests.world import START, World, lane, set_clock, until_quiet, world
from wordmouth.integrations.generic.coupons import GenericCoupons
from wordmouth.kit import events
from wordmouth.outbox import queries as outbox
from wordmouth.outbox import rules
from wordmouth.outbox import services as effects
from wordmouth.project.reactions import REACTIONS
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea():
    with set_clock() as standing, world() as made:
        made.standing = standing
        made.lane = lane()
        yield made


@pytest.fixture
def told():
    """The events of this room, as the reactions see them."""
    heard: list[Any] = []
    kinds = (CouponIssued, CouponRevoked, CouponFailed)
    table: dict[Any, Any] = dict(REACTIONS)
    for kind in kinds:
        table[kind] = [*table.get(kind, ()), heard.extend]
    events.install(table)
    yield heard
    events.install(REACTIONS)


def run(tea):
    while tea.lane.step():
        pass


def test_a_claim_becomes_a_coupon(tea, told):
    reward = tea.claim()
    assert tea.coupon(reward).state == "requested"
    assert public_status(reward, tea.coupon(reward)) == "pending"
    run(tea)
    coupon = tea.coupon(reward)
    assert (coupon.state, coupon.reference, coupon.issued_at) == ("issued", "cpn-1", START)
    assert public_status(reward, coupon) == "issued"
    assert tea.shop.active() == {reward.code: 1}
    assert told == [CouponIssued(store_id=tea.store_id, reward_id=reward.id, code=reward.code)]
    assert tea.effect(reward).state == "done"


def test_the_terms_are_those_of_the_reward(tea):
    reward = tea.claim()
    run(tea)
    terms = tea.shop.coupons[0]["terms"]
    assert (terms["kind"], terms["value"], terms["currency"]) == ("percent_off", 10, "EUR")
    assert (terms["code"], terms["usage_limit"], terms["customer"]) == (reward.code, 1, None)


def test_a_coupon_can_be_kept_to_its_owner(tea):
    from wordmouth.stores.models import Connection

    with store_write(tea.store_id):
        Connection.objects.update(options={coupons.LOCK_OPTION: True})
    tea.claim()
    run(tea)
    assert tea.shop.coupons[0]["terms"]["customer"] == {"id": None, "email": "friend1@example.com"}
    with store_read(tea.store_id):
        assert "friend1" not in str(outbox.page()), "personal data does not go into effects"


def test_news_that_repeat_change_nothing(tea, told):
    reward = tea.claim()
    for _ in range(3):
        tea.tell(reward, "due")
    run(tea)
    tea.tell(reward, "due")
    run(tea)
    assert tea.shop.active() == {reward.code: 1}
    assert len(told) == 1


def test_a_withdrawn_reward_is_revoked(tea, told):
    reward = tea.claim()
    run(tea)
    withdrawn = tea.tell(reward, "withdrawn")
    assert tea.coupon(reward).state == "revoking"
    assert public_status(withdrawn, tea.coupon(reward)) == "withdrawn"
    run(tea)
    assert tea.coupon(reward).state == "revoked"
    assert not tea.shop.active()
    assert told[1:] == [CouponRevoked(store_id=tea.store_id, reward_id=reward.id, was_used=False)]


def test_an_expired_reward_is_revoked(tea):
    reward = tea.claim()
    run(tea)
    tea.tell(reward, "expired")
    run(tea)
    assert not tea.shop.active()


def test_a_reward_withdrawn_before_its_coupon_was_made_never_gets_one(tea, told):
    reward = tea.claim()
    tea.tell(reward, "withdrawn")
    run(tea)
    assert tea.shop.coupons == []
    assert ("coupon.issue", reward.code) not in tea.shop.requests
    assert tea.coupon(reward).state == "revoked"
    assert [type(event) for event in told] == [CouponRevoked]


def test_a_reward_that_was_due_and_withdrawn_at_once_is_never_asked_for(tea):
    reward = tea.claim()
    other = tea.claim()
    with store_write(tea.store_id):
        from wordmouth.fulfilment.models import Coupon
        from wordmouth.outbox.models import Effect

        Coupon.objects.filter(reward_id=reward.id).delete()
        Effect.objects.filter(key=services.issue_key(reward.id)).delete()
    import msgspec

    from wordmouth.rewards.events import RewardChanged

    gone = msgspec.structs.replace(reward, state="withdrawn")
    with store_write(tea.store_id):
        events.emit(RewardChanged(store_id=tea.store_id, reward=reward, before="pending"))
        events.emit(RewardChanged(store_id=tea.store_id, reward=gone, before="due"))
    run(tea)
    assert tea.coupon(reward) is None
    assert tea.shop.active() == {other.code: 1}


def test_a_redeemed_reward_leaves_its_coupon_alone(tea):
    reward = tea.claim()
    run(tea)
    tea.shop.use(reward.code)
    redeemed = tea.tell(reward, "redeemed")
    tea.tell(redeemed, "withdrawn")
    run(tea)
    assert tea.coupon(reward).state == "issued"
    assert ("coupon.revoke", reward.code) not in tea.shop.requests


def test_a_coupon_used_before_it_could_be_revoked(tea, told):
    reward = tea.claim()
    run(tea)
    tea.shop.use(reward.code)
    tea.tell(reward, "withdrawn")
    run(tea)
    assert tea.coupon(reward).problem == notes.USED_BEFORE
    assert told[-1].was_used


@pytest.mark.parametrize("kind", ["free_product", "points", "store_credit", "cash", "early_access"])
def test_other_kinds_are_no_coupons(tea, kind):
    import msgspec

    reward = tea.claim()
    run(tea)
    other = msgspec.structs.replace(reward, id="rwd_other", kind=kind)
    tea.tell(other, "due")
    tea.tell(other, "withdrawn")
    run(tea)
    assert tea.effects() == {"done": 1}


def test_what_the_shop_refuses_fails_visibly_and_can_be_revived(tea, told):
    reward = tea.claim()
    tea.shop.coupons.append(
        {"code": "X", "state": "active", "times_used": 0, "reference": "1", "terms": {}}
    )
    tea.shop.coupons[0]["code"] = reward.code
    tea.shop._lookup = lambda data: (404, "application/problem+json", b"{}", {})
    run(tea)
    coupon = tea.coupon(reward)
    assert (coupon.state, public_status(reward, coupon)) == ("failed", "failed")
    assert "other terms" in coupon.problem
    assert [type(event) for event in told] == [CouponFailed]
    assert tea.effect(reward).state == "dead"
    tea.shop.coupons.clear()
    with store_write(tea.store_id):
        effects.revive(tea.effect(reward).id)
    run(tea)
    assert tea.coupon(reward).state == "issued"
    assert tea.coupon(reward).problem == ""
    assert tea.shop.active() == {reward.code: 1}


def test_a_code_that_was_revoked_in_the_shop_is_not_called_issued(tea):
    reward = tea.claim()
    known = {"code": reward.code, "state": "revoked", "times_used": 0, "reference": "1"}
    tea.shop.coupons.append({**known, "terms": {}})
    run(tea)
    assert tea.coupon(reward).state == "failed"


def test_without_an_address_for_coupons_it_waits_and_says_why(tea):
    with store_write(tea.store_id):
        stores.update_connection(tea.store_id, "generic", coupon_url="")
    reward = tea.claim()
    run(tea)
    assert tea.effect(reward).state == "waiting"
    assert "No coupon address is set" in tea.effect(reward).problem
    tea.connect()
    until_quiet(tea.lane, tea.standing)
    assert tea.coupon(reward).state == "issued"


def test_a_revocation_waits_for_the_issue_that_is_under_way(tea):
    reward = tea.claim()
    (leased,) = effects.lease(tea.store_id, 1)
    tea.tell(reward, "withdrawn")
    run(tea)
    assert tea.effect(reward, services.revoke_key).state == "waiting"
    assert "is being issued" in tea.effect(reward, services.revoke_key).problem
    # The worker died; its lease runs out, and both come to their end.
    assert leased.attempts == 1
    until_quiet(tea.lane, tea.standing)
    assert tea.coupon(reward).state == "revoked"
    assert not tea.shop.active()


def test_a_withdrawal_while_the_shop_is_being_asked(tea, monkeypatch):
    """The answer arrives after the reward was taken back: the coupon is revoked all the same."""
    reward = tea.claim()
    issue = GenericCoupons.issue

    def meanwhile(port, spec, key):
        tea.tell(reward, "withdrawn")
        return issue(port, spec, key)

    monkeypatch.setattr(GenericCoupons, "issue", meanwhile)
    until_quiet(tea.lane, tea.standing)
    assert tea.coupon(reward).state == "revoked"
    assert len(tea.shop.coupons) == 1
    assert not tea.shop.active()


def test_an_issue_that_was_overtaken_by_its_revocation_undoes_itself(tea):
    """A worker that hung for longer than its lease makes the coupon after all."""
    reward = tea.claim()
    (late,) = effects.lease(tea.store_id, 1)
    coupon = tea.coupon(reward)
    tea.standing.move(rules.LEASE * 2)
    tea.tell(reward, "withdrawn")
    until_quiet(tea.lane, tea.standing)
    assert tea.coupon(reward).state == "revoked"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handlers, "_coupon", _first_then_true(coupon, handlers._coupon))
        handlers.issue(late)
    assert len(tea.shop.coupons) == 1
    assert not tea.shop.active()


def _first_then_true(first, real):
    answers = [lambda effect: first]
    return lambda effect: (answers.pop() if answers else real)(effect)


def test_an_unknown_adapter_waits_for_a_newer_version(tea):
    from wordmouth.stores.models import Connection

    with store_write(tea.store_id):
        Connection.objects.update(adapter="newshop")
    reward = tea.claim()
    run(tea)
    assert tea.coupon(reward).adapter == "newshop"
    assert "no adapter 'newshop'" in tea.effect(reward).problem


def test_stores_do_not_see_each_others_coupons(tea):
    reward = tea.claim()
    run(tea)
    other = World("Coffee")
    assert other.coupon(reward) is None
    assert other.effects() == {}
