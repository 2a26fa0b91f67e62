"""Claims and tallies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import START, World
from wordmouth.advocates.errors import UnknownCode
from wordmouth.kit.signing import BadSignature
from wordmouth.people.errors import BadEmail
from wordmouth.programs import services as programs
from wordmouth.visits import queries, services, tokens
from wordmouth.visits.errors import NotClaimable
from wordmouth.visits.facts import Token
from wordmouth.visits.models import Visit


def test_a_claim_holds_a_code_of_its_own_until_it_expires(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    first, other = world.claim(ana.code, "fe@mail.example"), world.claim(ana.code, "lo@mail.ee")
    assert first.coupon_code != other.coupon_code
    assert first.expires_at == START + timedelta(days=30)
    world.clock.move(timedelta(days=31))
    assert world.claim(ana.code, "fe@mail.example").id != first.id


@pytest.mark.parametrize("code", ["", "NOBODY-1", "💥", "A" * 99, "'; --"])
def test_a_code_that_leads_nowhere_is_refused_in_words(world: World, code: str) -> None:
    with pytest.raises(UnknownCode, match="check its spelling"):
        world.claim(code, "fe@mail.example")


def test_a_code_of_another_store_leads_nowhere_here(world: World) -> None:
    other = World(world.clock)
    with pytest.raises(UnknownCode):
        world.claim(other.advocate("ana@shop.example").code, "fe@mail.example")


def test_a_claim_needs_an_address(world: World) -> None:
    with pytest.raises(BadEmail):
        world.claim(world.advocate("ana@shop.example").code, "fe-at-mail.example")


def test_nothing_is_claimed_while_the_programme_rests(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    kept = world.claim(ana.code, "fe@mail.example")
    with world.write():
        programs.set_status("give-10-get-10", "paused", by="test")
    with pytest.raises(NotClaimable):
        world.claim(ana.code, "lo@mail.ee")
    assert world.claim(ana.code, "fe@mail.example") == kept


@pytest.mark.parametrize(("how", "words"), [("stopped", "has stopped"), ("full", "to others")])
def test_nothing_is_claimed_while_the_programme_is_closed(
    world: World, how: str, words: str
) -> None:
    ana = world.advocate("ana@shop.example")
    kept = world.claim(ana.code, "fe@mail.example")
    with world.write():
        if how == "full":
            programs.close_intake(ana.program_id, "full")
        else:
            programs.stop("give-10-get-10", "the code leaked", by="test")
    with pytest.raises(NotClaimable, match=words) as caught:
        world.claim(ana.code, "lo@mail.ee")
    assert "leaked" not in caught.value.detail
    assert world.claim(ana.code, "fe@mail.example") == kept
    with world.write():
        programs.open_intake(ana.program_id)
        programs.resume("give-10-get-10", by="test")
    assert world.claim(ana.code, "lo@mail.ee").id != kept.id


def test_visits_are_tallied_once(world: World) -> None:
    ana = world.advocate("ana@shop.example")
    for number in range(5):
        with world.read():
            Visit.objects.create(
                store_id=world.store.id, advocate_id=ana.id, click=f"clk_{number}", at=START
            )
    world.clock.move(timedelta(minutes=1))
    assert (services.tally(), services.tally()) == (5, 0)
    with world.read():
        Visit.objects.create(store_id=world.store.id, advocate_id=ana.id, click="x", at=START)
    assert services.tally() == 1
    with world.read():
        assert queries.visit_counts([ana.id, "adv_other"]) == {ana.id: 6, "adv_other": 0}


def test_tallying_takes_turns_with_others_and_no_more_statements_for_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anas = [world.advocate(f"ana{number}@shop.example") for number in range(5)]

    def statements(visits: int) -> int:
        with world.read():
            for number in range(visits):
                ana = anas[number % len(anas)]
                Visit.objects.create(
                    store_id=world.store.id, advocate_id=ana.id, click="x", at=world.clock.now()
                )
        world.clock.move(timedelta(minutes=1))
        with CaptureQueriesContext(connection) as asked:
            assert services.tally() == visits
        return len(asked)

    statements(1)
    assert statements(1) == statements(50)
    monkeypatch.setattr(services, "TALLY_AT_ONCE", 2)
    statements(9)
    with world.read():
        assert sum(queries.visit_counts([ana.id for ana in anas]).values()) == 61


def test_a_token_proves_who_sent_the_friend(world: World) -> None:
    token = Token(store_id=world.store.id, code="ANA-1", click="clk_1", at=START)
    text = tokens.make(token)
    assert tokens.open(text) == token
    assert tokens.read(text, world.store.id) == token
    assert tokens.read(text, "str_other") is None
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert tokens.read(changed, world.store.id) is None or tokens.open(changed) == token
    for garbage in ("", ".", "a.b", "x" * 10_000, "é.é"):
        with pytest.raises(BadSignature):
            tokens.open(garbage)
