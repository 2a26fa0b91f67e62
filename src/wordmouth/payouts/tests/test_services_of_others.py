"""Orders to payment services: lost replies, outages, refusals, crashes. Nobody is paid twice, and
nothing is given back that may have left."""

from datetime import timedelta

import pytest

from wordmouth.outbox import queries as outbox_queries
from wordmouth.outbox import services as outbox
from wordmouth.outbox.errors import TryLater
from wordmouth.payouts import handlers, jobs, rules
from wordmouth.payouts.errors import BadAnswers, PayoutOnTheWay
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.ports import RailRefused, TransferState
from wordmouth.payouts.services import answers
from wordmouth.payouts.tests.world import Service, install, work

PAYEE = {"method": "paypal", "email": "ana@example.com"}


@pytest.fixture
def service():
    made = Service()
    install(made)
    return made


@pytest.fixture
def ordered(tea, service):
    """Three payouts that were ordered, and nobody has carried out yet."""
    for number in range(3):
        tea.advocate(3000, method="paypal", email=f"a{number}@example.com")
    return tea.sent("paypal")


def states_of(tea, batch):
    return [payout.state for payout in tea.payouts(batch)]


def told(tea, batch):
    return [payout.told for payout in tea.payouts(batch)]


def effects(tea, kind="payout.send"):
    with tea.read():
        return [one.state for one in outbox_queries.page() if one.kind == kind]


def later(standing, **span):
    standing.move(timedelta(**span))
    work()


def test_what_the_service_says_at_once_is_believed(tea, service, ordered):
    work()
    assert states_of(tea, ordered) == ["settled"] * 3
    assert service.calls == [("send", f"{ordered.id}-0", 3)]
    assert tea.batch(ordered.id).state == "done"
    assert tea.bank() == 9000
    assert tea.payouts(ordered)[0].reference.startswith("ref-")
    assert effects(tea) == ["done"]


def test_a_service_that_takes_its_time_is_looked_at(tea, service, ordered, standing):
    service.becomes = lambda transfer: "requested"
    work()
    assert states_of(tea, ordered) == ["sent"] * 3
    assert told(tea, ordered) == ["requested"] * 3
    assert effects(tea) == ["done"]
    one, two, three = (payout.id for payout in tea.payouts(ordered))
    service.states |= {one: "settled", two: "returned"}
    assert jobs.look() == 1
    assert jobs.look() == 0, "one look in a slot of time"
    work()
    assert states_of(tea, ordered) == ["settled", "returned", "sent"]
    service.states[three] = "refused"
    standing.move(timedelta(minutes=6))
    assert jobs.look() == 1
    work()
    assert states_of(tea, ordered) == ["settled", "returned", "refused"]
    assert [tea.cash(one) for one in tea.advocates] == [0, 3000, 3000]
    assert tea.findings() == []
    assert jobs.look() == 0


def test_looks_become_rarer(tea, service, ordered, standing):
    service.becomes = lambda transfer: "requested"
    work()
    asked = []
    for minutes in [5] * 12 + [30] * 46 + [180] * 16:
        standing.move(timedelta(minutes=minutes))
        asked.append(jobs.look())
    assert asked[:11] == [1] * 11
    assert sum(asked[12:58]) == 23
    assert 8 <= sum(asked[58:]) <= 9


@pytest.mark.parametrize("fault", ["lost", "down", "forgets"])
def test_after_a_lost_answer_it_is_looked_at_before_anything_is_sent(
    tea, service, ordered, standing, fault
):
    service.plan = [fault]
    work()
    assert "unknown" in told(tea, ordered)
    assert tea.transit() == 3000 * states_of(tea, ordered).count("sent")
    later(standing, seconds=10)
    assert [call[0] for call in service.calls[:2]] == ["send", "look"]
    assert states_of(tea, ordered) == ["settled"] * 3
    assert set(service.arrivals.values()) == {1}
    assert tea.bank() == 9000


def test_a_crash_between_the_answer_and_its_note_pays_once(tea, service, ordered, standing):
    (leased,) = outbox.lease(tea.store_id, 1, without={"mail.send"})
    order = handlers._order(leased)
    with tea.write():
        answers.mark_tried([one.id for one in order.open])
    service.send(order.name, order.open)
    later(standing, seconds=61)
    assert [call[0] for call in service.calls] == ["send", "look"]
    assert set(service.arrivals.values()) == {1}
    assert states_of(tea, ordered) == ["settled"] * 3


def test_two_workers_at_once_pay_once(tea, service, ordered, standing):
    """The lease ran out while the first was at it; it wakes up and goes on."""
    (first,) = outbox.lease(tea.store_id, 1, without={"mail.send"})
    real = service.send

    def slow(batch, transfers):
        service.send = real
        later(standing, seconds=61)
        raise RailRefused("this batch is here already")

    service.send = slow
    with pytest.raises(TryLater):
        handlers.send_part(first)
    assert set(service.arrivals.values()) == {1}
    assert states_of(tea, ordered) == ["settled"] * 3
    assert tea.findings() == []


def test_a_refusal_of_the_first_try_gives_all_back(tea, service, ordered):
    service.plan = ["refused"]
    work()
    assert states_of(tea, ordered) == ["refused"] * 3
    assert [tea.cash(one) for one in tea.advocates] == [3000] * 3
    assert tea.payouts(ordered)[0].problem == "the service takes no more today"
    assert effects(tea) == ["done"]
    assert service.arrivals == {}


def test_a_refusal_of_a_second_try_says_nothing_about_the_first(tea, service, ordered, standing):
    service.plan = ["lost", "", "refused"]
    real = service._state
    blind = 3
    service._state = lambda one: (real if len(service.calls) > blind else _unknown)(one)
    work()
    later(standing, seconds=10)
    assert [call[0] for call in service.calls] == ["send", "look", "send"]
    assert states_of(tea, ordered) == ["sent"] * 3
    assert tea.transit() == 9000
    later(standing, minutes=2)
    assert states_of(tea, ordered) == ["settled"] * 3
    assert set(service.arrivals.values()) == {1}


def _unknown(transfer):
    return TransferState(id=transfer.id, state="unknown")


def test_given_up_it_stays_reserved_and_everybody_sees_it(tea, service, ordered, standing):
    service.plan = ["lost"] + ["down"] * 100
    work()
    for _ in range(80):
        later(standing, hours=1)
    assert effects(tea) == ["dead"]
    assert states_of(tea, ordered) == ["sent"] * 3
    assert tea.transit() == 9000
    assert [tea.cash(one) for one in tea.advocates] == [0] * 3
    assert tea.batch(ordered.id).in_doubt == 3
    assert "no answer" in tea.payouts(ordered)[0].problem
    service.plan = []
    assert jobs.look() == 1
    work()
    assert states_of(tea, ordered) == ["settled"] * 3


def test_when_the_service_has_forgotten_its_keys_nothing_is_sent_again(
    tea, service, ordered, standing
):
    service.remembers = timedelta(hours=24)
    service.plan = ["lost"]
    service._state = _unknown
    work()
    standing.move(timedelta(hours=25))
    work()
    assert [call[0] for call in service.calls] == ["send", "look"]
    assert effects(tea) == ["dead"]
    assert tea.payouts(ordered)[0].in_doubt
    assert "rule what became of them" in tea.payouts(ordered)[0].problem
    for payout in tea.payouts(ordered):
        tea.rule(payout.id, "settled")
    assert tea.findings() == []
    with tea.read():
        (effect,) = [one for one in outbox_queries.page() if one.kind == "payout.send"]
    with tea.write():
        outbox.revive(effect.id)
    work()
    assert set(service.arrivals.values()) == {1}


def test_revived_by_a_person_it_is_looked_at_first_all_the_same(tea, service, ordered, standing):
    service.plan = ["lost"] + ["down"] * 12
    work()
    for _ in range(80):
        later(standing, hours=1)
    assert effects(tea) == ["dead"]
    with tea.read():
        (effect,) = [one for one in outbox_queries.page() if one.kind == "payout.send"]
    with tea.write():
        outbox.revive(effect.id)
    service.plan = []
    service.calls.clear()
    work()
    assert [call[0] for call in service.calls] == ["look"]
    assert set(service.arrivals.values()) == {1}


def test_a_service_that_was_taken_away_before_the_first_try(tea, service, ordered):
    install(None)
    work()
    assert states_of(tea, ordered) == ["refused"] * 3


def test_a_service_that_was_taken_away_after_it(tea, service, ordered, standing):
    service.plan = ["lost"]
    work()
    install(None)
    later(standing, seconds=10)
    assert states_of(tea, ordered) == ["sent"] * 3
    assert effects(tea) == ["waiting"]


def test_answers_about_other_transfers_are_not_believed(tea, service, ordered):
    tea.advocate(4000)
    (other,) = tea.payouts(tea.sent("csv"))
    service._state = lambda transfer: TransferState(id=other.id, state="settled")
    work()
    assert states_of(tea, ordered) == ["sent"] * 3
    assert told(tea, ordered) == ["unknown"] * 3
    assert tea.payout(other.id).state == "sent"


def test_states_that_nobody_has_heard_of_are_unknown(tea, service, ordered):
    service.becomes = lambda transfer: "in_limbo"
    work()
    assert told(tea, ordered) == ["unknown"] * 3


def test_large_batches_go_in_parts(tea, service, monkeypatch):
    monkeypatch.setattr(rules, "PART", 2)
    for number in range(5):
        tea.advocate(3000, method="paypal", email=f"a{number}@example.com")
    batch = tea.sent("paypal")
    work()
    sizes = ((0, 2), (1, 2), (2, 1))
    assert sorted(service.calls) == [("send", f"{batch.id}-{part}", n) for part, n in sizes]
    assert tea.batch(batch.id).state == "done"


def test_a_bank_table_may_tell_of_them_too(tea, service, ordered):
    """PayPal gives unclaimed money back after a month; somebody tells it."""
    work()
    tea.hear(Answer(payout_id=tea.payouts(ordered)[0].id, state="returned"))
    assert tea.cash(tea.advocates[0]) == 3000
    assert tea.findings() == []


class TestWhileTheOrderHasNotEnded:
    """Nobody says of money that may still leave that it did not: it would be paid twice."""

    WORDS = "the payment service may still carry it out. Wait until it has"

    @pytest.mark.parametrize("truth", ["returned", "refused"])
    @pytest.mark.parametrize("leased", [False, True])
    def test_it_cannot_be_ruled_back(self, tea, service, ordered, truth, leased, standing):
        one = tea.payouts(ordered)[0]
        if leased:
            assert len(outbox.lease(tea.store_id, 1, without={"mail.send"})) == 1
        with pytest.raises(PayoutOnTheWay, match=self.WORDS):
            tea.rule(one.id, truth)
        assert (tea.payout(one.id).state, tea.cash(one.advocate_id)) == ("sent", 0)
        later(standing, seconds=61)
        assert (tea.payout(one.id).state, tea.payout(one.id).disputed) == ("settled", False)
        assert tea.findings() == []

    def test_nor_while_an_answer_that_was_lost_is_asked_for_again(self, tea, service, ordered):
        service.plan = ["lost"]
        work()
        one = tea.payouts(ordered)[0]
        assert one.in_doubt
        with pytest.raises(PayoutOnTheWay):
            tea.rule(one.id, "refused")

    @pytest.mark.parametrize("truth", ["returned", "refused"])
    def test_a_table_cannot_give_it_back_and_nothing_of_it_counts(
        self, tea, service, ordered, truth
    ):
        one, two, _ = tea.payouts(ordered)
        told = [
            Answer(payout_id=two.id, state="settled", line=2),
            Answer(payout_id=one.id, state=truth, line=3),
        ]
        with pytest.raises(
            BadAnswers, match=f"line 3: {one.id}: The order for this payout has not"
        ):
            tea.hear(*told)
        assert states_of(tea, ordered) == ["sent"] * 3
        with pytest.raises(BadAnswers):
            tea.hear(told[0], Answer(payout_id=two.id, state=truth, line=3))
        tea.hear(told[0])
        assert states_of(tea, ordered) == ["sent", "settled", "sent"]

    def test_that_it_was_paid_can_be_said_and_then_it_is_not_sent(self, tea, service, ordered):
        one = tea.payouts(ordered)[0]
        assert tea.rule(one.id, "settled").state == "settled"
        work()
        assert one.id not in service.arrivals
        assert states_of(tea, ordered) == ["settled"] * 3

    @pytest.mark.parametrize("truth", ["returned", "refused"])
    def test_once_it_was_given_up_people_rule(self, tea, service, ordered, standing, truth):
        service.plan = ["down"] * 100
        for _ in range(80):
            later(standing, hours=1)
        assert effects(tea) == ["dead"]
        one, two, _ = tea.payouts(ordered)
        assert tea.rule(one.id, truth).state == truth
        assert tea.cash(one.advocate_id) == 3000
        tea.hear(Answer(payout_id=two.id, state=truth))
        with tea.read():
            (effect,) = [one for one in outbox_queries.page() if one.kind == "payout.send"]
        with tea.write():
            outbox.revive(effect.id)
        # What was told before is no news, whatever is under way by now.
        assert [heard.news for heard in tea.hear(Answer(payout_id=two.id, state=truth))] == [False]
        service.plan = []
        work()
        assert states_of(tea, ordered) == [truth, truth, "settled"]
        assert tea.findings() == []

    def test_a_large_table_asks_no_more_than_a_small_one(
        self, tea, service, monkeypatch, django_assert_max_num_queries
    ):
        monkeypatch.setattr(rules, "PART", 2)
        for number in range(9):
            tea.advocate(3000, method="paypal", email=f"a{number}@example.com")
        ids = [payout.id for payout in tea.payouts(tea.sent("paypal"))]
        told = [Answer(payout_id=one, state="refused") for one in ids]
        with pytest.raises(BadAnswers) as refused, django_assert_max_num_queries(6):
            tea.hear(*told)
        assert len(refused.value.problems) == 9


def test_the_payload_names_nobody(tea, service, ordered):
    with tea.read():
        (effect,) = [one for one in outbox_queries.page() if one.kind == "payout.send"]
    assert effect.key == f"payout.send:{ordered.id}:0"
    assert "example.com" not in repr(effect)
