"""The kill switch: cash that is not out of our hands waits, and nothing is lost by it."""

from datetime import timedelta

import pytest

from wordmouth.outbox import queries as outbox_queries
from wordmouth.outbox import services as outbox
from wordmouth.payouts import handlers, holding, jobs, queries, rules
from wordmouth.payouts.errors import ProgramIsStopped
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.services import sending
from wordmouth.payouts.tests.world import Service, World, install, work
from wordmouth.programs import services as programs
from wordmouth.project import effects

PAYEE = {"method": "paypal", "email": "ana@example.com"}
SENTENCE = "The programme cash is stopped: resume it, or cancel this batch."


@pytest.fixture
def service():
    made = Service()
    install(made)
    return made


@pytest.fixture
def ordered(tea, service):
    """Two payouts that were ordered, and nobody has carried out yet."""
    for _ in range(2):
        tea.advocate(3000, **PAYEE)
    return tea.sent("paypal")


def made(tea, rail="csv"):
    tea.advocate(3000, **PAYEE)
    return tea.make(rail)


def states_of(tea, batch):
    return [payout.state for payout in tea.payouts(batch)]


def effect(tea):
    with tea.read():
        (found,) = [one for one in outbox_queries.page() if one.kind == "payout.send"]
    return found


class TestBatches:
    def test_one_that_was_made_before_is_not_approved(self, tea):
        batch = made(tea)
        tea.stop()
        with pytest.raises(ProgramIsStopped, match=SENTENCE):
            tea.approve(batch)
        assert (tea.batch(batch.id).state, tea.batch(batch.id).approvals) == ("draft", ())
        tea.resume()
        assert tea.approve(batch).state == "approved"

    @pytest.mark.parametrize("rail", ["csv", "paypal"])
    def test_one_that_was_approved_before_does_not_go(self, tea, service, rail):
        batch = made(tea, rail)
        tea.approve(batch)
        tea.stop()
        go = tea.export if rail == "csv" else tea.send
        with pytest.raises(ProgramIsStopped, match=SENTENCE):
            go(batch)
        work()
        assert (tea.batch(batch.id).state, service.calls) == ("approved", [])
        tea.resume()
        go(batch)
        assert tea.batch(batch.id).state == "sent"

    def test_it_can_be_cancelled(self, tea):
        batch = made(tea)
        tea.stop()
        assert tea.cancel(batch).state == "cancelled"
        assert tea.cash(tea.advocates[0]) == 3000
        assert tea.findings() == []

    def test_stopped_while_the_file_is_drawn_up(self, tea, monkeypatch):
        batch = made(tea)
        tea.approve(batch)
        real = sending._take

        def take(store_id, batch_id, drawn, by):
            programs.stop("cash", "A code leaked.", by="test")
            return real(store_id, batch_id, drawn, by)

        monkeypatch.setattr(sending, "_take", take)
        with pytest.raises(ProgramIsStopped):
            tea.export(batch)
        assert tea.batch(batch.id).state == "approved"

    def test_a_file_that_is_out_is_the_same_file(self, tea):
        batch = made(tea)
        tea.approve(batch)
        sheet = tea.export(batch)
        tea.stop()
        assert tea.export(batch) == sheet
        (payout,) = tea.payouts(batch)
        tea.hear(Answer(payout_id=payout.id, state="settled"))
        assert tea.batch(batch.id).state == "done"

    def test_all_that_are_stopped_are_named_and_no_other(self, tea):
        for slug in ("beans", "apples", "pears"):
            tea.open(slug)
            tea.advocate(3000, program=slug)
        batch = tea.make()
        tea.stop("pears")
        with tea.read():
            assert holding.problems([batch.id]) == {batch.id: SENTENCE.replace("cash", "pears")}
        tea.stop("apples")
        with pytest.raises(ProgramIsStopped, match="programmes apples, pears are stopped: resume"):
            tea.approve(batch)

    def test_another_programme_and_another_store_go_on(self, tea, db, standing):
        tea.open("beans")
        tea.advocate(3000, program="beans")
        other = World()
        other.advocate(3000)
        tea.stop()
        other_batch, batch = other.sent(), tea.sent()
        assert (batch.state, other_batch.state) == ("sent", "sent")

    def test_many_batches_cost_no_more_questions_than_one(self, tea, django_assert_max_num_queries):
        ids = []
        for _ in range(6):
            tea.advocate(3000)
            ids.append(tea.make().id)
        tea.stop()
        with tea.read(), django_assert_max_num_queries(3):
            assert holding.problems(ids) == dict.fromkeys(ids, SENTENCE)
        with tea.read(), django_assert_max_num_queries(6):
            assert {one.id: one.problem for one in queries.batches()} == dict.fromkeys(
                ids, SENTENCE
            )


class TestOrders:
    def test_what_is_not_ordered_yet_waits_and_says_why(self, tea, service, ordered):
        tea.stop()
        work()
        assert service.calls == []
        assert (effect(tea).state, effect(tea).problem) == ("dead", holding.STOPPED)
        for payout in tea.payouts(ordered):
            assert (payout.state, payout.told, payout.in_doubt) == ("sent", "", False)
            assert payout.problem == holding.STOPPED
        assert tea.batch(ordered.id).in_doubt == 0
        assert (tea.transit(), tea.findings()) == (6000, [])
        assert jobs.look() == 0, "the service does not know it"

    def test_going_on_pays_everything_once(self, tea, service, ordered):
        for _ in range(3):
            tea.stop()
            work()
        tea.resume()
        work()
        assert states_of(tea, ordered) == ["settled"] * 2
        assert set(service.arrivals.values()) == {1}
        assert [one.problem for one in tea.payouts(ordered)] == ["", ""]
        assert effect(tea).state == "done"
        tea.stop()
        tea.resume()
        work()
        assert len(service.calls) == 1
        assert tea.findings() == []

    def test_reviving_by_hand_while_stopped_changes_nothing(self, tea, service, ordered):
        tea.stop()
        work()
        with tea.write():
            outbox.revive(effect(tea).id)
        work()
        assert (service.calls, effect(tea).state) == ([], "dead")

    def test_after_a_lost_answer_it_is_looked_at_and_not_sent_again(
        self, tea, service, ordered, standing
    ):
        service.plan = ["down"]
        work()
        tea.stop()
        standing.move(timedelta(seconds=10))
        work()
        assert [call[0] for call in service.calls] == ["send", "look"]
        assert effect(tea).state == "dead"
        assert all(payout.in_doubt for payout in tea.payouts(ordered)), "it was tried"
        tea.resume()
        work()
        assert states_of(tea, ordered) == ["settled"] * 2
        assert set(service.arrivals.values()) == {1}

    def test_what_the_service_had_before_is_still_learnt(self, tea, service, ordered, standing):
        service.plan = ["lost"]
        work()
        tea.stop()
        standing.move(timedelta(seconds=10))
        work()
        assert states_of(tea, ordered) == ["settled"] * 2
        assert effect(tea).state == "done"

    def test_a_part_goes_as_a_whole_or_not_at_all(self, tea, service, monkeypatch):
        monkeypatch.setattr(rules, "PART", 2)
        tea.open("beans")
        for program in ("beans", "cash", "cash", "cash"):
            tea.advocate(3000, program=program, **PAYEE)
        batch = tea.sent("paypal")
        tea.stop("beans")
        work()
        assert states_of(tea, batch) == ["sent", "sent", "settled", "settled"]
        tea.resume("beans")
        work()
        assert states_of(tea, batch) == ["settled"] * 4

    def test_while_another_of_its_programmes_is_stopped_it_waits_on(self, tea, service):
        tea.open("beans")
        for program in ("beans", "cash"):
            tea.advocate(3000, program=program, **PAYEE)
        ordered = tea.sent("paypal")
        tea.stop()
        tea.stop("beans")
        work()
        tea.resume()
        work()
        assert service.calls == []
        tea.resume("beans")
        work()
        assert states_of(tea, ordered) == ["settled"] * 2

    def test_what_was_given_up_before_waits_for_a_person(self, tea, service, ordered, standing):
        service.plan = ["lost"] + ["down"] * 100
        for _ in range(80):
            work()
            standing.move(timedelta(hours=1))
        tea.stop()
        tea.resume()
        assert effect(tea).state == "dead"
        assert "no answer" in effect(tea).problem

    def test_going_on_while_a_worker_gives_up_loses_nothing(
        self, tea, service, ordered, monkeypatch
    ):
        """Resumed after a worker saw that it is stopped, before it notes that."""
        real = holding.is_held
        tea.stop()

        def look(batch_id, part):
            monkeypatch.setattr(holding, "is_held", real)
            return True

        def hold(leased):
            try:
                return handlers.send_part(leased)
            finally:
                if not resumed:
                    resumed.append(tea.resume())

        resumed = []
        monkeypatch.setattr(holding, "is_held", look)
        monkeypatch.setitem(effects.HANDLERS, "payout.send", hold)
        work()
        assert states_of(tea, ordered) == ["settled"] * 2
        assert set(service.arrivals.values()) == {1}

    def test_a_person_may_take_back_what_waits(self, tea, service, ordered):
        tea.stop()
        work()
        one, two = tea.payouts(ordered)
        assert tea.rule(one.id, "refused").state == "refused"
        assert tea.cash(one.advocate_id) == 3000
        tea.resume()
        work()
        assert (tea.payout(one.id).state, tea.payout(two.id).state) == ("refused", "settled")
        assert service.arrivals == {two.id: 1}
        assert tea.findings() == []
