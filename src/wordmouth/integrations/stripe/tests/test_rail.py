"""Stripe transfers over a real HTTP connection to a twin that does everything wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.patience import PATIENCE
from wordmouth.integrations.stripe import amounts
from wordmouth.integrations.stripe.provider import Stripe
from wordmouth.integrations.stripe.rail import StripeAccount, StripeRail
from wordmouth.integrations.stripe.twin import OWN_FAULTS, StripeTwin
from wordmouth.integrations.tests.driver import connection, run_to_the_end
from wordmouth.integrations.tests.driver import transfers as people
from wordmouth.integrations.twins import AFTER, FAULTS, RETRY_SECONDS, running
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.payouts.ports import RailRefused, RailUnreachable, Transfer

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
START = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def twin() -> Iterator[StripeTwin]:
    with running(StripeTwin()) as service:
        yield service


def rail_to(service: StripeTwin, key: str = "sk_test_1") -> StripeRail:
    return StripeRail(HTTP, StripeAccount(api=service.url, key=key))


def transfers(count: int, *, amount: int = 1000, currency: str = "EUR") -> list[Transfer]:
    return [
        msgspec.structs.replace(each, account=f"acct_{number}")
        for number, each in enumerate(people(count, amount=amount, currency=currency))
    ]


def test_transfers_are_sent_once_and_found_again(twin):
    rail = rail_to(twin)
    sent = transfers(6)
    states = rail.send("bat_1.1", sent)
    assert [(s.id, s.state) for s in states] == [(f"pay_{n}", "settled") for n in range(6)]
    assert {s.id: s.reference for s in rail.look("bat_1.1", sent)} == {
        s.id: s.reference for s in states
    }
    rail.send("bat_1.1", sent)
    assert set(twin.left.values()) == {1}
    assert sum(request.method == "POST" for request in twin.seen) == 6


def test_the_request_is_as_stripe_says(twin):
    rail_to(twin).send("bat_1.1", transfers(1, amount=1250))
    listing, request = twin.seen
    assert listing.query == {"transfer_group": "bat_1.1", "limit": "100"}
    assert request.headers["authorization"] == "Bearer sk_test_1"
    assert request.headers["idempotency-key"] == "pay_0"
    assert request.headers["stripe-version"] == "2024-06-20"
    assert request.form() == {
        "amount": "1250",
        "currency": "eur",
        "destination": "acct_0",
        "transfer_group": "bat_1.1",
        "metadata[wordmouth_payout]": "pay_0",
    }


def test_what_stripe_does_not_have_is_unknown(twin):
    (state,) = rail_to(twin).look("bat_1.1", transfers(1))
    assert (state.state, bool(state.problem)) == ("unknown", True)


def test_a_long_batch_is_listed_to_its_end(twin, monkeypatch):
    monkeypatch.setattr("wordmouth.integrations.stripe.rail.PAGE", 2)
    rail = rail_to(twin)
    sent = transfers(7)
    rail.send("bat_1.1", sent)
    rail.send("bat_2.1", [msgspec.structs.replace(sent[0], id="pay_other")])
    assert {s.state for s in rail.look("bat_1.1", sent)} == {"settled"}
    assert len(twin.transfers) == 8


def test_only_what_cannot_be_paid_is_refused(twin):
    sent = transfers(3)
    sent[1] = msgspec.structs.replace(sent[1], account="acct_gone")
    states = rail_to(twin).send("bat_1.1", sent)
    assert [s.state for s in states] == ["settled", "refused", "settled"]
    assert states[1].problem == (
        "Stripe did not pay: resource_missing: No such destination: 'acct_gone'."
    )


def test_a_balance_that_does_not_cover_all_refuses_the_rest(twin):
    twin.balance = 2500
    states = rail_to(twin).send("bat_1.1", transfers(4))
    assert sorted(s.state for s in states) == ["refused", "refused", "settled", "settled"]
    assert any("balance_insufficient" in s.problem for s in states)


def test_a_refusal_stays_one_for_a_day_under_the_same_key(twin):
    """So a payment that was refused, and whose money went back, cannot leave later by accident."""
    twin.balance = 0
    rail = rail_to(twin)
    assert rail.send("bat_1.1", transfers(1))[0].state == "refused"
    twin.balance = 10_000
    assert rail.send("bat_1.1", transfers(1))[0].state == "refused"
    assert not twin.left


def test_a_transfer_that_was_reversed_came_back(twin):
    rail = rail_to(twin)
    sent = transfers(2)
    rail.send("bat_1.1", sent)
    twin.reverse("pay_0")
    twin.reverse("pay_1", 400)
    whole, part = rail.look("bat_1.1", sent)
    assert (whole.state, part.state) == ("returned", "settled")
    assert "400 of 1000" in part.problem
    assert [s.state for s in rail.send("bat_1.1", sent)] == ["returned", "settled"]
    assert set(twin.left.values()) == {1}


def test_the_list_is_asked_first_when_the_keys_are_long_forgotten(twin):
    rail = rail_to(twin)
    now = clock.SetClock(START)
    with clock.using(now):
        twin.faults.extend([None, "lost_reply"])
        with pytest.raises(RailUnreachable):
            rail.send("bat_1.1", transfers(1))
        now.move(timedelta(days=3))
        assert rail.send("bat_1.1", transfers(1))[0].state == "settled"
    assert twin.left == {"pay_0": 1}


def test_a_failure_that_is_repeated_for_a_day_is_no_answer(twin):
    """Status 500 may mean either; the list tells, and the day after the request is new."""
    rail = rail_to(twin)
    sent = transfers(2)
    twin.failing = {"pay_0": "500_saved_done", "pay_1": "500_saved"}
    now = clock.SetClock(START)
    with clock.using(now):
        with pytest.raises(RailUnreachable, match="answered 500"):
            rail.send("bat_1.1", sent)
        assert [s.state for s in rail.look("bat_1.1", sent)] == ["settled", "unknown"]
        with pytest.raises(RailUnreachable, match="answered 500"):
            rail.send("bat_1.1", sent)
        now.move(timedelta(hours=25))
        assert [s.state for s in rail.send("bat_1.1", sent)] == ["settled", "settled"]
    assert set(twin.left.values()) == {1}


def test_a_payment_that_stripe_is_still_at_is_waited_for(twin):
    twin.busy.add("pay_0")
    with pytest.raises(RailUnreachable, match="still at work"):
        rail_to(twin).send("bat_1.1", transfers(1))


def test_a_store_that_was_renamed_between_tries_pays_under_the_same_key(twin):
    rail = rail_to(twin)
    rail.send("bat_1.1", transfers(1))
    twin.transfers.clear()  # as if the list lagged behind
    renamed = [msgspec.structs.replace(each, note="New name") for each in transfers(1)]
    assert rail.send("bat_1.1", renamed)[0].state == "settled"
    assert twin.left == {"pay_0": 1}


def test_other_details_under_the_same_key_are_nobodys_to_decide(twin):
    rail = rail_to(twin)
    rail.send("bat_1.1", transfers(1))
    (state,) = rail.send("bat_2.1", transfers(1, amount=2000))
    assert state.state == "unknown"
    assert "with other details" in state.problem


def test_a_wrong_key_sends_nothing(twin):
    rail = rail_to(twin, "sk_wrong")
    for verb in (rail.send, rail.look):
        with pytest.raises(RailRefused, match="Invalid API Key"):
            verb("bat_1.1", transfers(1))
    assert "sk_wrong" not in repr(rail._account)


@pytest.mark.parametrize(("may", "error"), [(0, RailRefused), (2, RailUnreachable)])
def test_a_key_that_may_not_pay_refuses_only_what_it_did_not_pay(twin, may, error):
    twin.may_pay = may
    with pytest.raises(error, match="may not do this"):
        rail_to(twin).send("bat_1.1", transfers(6))
    assert len(twin.left) == may
    twin.may_pay = 100
    assert set(run_to_the_end(rail_to(twin), "bat_1.1", transfers(6)).values()) == {"settled"}
    assert set(twin.left.values()) == {1}


@pytest.mark.parametrize(
    ("minor", "currency", "units"),
    [
        (1250, "EUR", 1250),
        (1250, "JPY", 1250),
        (1250, "KRW", 1250),
        (12, "ISK", 1200),
        (500, "MGA", 5),
        (1250, "HUF", 1250),
        (12_340, "KWD", 12_340),
    ],
)
def test_amounts_are_counted_as_stripe_counts_them(minor, currency, units):
    assert amounts.units(minor, currency) == units


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(12_345, "KWD", "KWD: 12.345"), (550, "MGA", "MGA: 5.50"), (100, "UGX", "UGX")],
)
def test_amounts_that_stripe_cannot_carry_are_refused_before_it_is_asked(
    twin, minor, currency, words
):
    (state,) = rail_to(twin).send("bat_1.1", transfers(1, amount=minor, currency=currency))
    assert state.state == "refused"
    assert words in state.problem
    assert not [request for request in twin.seen if request.method == "POST"]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_leaves_the_outcome_open_and_money_leaves_once(twin, fault):
    rail = rail_to(twin)
    twin.faults.extend([None, fault])
    with pytest.raises(RailUnreachable) as caught:
        rail.send("bat_1.1", transfers(1))
    assert caught.value.retry_after == (RETRY_SECONDS if fault == "429" else None)
    assert bool(twin.left) == (fault in AFTER)
    assert run_to_the_end(rail, "bat_1.1", transfers(1)) == {"pay_0": "settled"}
    twin.settle()
    assert twin.left == {"pay_0": 1}


@settings(max_examples=60, deadline=None)
@given(
    faults=st.lists(st.sampled_from([None, *FAULTS]), max_size=20),
    failing=st.dictionaries(st.integers(0, 5), st.sampled_from(OWN_FAULTS), max_size=3),
    count=st.integers(1, 6),
    gone=st.sets(st.integers(0, 5), max_size=2),
    jumps=st.dictionaries(st.integers(0, 9), st.integers(1, 40), max_size=4),
)
def test_whatever_fails_money_leaves_once(faults, failing, count, gone, jumps):
    """Hours pass in between, also more than Stripe remembers its keys."""
    now = clock.SetClock(START)
    with clock.using(now), running(StripeTwin()) as service:
        rail = rail_to(service)
        sent = transfers(count)
        service.accounts -= {f"acct_{number}" for number in gone}
        service.failing = {f"pay_{number}": fault for number, fault in failing.items()}
        service.faults.extend(faults)

        def between(turn: int) -> None:
            # A request that is still on its way arrives before its key is forgotten.
            if turn in jumps and not service._late:
                now.move(timedelta(hours=jumps[turn]))

        run_to_the_end(rail, "bat_1.1", sent, between=between, rounds=30)
        service.settle()
        now.move(timedelta(hours=25))
        ended = run_to_the_end(rail, "bat_1.1", sent)
    for number, each in enumerate(sent):
        assert ended[each.id] == ("refused" if number in gone else "settled")
        assert service.left[each.id] == (0 if number in gone else 1)


def test_the_account_is_tried_out_without_moving_anything(twin):
    stripe = Stripe(HTTP)
    assert "test money" in stripe.examine(connection("stripe", "sk_test_1", {"api": twin.url}))
    assert [request.path for request in twin.seen] == ["/v1/balance"]
    with pytest.raises(Invalid, match="Invalid API Key"):
        stripe.examine(connection("stripe", "sk_wrong", {"api": twin.url}))
    with pytest.raises(Invalid, match="no option client-id; it takes api"):
        stripe.rail(connection("stripe", "sk", {"client_id": "x"}))
