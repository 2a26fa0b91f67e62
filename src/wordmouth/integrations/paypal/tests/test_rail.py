"""PayPal Payouts over a real HTTP connection to a twin that does everything wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harness.patience import PATIENCE
from wordmouth.integrations.paypal.provider import PayPal
from wordmouth.integrations.paypal.rail import PayPalRail
from wordmouth.integrations.paypal.session import PayPalAccount, Tokens
from wordmouth.integrations.paypal.twin import PayPalTwin
from wordmouth.integrations.paypal.wire import Token
from wordmouth.integrations.tests.driver import connection, moneys, run_to_the_end, transfers
from wordmouth.integrations.twins import AFTER, FAULTS, RETRY_SECONDS, running
from wordmouth.kit import clock
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.payouts.ports import RailRefused, RailUnreachable, Transfer

HTTP = Http(allow_private=True, total_seconds=PATIENCE)
START = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def twin() -> Iterator[PayPalTwin]:
    with running(PayPalTwin()) as service:
        yield service


def rail_to(service: PayPalTwin, secret: str = "hush") -> PayPalRail:
    account = PayPalAccount(api=service.url, client_id="client", secret=secret)
    return PayPalRail(HTTP, Tokens(), account)


def known(rail: PayPalRail, sent: list[Transfer]) -> list[Transfer]:
    """The transfers with what PayPal called them."""
    told = {state.id: state.reference for state in rail.send("bat_1.1", sent)}
    return [msgspec.structs.replace(each, reference=told[each.id]) for each in sent]


def test_a_batch_is_sent_and_looked_at_until_it_is_settled(twin):
    rail = rail_to(twin)
    sent = transfers(2)
    states = rail.send("bat_1.1", sent)
    assert [(s.id, s.state, s.reference) for s in states] == [
        ("pay_0", "requested", "PB0001"),
        ("pay_1", "requested", "PB0001"),
    ]
    again = [msgspec.structs.replace(each, reference="PB0001") for each in sent]
    told = [[s.state for s in rail.look("bat_1.1", again)] for _ in range(3)]
    assert told == [["requested"] * 2, ["requested"] * 2, ["settled"] * 2]
    assert [s.reference for s in rail.look("bat_1.1", again)] == [
        "PB0001/PB0001I0",
        "PB0001/PB0001I1",
    ]
    assert twin.left == {"pay_0": 1, "pay_1": 1}


def test_the_request_is_as_paypal_says(twin):
    rail_to(twin).send("bat_1.1", transfers(1, amount=1250))
    token, request = twin.seen
    assert token.path == "/v1/oauth2/token"
    assert token.headers["authorization"] == "Basic Y2xpZW50Omh1c2g="
    assert token.form() == {"grant_type": "client_credentials"}
    assert request.headers["authorization"] == "Bearer A21AA-1"
    assert request.json() == {
        "sender_batch_header": {"sender_batch_id": "bat_1.1", "recipient_type": "EMAIL"},
        "items": [
            {
                "sender_item_id": "pay_0",
                "recipient_type": "EMAIL",
                "receiver": "p0@example.com",
                "note": "Thank you",
                "amount": {"currency": "EUR", "value": "12.50"},
            }
        ],
    }


def test_the_token_is_kept_until_shortly_before_it_ends(twin):
    rail = rail_to(twin)
    now = clock.SetClock(START)
    with clock.using(now):
        sent = known(rail, transfers(1))
        rail.look("bat_1.1", sent)
        assert twin.granted == 1
        now.move(timedelta(seconds=twin.lifetime - 30))
        rail.look("bat_1.1", sent)
        assert twin.granted == 2


def test_a_token_that_was_withdrawn_is_replaced_at_once(twin):
    rail = rail_to(twin)
    sent = known(rail, transfers(1))
    twin.tokens.clear()
    assert rail.look("bat_1.1", sent)[0].state == "requested"
    assert twin.granted == 2


def test_a_lost_reply_is_found_out_by_sending_again(twin):
    rail = rail_to(twin)
    sent = transfers(3)
    twin.faults.extend([None, "lost_reply"])
    with pytest.raises(RailUnreachable):
        rail.send("bat_1.1", sent)
    assert {s.state for s in rail.look("bat_1.1", sent)} == {"unknown"}, "no reference yet"
    states = rail.send("bat_1.1", sent)
    assert {(s.state, s.reference.partition("/")[0]) for s in states} == {("requested", "PB0001")}
    assert set(twin.left.values()) == {1}


def test_what_is_known_by_reference_is_not_sent_again(twin):
    rail = rail_to(twin)
    sent = known(rail, transfers(2))
    twin.names.clear()
    assert {s.state for s in rail.send("bat_1.1", sent)} == {"requested"}
    assert set(twin.left.values()) == {1}


def test_a_duplicate_without_a_link_stays_open(twin):
    rail = rail_to(twin)
    rail.send("bat_1.1", transfers(1))
    twin.unnamed_duplicates = True
    with pytest.raises(RailUnreachable, match="does not say under which id"):
        rail.send("bat_1.1", transfers(1))


def test_a_duplicate_that_cannot_be_looked_at_is_under_way(twin):
    rail = rail_to(twin)
    rail.send("bat_1.1", transfers(1))
    twin.faults.extend([None, "500"])
    assert [(s.state, s.reference) for s in rail.send("bat_1.1", transfers(1))] == [
        ("requested", "PB0001")
    ]


def test_malformed_receivers_do_not_hold_up_the_others(twin):
    sent = transfers(4)
    sent[1] = msgspec.structs.replace(sent[1], account="not an address")
    sent[2] = msgspec.structs.replace(sent[2], account="p@" + "x" * 130)
    states = rail_to(twin).send("bat_1.1", sent)
    assert [s.state for s in states] == ["requested", "refused", "refused", "requested"]
    assert "Receiver is invalid" in states[1].problem
    assert "at most 127" in states[2].problem
    assert twin.left == {"pay_0": 1, "pay_3": 1}


def test_a_part_that_was_malformed_is_found_out_when_the_answer_was_lost(twin):
    """The second try meets the batch without the malformed one, and says so once it is done."""
    rail = rail_to(twin)
    sent = transfers(2)
    sent[0] = msgspec.structs.replace(sent[0], account="not an address")
    twin.faults.extend([None, None, "lost_reply"])
    with pytest.raises(RailUnreachable):
        rail.send("bat_1.1", sent)
    assert run_to_the_end(rail, "bat_1.1", sent) == {"pay_0": "refused", "pay_1": "settled"}
    assert twin.left == {"pay_1": 1}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SUCCESS", "settled"),
        ("PENDING", "requested"),
        ("UNCLAIMED", "requested"),
        ("ONHOLD", "requested"),
        ("BLOCKED", "requested"),
        ("SOMETHING_NEW", "requested"),
        ("RETURNED", "returned"),
        ("REFUNDED", "returned"),
        ("REVERSED", "returned"),
        ("FAILED", "refused"),
        ("DENIED", "refused"),
    ],
)
def test_each_status_of_a_payment_has_its_state(twin, status, state):
    twin.fates["p0@example.com"] = status
    rail = rail_to(twin)
    sent = known(rail, transfers(1))
    (told,) = [rail.look("bat_1.1", sent) for _ in range(3)][-1]
    assert told.state == state
    assert bool(told.problem) == (status not in ("SUCCESS", "PENDING", "SOMETHING_NEW"))


def test_an_unclaimed_payment_comes_back_after_thirty_days(twin):
    twin.fates["p0@example.com"] = "UNCLAIMED"
    rail = rail_to(twin)
    now = clock.SetClock(START)
    with clock.using(now):
        sent = known(rail, transfers(1))
        told = [rail.look("bat_1.1", sent)[0].state for _ in range(3)]
        now.move(timedelta(days=31))
        told.append(rail.look("bat_1.1", sent)[0].state)
    assert told == ["requested", "requested", "requested", "returned"]


def test_a_denied_batch_paid_nobody(twin):
    twin.denies = True
    assert run_to_the_end(rail_to(twin), "bat_1.1", transfers(2)) == {
        "pay_0": "refused",
        "pay_1": "refused",
    }
    assert not twin.left


def test_long_batches_are_read_to_their_end(twin, monkeypatch):
    monkeypatch.setattr("wordmouth.integrations.paypal.rail.PAGE", 2)
    assert set(run_to_the_end(rail_to(twin), "bat_1.1", transfers(7)).values()) == {"settled"}


def test_a_batch_of_another_account_says_nothing(twin):
    rail = rail_to(twin)
    rail.send("bat_other", transfers(1))
    mine = [msgspec.structs.replace(each, reference="PB0001") for each in transfers(1)]
    assert rail.look("bat_1.1", mine)[0].state == "unknown"
    lost = [msgspec.structs.replace(each, reference="PB9999") for each in transfers(1)]
    (told,) = rail.look("bat_1.1", lost)
    assert (told.state, told.reference) == ("unknown", "PB9999")


def test_an_account_without_funds_refuses_the_request_and_not_an_earlier_one(twin):
    """PayPal may look at the funds before it looks at the name of the batch."""
    rail = rail_to(twin)
    sent = transfers(2)
    twin.faults.extend([None, "lost_reply"])
    with pytest.raises(RailUnreachable):
        rail.send("bat_1.1", sent)
    twin.balance, twin.funds_first = moneys(0), True
    with pytest.raises(RailRefused, match="INSUFFICIENT_FUNDS"):
        rail.send("bat_1.1", sent)
    twin.balance = moneys(1000)
    assert set(run_to_the_end(rail, "bat_1.1", sent).values()) == {"settled"}
    assert set(twin.left.values()) == {1}


def test_a_refusal_sends_nothing_and_says_why(twin):
    with pytest.raises(RailRefused, match="invalid_client"):
        rail_to(twin, secret="wrong").send("bat_1.1", transfers(1))
    twin.restricted = True
    with pytest.raises(RailRefused, match="SENDER_RESTRICTED"):
        rail_to(twin).send("bat_1.1", transfers(1))
    assert not twin.left


def test_credentials_that_ended_do_not_undo_what_was_sent(twin):
    """The batch is there, and only the look at it is refused."""
    rail = rail_to(twin)
    sent = transfers(1)
    rail.send("bat_1.1", sent)
    again = rail_to(twin)
    again._tokens.keep(again._account, Token(access_token="A21AA-1", expires_in=900))
    original = twin.done

    def ending(request):
        answer = original(request)
        if request.method == "POST":
            twin.restricted = True
        return answer

    twin.done = ending
    assert [(s.state, s.reference) for s in again.send("bat_1.1", sent)] == [
        ("requested", "PB0001")
    ]
    with pytest.raises(RailUnreachable, match="does not show the batch"):
        again.look("bat_1.1", [msgspec.structs.replace(sent[0], reference="PB0001")])


def test_what_paypal_can_never_take_is_refused_before_it_is_asked(twin):
    rail = rail_to(twin)
    many = transfers(15_001)
    with pytest.raises(RailRefused, match="15,000"):
        rail.send("bat_1.1", many)
    (huf,) = rail.send("bat_1.1", transfers(1, amount=12_345, currency="HUF"))
    assert (huf.state, huf.problem) == ("refused", "PayPal pays whole HUF only, not 123.45.")
    (kes,) = rail.send("bat_1.1", transfers(1, currency="KES"))
    assert "PayPal does not pay in KES" in kes.problem
    assert not twin.seen


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (1250, "EUR", "12.50"),
        (1, "USD", "0.01"),
        (100, "GBP", "1.00"),
        (1250, "JPY", "1250"),
        (125_000, "HUF", "1250"),
        (30_000, "TWD", "300"),
        (99_999_999_999, "EUR", "999999999.99"),
    ],
)
def test_amounts_are_written_with_the_digits_that_paypal_takes(twin, amount, currency, written):
    twin.balance = moneys(10**12)
    rail_to(twin).send("bat_1.1", transfers(1, amount=amount, currency=currency))
    sent = twin.seen[-1].json()["items"][0]["amount"]
    assert sent == {"currency": currency, "value": written}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_leaves_the_outcome_open_and_money_leaves_once(twin, fault):
    rail = rail_to(twin)
    sent = transfers(2)
    twin.faults.extend([None, fault])
    with pytest.raises(RailUnreachable) as caught:
        rail.send("bat_1.1", sent)
    assert caught.value.retry_after == (RETRY_SECONDS if fault == "429" else None)
    assert bool(twin.left) == (fault in AFTER)
    assert set(run_to_the_end(rail, "bat_1.1", sent).values()) == {"settled"}
    twin.settle()
    assert set(twin.left.values()) == {1}


FATES = st.sampled_from(["SUCCESS", "SUCCESS", "FAILED", "UNCLAIMED", "ONHOLD", "RETURNED"])


@settings(max_examples=60, deadline=None)
@given(
    faults=st.lists(st.sampled_from([None, *FAULTS]), max_size=16),
    fates=st.lists(FATES, min_size=1, max_size=4),
    malformed=st.sets(st.integers(0, 3), max_size=2),
    expiries=st.sets(st.integers(0, 9)),
)
def test_whatever_fails_money_leaves_once(faults, fates, malformed, expiries):
    with running(PayPalTwin()) as service:
        rail = rail_to(service)
        sent = [
            msgspec.structs.replace(each, account="malformed") if n in malformed else each
            for n, each in enumerate(transfers(len(fates)))
        ]
        service.fates = {each.account: fate for each, fate in zip(sent, fates, strict=True)}
        service.faults.extend(faults)

        def between(count: int) -> None:
            if count in expiries:
                service.tokens.clear()

        run_to_the_end(rail, "bat_1.1", sent, between=between, rounds=24)
        service.settle()
        ended = run_to_the_end(rail, "bat_1.1", sent)
    for place, (each, fate) in enumerate(zip(sent, fates, strict=True)):
        goes = place not in malformed and fate != "FAILED"
        assert service.left[each.id] == (1 if goes else 0)
        if place in malformed or fate == "FAILED":
            assert ended[each.id] == "refused"
        elif fate == "SUCCESS":
            assert ended[each.id] == "settled"


def test_the_account_is_tried_out_without_moving_anything(twin):
    paypal = PayPal(HTTP)
    options = {"client_id": "client", "api": twin.url}
    assert "knows the client id" in paypal.examine(connection("paypal", "hush", options))
    assert [request.path for request in twin.seen] == ["/v1/oauth2/token"]
    with pytest.raises(Invalid, match="invalid_client"):
        paypal.examine(connection("paypal", "wrong", options))
    with suppress(RailRefused):
        paypal.rail(connection("paypal", "wrong", options)).send("bat_1.1", transfers(1))
    assert not twin.left


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "client_id"),
        ({"client_id": " "}, "client-id"),
        ({"client_id": "c", "campaign": "x"}, "no option campaign; it takes client-id, sandbox"),
        ({"client_id": "c", "sandbox": "yes"}, "sandbox"),
        ({"client_id": "c", "api": "ftp://paypal.test"}, "cannot be called"),
    ],
)
def test_options_that_cannot_be_used_are_named(options, words):
    with pytest.raises(Invalid, match=words):
        PayPal(HTTP).rail(connection("paypal", "hush", options))


@pytest.mark.parametrize(
    ("sandbox", "address"),
    [(False, "https://api-m.paypal.com"), (True, "https://api-m.sandbox.paypal.com")],
)
def test_the_sandbox_is_another_address(sandbox, address):
    options = {"client_id": "c", "sandbox": sandbox}
    account = PayPal(Http())._account(connection("paypal", "hush", options))
    assert account.api == address
    assert "hush" not in repr(account)
