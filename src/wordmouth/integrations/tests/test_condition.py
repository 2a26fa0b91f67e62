"""How a connection is, in sentences: of what came, of what was looked at, of what is to be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wordmouth.inbox.facts import Arrival, FeedFacts
from wordmouth.integrations import condition
from wordmouth.kit import clock
from wordmouth.outbox.facts import Standing

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with clock.using(clock.SetClock(NOW)):
        yield


def moment(at: datetime) -> str:
    return f"{at:%H:%M}"


def came(minutes_ago: int, state: str = "settled", *, was_read: bool = False) -> Arrival:
    at = NOW - timedelta(minutes=minutes_ago)
    return Arrival(adapter="woocommerce", received_at=at, state=state, was_read=was_read)


def feed(kind: str = "order", **more: Any) -> FeedFacts:
    told: dict[str, Any] = {
        "id": 1,
        "store_id": "str_1",
        "adapter": "woocommerce",
        "kind": kind,
        "opened_at": NOW,
        "due_at": NOW + timedelta(minutes=5),
        "cursor": "",
        "taken": 0,
        "caught_up_at": None,
        "done_at": None,
        "problem": "",
        "report": {},
    }
    return FeedFacts(**told | more)


def test_the_last_delivery_is_one_that_the_shop_sent() -> None:
    told = [came(1, was_read=True), came(7)]
    (sign,) = condition.of_arrivals(told, moment, is_read=True)
    assert (sign.state, sign.text) == ("ok", "The last delivery came at 11:53.")


def test_silence_is_worth_a_look_only_where_the_shop_is_not_read() -> None:
    (sign,) = condition.of_arrivals([came(1, was_read=True)], moment, is_read=True)
    assert (sign.state, sign.mend) == ("ok", "")
    (sign,) = condition.of_arrivals([], moment, is_read=False)
    assert (sign.state, sign.name) == ("warning", "deliveries")
    assert "not delivered anything lately" in sign.text
    assert "test order" in sign.mend


def test_what_was_refused_comes_before_what_waits() -> None:
    told = [came(1, "received"), came(2, "refused"), came(3, "dead"), came(4)]
    _, queue = condition.of_arrivals(told, moment, is_read=False)
    assert (queue.state, queue.text) == ("broken", "2 deliveries were refused or given up.")
    _, queue = condition.of_arrivals(told[:1], moment, is_read=False)
    assert (queue.state, queue.text) == ("ok", "1 delivery waits to be settled.")


def test_coupons_that_wait_say_why_and_those_given_up_what_to_do() -> None:
    (sign,) = condition.of_coupons(Standing(waiting=0, dead=0, problem=""))
    assert (sign.state, sign.text) == ("ok", "No coupon is held up.")
    (sign,) = condition.of_coupons(Standing(waiting=2, dead=0, problem="It answered 503."))
    assert (sign.state, sign.text) == ("warning", "2 coupons wait for the shop. It answered 503.")
    (sign,) = condition.of_coupons(Standing(waiting=2, dead=1, problem="It said no."))
    assert (sign.state, sign.text) == ("broken", "1 coupon was given up. It said no.")
    assert "revive" in sign.mend


def test_progress_counts_lists_and_says_which_are_done() -> None:
    feeds = [feed("connection"), feed("order", taken=12), feed("customer", caught_up_at=NOW)]
    found = [(one.what, one.taken, one.done) for one in condition.progress(feeds)]
    assert found == [("Orders", 12, False), ("Customers", 0, True)]


def test_history_that_is_being_read_is_said() -> None:
    feeds = [feed("order", taken=12, done_at=NOW), feed("customer", caught_up_at=NOW)]
    text = condition.read_so_far(feeds, moment).text
    assert text == (
        "12 orders, 0 customers were read; the history of orders is being read; last at 12:00."
    )


def test_the_worst_sign_gives_the_state() -> None:
    def signs(*states: str) -> list[condition.Sign]:
        return [condition.Sign(name="x", state=state, text="") for state in states]

    assert condition.worst(signs("ok", "broken", "warning")) == "broken"
    assert condition.worst(signs("warning", "ok")) == "warning"
    assert condition.worst([]) == "ok"
