"""The merchant's own program over a real HTTP connection, with everything that goes wrong."""

import json
from datetime import UTC, datetime

import msgspec
import pytest
import standardwebhooks

from tests.harness.patience import PATIENCE
from wordmouth.fulfilment.ports import CustomSpec, CustomState, Refused, Unreachable
from wordmouth.integrations import twins
from wordmouth.integrations.custom.provider import CustomProgram
from wordmouth.integrations.custom.rewards import CustomRewards
from wordmouth.integrations.custom.twin import TwinProgram
from wordmouth.kit import clock, signing
from wordmouth.kit.errors import Invalid
from wordmouth.kit.http import Http
from wordmouth.stores.facts import ConnectionFacts

SECRET = signing.new_secret()
SPEC = CustomSpec(
    id="rwd_01kaprq6y3e7t8zsf9m5v1nd4w",
    name="tree",
    party="advocate",
    email="mari@example.com",
    first_name="Mari",
    locale="et",
    program="give-a-tree",
    offer="control",
    value=0,
    currency="EUR",
    count=3,
)
KEY = f"custom.issue:{SPEC.id}"
ISSUED = CustomState(state="issued", reference="thing-1")


@pytest.fixture
def program():
    with twins.running(TwinProgram(SECRET)) as program:
        yield program


def port_to(program, secret=SECRET):
    return CustomRewards(Http(allow_private=True, total_seconds=PATIENCE), program.url, secret)


def test_a_reward_is_carried_out_once_and_taken_back(program):
    port = port_to(program)
    assert port.issue(SPEC, KEY) == ISSUED
    assert port.issue(SPEC, KEY) == ISSUED, "the same id again: the same thing"
    assert program.standing() == {SPEC.id: 1}
    revoked = port.revoke(SPEC.id, "custom.revoke")
    assert revoked is not None
    assert revoked.state == "revoked"
    assert port.revoke("rwd_unknown", "custom.revoke") is None
    assert port.issue(SPEC, KEY).state == "revoked", "what was taken back stays so"


def test_the_request_is_as_the_page_says_and_anybody_can_check_it(program):
    at = datetime.now(UTC).replace(microsecond=0)
    with clock.using(clock.SetClock(at)):
        port_to(program).issue(SPEC, KEY)
    (request,) = program.seen
    standardwebhooks.Webhook(SECRET).verify(request.body, request.headers)
    assert request.headers["webhook-id"] == KEY
    assert json.loads(request.body) == {
        "type": "reward.issue",
        "timestamp": at.isoformat().replace("+00:00", "Z"),
        "data": {
            "id": SPEC.id,
            "name": "tree",
            "party": "advocate",
            "email": "mari@example.com",
            "first_name": "Mari",
            "locale": "et",
            "program": "give-a-tree",
            "offer": "control",
            "value": 0,
            "currency": "EUR",
            "count": 3,
        },
    }


def test_who_has_no_address_is_asked_for_without_one(program):
    port_to(program).issue(msgspec.structs.replace(SPEC, email=None), KEY)
    assert "email" not in program.things[0]


def test_what_the_program_gives_reaches_the_holder(program):
    program.answers = {
        "code": "OAK-\u00007",
        "text": "Your oak stands in row 7.\nThank you.",
        "url": "https://forest.example/oak/7",
    }
    assert port_to(program).issue(SPEC, KEY) == CustomState(
        state="issued",
        reference="thing-1",
        code="OAK- 7",
        text="Your oak stands in row 7.\nThank you.",
        url="https://forest.example/oak/7",
    )


def test_pending_is_an_answer(program):
    program.slow = 2
    states = [port_to(program).issue(SPEC, KEY).state for _ in range(3)]
    assert states == ["pending", "pending", "issued"]
    assert program.standing() == {SPEC.id: 1}


def test_what_was_used_stays_used(program):
    port = port_to(program)
    port.issue(SPEC, KEY)
    program.use(SPEC.id)
    state = port.revoke(SPEC.id, "custom.revoke")
    assert state is not None
    assert state.state == "used"


def test_a_refusal_is_told_in_the_programs_words(program):
    program.refuses = "No more trees this year."
    with pytest.raises(Refused, match=r"^The program answered 422: No more trees this year\.$"):
        port_to(program).issue(SPEC, KEY)


@pytest.mark.parametrize("fault", twins.FAULTS)
def test_every_fault_is_something_to_try_again(program, fault):
    port = port_to(program)
    program.faults.append(fault)
    with pytest.raises(Unreachable) as caught:
        port.issue(SPEC, KEY)
    assert str(caught.value)
    assert len(program.things) == (1 if fault in twins.AFTER else 0)
    assert port.issue(SPEC, KEY).state == "issued"
    program.settle()
    assert program.standing() == {SPEC.id: 1}


def test_retry_after_is_heard(program):
    program.faults.append("429")
    with pytest.raises(Unreachable) as caught:
        port_to(program).issue(SPEC, KEY)
    assert caught.value.retry_after == twins.RETRY_SECONDS


def test_a_wrong_secret_can_be_mended_later(program):
    with pytest.raises(Unreachable, match="401"):
        port_to(program, signing.new_secret()).issue(SPEC, KEY)
    assert program.things == []


def answering(program, monkeypatch, status, body, kind="application/json"):
    reply = twins.Reply(status=status, body=body, kind=kind)
    monkeypatch.setattr(program, "done", lambda request: reply)


@pytest.mark.parametrize("status", [400, 402, 403, 404, 405, 409, 410, 422, 451])
def test_a_no_in_json_is_final(program, monkeypatch, status):
    answering(program, monkeypatch, status, b'{"detail": "Never."}', "application/problem+json")
    with pytest.raises(Refused, match=f"{status}: Never"):
        port_to(program).issue(SPEC, KEY)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 405, 408, 425, 429, 500, 503])
def test_a_page_or_haste_is_no_answer(program, monkeypatch, status):
    answering(program, monkeypatch, status, b"<h1>No</h1>", "text/html")
    with pytest.raises(Unreachable, match=str(status)):
        port_to(program).issue(SPEC, KEY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"state": "sold"}',
        b'{"state": ["issued"]}',
        b'{"state": "issued", "url": "javascript:alert(1)"}',
        b'{"state": "issued", "url": "//elsewhere.example"}',
        b'{"state": "issued", "code": 7}',
        b'{"state": "issued", "text": "' + b"x" * 2001 + b'"}',
        b"[" * 30_000,
        b'{"state": "\xff"}',
    ],
)
def test_an_answer_that_is_not_as_agreed_changes_nothing(program, monkeypatch, body):
    answering(program, monkeypatch, 200, body)
    with pytest.raises(Unreachable):
        port_to(program).issue(SPEC, KEY)
    with pytest.raises(Unreachable):
        port_to(program).revoke(SPEC.id, "custom.revoke")


def connected(options, secrets=(SECRET,)):
    return ConnectionFacts(
        id="con_1",
        store_id="str_1",
        adapter="custom",
        secrets=secrets,
        coupon_url="",
        options=options,
        serves="custom",
    )


@pytest.mark.parametrize(
    ("options", "secrets", "words"),
    [
        ({}, (SECRET,), "url"),
        ({"url": ""}, (SECRET,), "cannot be called"),
        ({"url": "ftp://program.example"}, (SECRET,), "cannot be called"),
        ({"url": "https://program.example"}, (), "no secret"),
        ({"url": "https://program.example"}, ("whsec_*",), "whsec_ followed by base64"),
        ({"url": "https://program.example", "key": "x"}, (SECRET,), "no option key"),
    ],
)
def test_a_connection_that_cannot_be_used_says_why_and_is_mended_later(options, secrets, words):
    custom = CustomProgram(Http())
    with pytest.raises(Unreachable, match=words):
        custom.rewards(connected(options, secrets))
    with pytest.raises(Invalid, match=words):
        custom.examine(connected(options, secrets))


def test_a_connection_is_asked_with_its_newest_secret(program):
    custom = CustomProgram(Http(allow_private=True))
    made = connected({"url": program.url}, (SECRET, signing.new_secret()))
    assert custom.rewards(made).issue(SPEC, KEY) == ISSUED


def test_examining_carries_nothing_out(program):
    custom = CustomProgram(Http(allow_private=True))
    assert program.url in custom.examine(connected({"url": program.url}))
    assert program.things == []
    with pytest.raises(Invalid, match="401"):
        custom.examine(connected({"url": program.url}, (signing.new_secret(),)))
    for fault in ("503", "html", "reset"):
        program.faults.append(fault)
        with pytest.raises(Invalid):
            custom.examine(connected({"url": program.url}))
