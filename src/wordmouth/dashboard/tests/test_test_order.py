"""A test order, followed from the link to the reward, and wherever it may stop."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.stage import Stage, found_in
from wordmouth.dashboard.views.entrance import TRIES_BY_NAME, TRIES_BY_VISITOR
from wordmouth.inbox import refusals
from wordmouth.inbox import services as inbox
from wordmouth.project.settle import settle_store
from wordmouth.stores import services as stores

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def stage(world) -> Stage:
    refusals.forget()
    TRIES_BY_NAME.reset()
    TRIES_BY_VISITOR.reset()
    stores.add_member(world.store.id, "mari", PASSWORD)
    return Stage(world)


@pytest.fixture
def mari(stage) -> Client:
    client = Client()
    client.post("/desk/login", {"username": "mari", "password": PASSWORD})
    return client


class Test:
    """A test under way: what its page says, step by step."""

    __test__ = False

    def __init__(self, stage: Stage, mari: Client) -> None:
        self.stage, self._mari = stage, mari
        begun = mari.post(
            f"/desk/{stage.world.store.slug}/test-order", {"email": "mari@shop.example"}
        )
        self.url = begun["Location"]
        self.code = self.url.split("/")[-2]

    def page(self) -> str:
        return self._mari.get(self.url).content.decode()

    def steps(self) -> list[tuple[str, str]]:
        """The state of each step, and what it says."""
        found = re.findall(r'<li class="(\w+)"[^>]*>(.*?)</li>', self.page(), re.S)
        plain = [(state, re.sub(r"<[^>]+>", " ", text)) for state, text in found]
        return [(state, " ".join(text.replace("&#x27;", "'").split())) for state, text in plain]

    def states(self) -> list[str]:
        return [state for state, _ in self.steps()]

    def text(self) -> str:
        return " ".join(text for _, text in self.steps())

    def deliver(self, name: str, **more) -> None:
        """The shop tells of an order."""
        world = self.stage.world
        now = world.clock.now().isoformat()
        order: dict[str, Any] = {"id": name, "updated_at": now, "placed_at": now, "paid_at": now}
        order |= {"currency": "EUR", "totals": {"items": 5000, "grand": 5400}}
        order |= {"customer": {"email": "fe@example.com", "first_name": "Fe"}} | more
        body = json.dumps({"type": "order.snapshot", "timestamp": now, "data": order})
        with world.write():
            inbox.receive(world.store.id, "generic", f"{name}:{now}", {}, body.encode())

    def settle(self) -> None:
        settle_store(self.stage.world.store.id)
        self.stage.work()


@pytest.fixture
def test(stage, mari) -> Test:
    return Test(stage, mari)


def test_it_begins_with_a_link_of_ones_own(test, mari) -> None:
    page = test.page()
    assert f"/r/{test.code}" in page
    assert test.states() == ["wait", *["later"] * 6]
    assert "Nothing has come since the test began" in test.text()
    assert test.stage.mailbox.mails == [], "nobody is written to"
    again = mari.post(
        f"/desk/{test.stage.world.store.slug}/test-order", {"email": "mari@shop.example"}
    )
    assert again["Location"].split("/")[-2] == test.code


def test_each_step_shows_as_it_happens(test) -> None:
    claim = test.stage.world.claim(test.code, "fe@example.com")
    state, said = test.steps()[0]
    assert (state, said.endswith("The coupon is being made in the shop.")) == ("wait", True)
    test.stage.work()
    assert f"The coupon {claim.coupon_code} was made in the shop." in test.text()
    test.deliver("1001", discount_codes=[claim.coupon_code])
    assert test.states() == ["good", "wait", *["later"] * 6]
    assert "1 order has come since the test began" in test.text()
    test.settle()
    said = test.text()
    assert test.states() == ["good"] * 9
    assert "The shop told of the order" in said
    assert "Through Any other shop." in said
    assert "It proves that the shop has sent it." in said
    assert f"from {test.code}" in said
    assert "It is judged: pending" in said
    assert "€10.00 off" in said
    assert "Pending" in said
    assert "/referrals/ref_" in test.page()


def test_an_order_that_is_marked_as_a_test_owes_nothing(test) -> None:
    claim = test.stage.world.claim(test.code, "fe@example.com")
    test.stage.work()
    test.deliver("1001", discount_codes=[claim.coupon_code], is_test=True)
    test.settle()
    assert {*test.states()} == {"good"}
    said = test.text()
    assert "It is judged: rejected" in said
    assert "Everything works. The shop marks it as a test, so nothing is owed for it." in said


def test_a_cancelled_order_says_that_all_is_taken_back(test) -> None:
    claim = test.stage.world.claim(test.code, "fe@example.com")
    test.stage.work()
    test.deliver("1001", discount_codes=[claim.coupon_code])
    test.settle()
    test.stage.world.clock.move(timedelta(minutes=1))
    cancelled = test.stage.world.clock.now().isoformat()
    test.deliver("1001", discount_codes=[claim.coupon_code], cancelled_at=cancelled)
    test.settle()
    assert "Everything works: what was promised for it is taken back." in test.text()


def test_an_order_that_lost_the_recommendation_says_so(test) -> None:
    test.deliver("1001")
    test.settle()
    assert test.states()[0] == "wait"
    said = test.text()
    assert "1 order has come since the test began, and none by this link or code." in said
    assert "open the link first and order in the same browser" in said


def test_what_cannot_be_read_stops_it_with_its_problem(test) -> None:
    world = test.stage.world
    with world.write():
        inbox.receive(world.store.id, "generic", "bad", {}, b'{"type": "order.snapshot"}')
    test.settle()
    assert test.states()[0] == "bad"
    (_, said), *_ = test.steps()
    assert "A delivery cannot be read" in said
    assert "data: is required" in said
    assert "under Deliveries" in said


def test_a_wrong_signature_stops_it_until_a_good_one_comes(test) -> None:
    world = test.stage.world
    world.clock.move(timedelta(minutes=1))
    refusals.note(world.store.id, "generic", world.clock.now(), "no signature matches")
    assert test.states() == ["good", "bad", *["later"] * 4]
    assert "Its signature is not good It stops here. No signature matches." in test.text()
    assert "the secret there is another, or its clock is wrong" in test.text()
    world.clock.move(timedelta(minutes=1))
    test.deliver("1001")
    assert "Its signature is not good" not in test.text()


def test_a_self_referral_says_how_to_order_instead(test) -> None:
    test.deliver("1001", customer={"email": "mari@shop.example"}, attribution={"code": test.code})
    test.settle()
    assert test.states()[-1] == "bad"
    assert "Order as somebody else" in test.text()


def test_what_came_before_the_test_is_not_part_of_it(stage, mari) -> None:
    ana = stage.world.advocate("mari@shop.example", "Mari")
    stage.friend(ana.code, "fe@example.com", "Fe", "1000")
    stage.world.clock.move(timedelta(hours=1))
    test = Test(stage, mari)
    assert test.code == ana.code
    assert "Nothing has come since the test began" in test.text()


@pytest.mark.parametrize("email", ["", "no address", "x" * 300])
def test_a_bad_address_is_said_beside_the_field(stage, mari, email) -> None:
    answer = mari.post(f"/desk/{stage.world.store.slug}/test-order", {"email": email})
    assert answer.status_code == 422
    problem = found_in(answer.content.decode(), r'id="problem" role="alert">([^<]+)<')
    assert problem


def test_a_code_of_nobody_and_a_test_of_the_future_are_not_found(test, mari) -> None:
    root = f"/desk/{test.stage.world.store.slug}/test-order"
    began = test.url.split("/")[-1]
    assert mari.get(f"{root}/NOBODY-1/{began}").status_code == 404
    assert mari.get(f"{root}/{test.code}/99999999999999999999").status_code == 404
