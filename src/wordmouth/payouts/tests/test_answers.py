"""What comes back: told once, twice, late, out of order, and against itself."""

import itertools

import pytest

from wordmouth.kit.errors import Invalid, NotFound
from wordmouth.payouts import services, states
from wordmouth.payouts.errors import BadAnswers, PayoutDecided
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.tests.world import World


@pytest.fixture
def sent(tea):
    """A payout of 30 euros that is on its way."""
    tea.advocate(3000)
    (payout,) = tea.payouts(tea.sent())
    return payout


def tell(tea, payout, *told):
    for state in told:
        tea.hear(Answer(payout_id=payout.id, state=state))
    return tea.payout(payout.id)


def money(tea):
    return (tea.cash(tea.advocates[0]), tea.transit(), tea.bank())


@pytest.mark.parametrize(
    ("told", "state", "disputed", "cash", "bank"),
    [
        (["settled"], "settled", False, 0, 3000),
        (["returned"], "returned", False, 3000, 0),
        (["refused"], "refused", False, 3000, 0),
        (["settled", "settled"], "settled", False, 0, 3000),
        (["returned", "returned"], "returned", False, 3000, 0),
        # Banks send money back days after they booked it.
        (["settled", "returned"], "returned", False, 3000, 0),
        # The first table is uploaded once more.
        (["settled", "returned", "settled"], "returned", False, 3000, 0),
        (["returned", "refused"], "returned", False, 3000, 0),
        (["refused", "returned"], "refused", False, 3000, 0),
        # Against itself: the money counts as gone.
        (["returned", "settled"], "settled", True, 0, 3000),
        (["refused", "settled"], "settled", True, 0, 3000),
        (["settled", "refused"], "settled", True, 0, 3000),
        (["returned", "settled", "returned"], "settled", True, 0, 3000),
        (["refused", "settled", "returned"], "returned", False, 3000, 0),
        (["unknown"], "sent", False, 0, 0),
        (["requested"], "sent", False, 0, 0),
        (["settled", "unknown", "requested"], "settled", False, 0, 3000),
    ],
)
def test_each_way_of_telling(tea, sent, told, state, disputed, cash, bank):
    found = tell(tea, sent, *told)
    assert (found.state, found.disputed) == (state, disputed)
    assert money(tea) == (cash, 3000 - cash - bank, bank)
    assert tea.total() == 0
    assert [text for text in tea.findings() if "contradict" not in text] == []
    assert any("contradict" in text for text in tea.findings()) == disputed


def test_every_order_of_every_answer_keeps_the_books(db, standing):
    tea = World()
    orders = list(itertools.product((*states.FINAL_ANSWERS, states.UNKNOWN), repeat=3))
    for _ in orders:
        tea.advocate(3000)
    batch = tea.sent()
    for place in range(3):
        tea.hear(
            *(
                Answer(payout_id=payout.id, state=told[place])
                for told, payout in zip(orders, tea.payouts(batch), strict=True)
            )
        )
    found = tea.payouts(batch)
    for told, payout in zip(orders, found, strict=True):
        undecided = not set(told) & set(states.FINAL_ANSWERS)
        gone = payout.state == "settled" or undecided
        assert tea.cash(payout.advocate_id) == (0 if gone else 3000), told
        assert payout.state != "settled" or "settled" in told, told
    assert tea.bank() == 3000 * sum(payout.state == "settled" for payout in found)
    assert tea.total() == 0
    assert all("contradict" in text for text in tea.findings())


def test_answers_of_one_table_are_believed_in_their_order(tea, sent):
    heard = tea.hear(
        Answer(payout_id=sent.id, state="settled"),
        Answer(payout_id=sent.id, state="returned", reason="AC04 closed account"),
        Answer(payout_id=sent.id, state="returned"),
    )
    assert [one.news for one in heard] == [True, True, False]
    assert money(tea) == (3000, 0, 0)
    assert tea.findings() == []
    assert tea.steps(sent.id)[-4:] == [
        ("told", "settled"),
        ("moved", "settled"),
        ("told", "returned"),
        ("moved", "returned"),
    ]
    assert tea.payout(sent.id).problem == "AC04 closed account"


def test_a_late_settlement_makes_a_debt_and_pays_nothing_again(tea, sent):
    """Returned was believed, the cash was paid out once more, then the bank says settled."""
    tell(tea, sent, "returned")
    again = tea.sent()
    (second,) = tea.payouts(again)
    tell(tea, sent, "settled")
    assert money(tea) == (-3000, 3000, 3000)
    assert tea.payout(sent.id).disputed
    tell(tea, second, "settled")
    assert money(tea) == (-3000, 0, 6000)
    assert len(tea.findings()) == 1
    tea.earn(tea.advocates[0], 4000)
    assert tea.cash(tea.advocates[0]) == 1000, "the next reward pays the debt first"


def test_a_debt_that_shows_before_sending_stops_the_second_payment(tea, sent):
    tell(tea, sent, "returned")
    batch = tea.make()
    tea.approve(batch)
    tell(tea, sent, "settled")
    assert tea.cash(tea.advocates[0]) == -3000
    with pytest.raises(Exception, match="taken back"):
        tea.export(batch)
    assert money(tea) == (0, 0, 3000)


@pytest.mark.parametrize("truth", ["settled", "returned", "refused"])
def test_people_rule_where_answers_contradict(tea, sent, truth):
    tell(tea, sent, "returned", "settled")
    assert tea.rule(sent.id, truth).state == truth
    assert tea.findings() == []
    assert tea.bank() == (3000 if truth == "settled" else 0)
    with pytest.raises(PayoutDecided, match="nothing contradicts that"):
        tea.rule(sent.id, "settled")
    tell(tea, sent, "returned", "settled")
    assert tea.payout(sent.id).state == truth, "what was told before is no news"
    assert tea.steps(sent.id).count(("ruled", truth)) == 1


@pytest.mark.parametrize("truth", ["settled", "returned", "refused"])
def test_people_rule_on_what_nobody_knows(tea, sent, truth):
    tell(tea, sent, "unknown")
    assert tea.payout(sent.id).in_doubt
    assert tea.rule(sent.id, truth).state == truth
    assert not tea.payout(sent.id).in_doubt


def test_a_ruling_that_proves_wrong_shows(tea, sent):
    tea.rule(sent.id, "refused")
    assert money(tea) == (3000, 0, 0)
    assert tell(tea, sent, "settled").disputed
    assert money(tea) == (0, 0, 3000)


def test_rulings_are_refused_in_words(tea, sent):
    with pytest.raises(Invalid, match="none of settled, returned, refused"):
        tea.rule(sent.id, "lost")
    with pytest.raises(NotFound):
        tea.rule("pay_x", "settled")


class TestTables:
    def tell(self, tea, text):
        with tea.write():
            return services.answer_table(tea.store_id, text.encode(), by="user ana")

    def line(self, payout, state, reason=""):
        return f"{payout.id.replace('_', '-')},{state},{reason}"

    def test_a_table_is_taken_once(self, tea, sent):
        table = "end_to_end_id,state,reason\n" + self.line(sent, "settled")
        assert [one.news for one in self.tell(tea, table)] == [True]
        assert [one.news for one in self.tell(tea, table)] == [False]
        assert money(tea) == (0, 0, 3000)
        assert tea.batch(sent.batch_id).state == "done"

    def test_banks_write_tables_in_their_own_ways(self, tea, sent):
        text = (
            "\ufeffState;Booked;END_TO_END_ID;Reason\r\n"
            f" RETURNED ;2026-11-23;{sent.id.upper()};closed\r\n\r\n"
        )
        (heard,) = self.tell(tea, text)
        assert (heard.state, heard.news) == ("returned", True)

    @pytest.mark.parametrize(
        ("table", "told"),
        [
            ("", "line 1: the header has no end_to_end_id and no state"),
            ("end_to_end_id\n", "line 1: the header has no state; allowed: end_to_end_id, state"),
            (
                "end_to_end_id,state\nPAY,booked\n,settled\n",
                (
                    "line 2: state is 'booked'; allowed: settled, returned, refused; "
                    "line 3: end_to_end_id is empty"
                ),
            ),
            ("end_to_end_id,state\npay-1,settled\n", "line 2: there is no payout 'pay_1'"),
        ],
    )
    def test_what_cannot_be_read_is_named_by_line(self, tea, sent, table, told):
        with pytest.raises(BadAnswers, match=told):
            self.tell(tea, table)

    def test_one_bad_line_and_nothing_counts(self, tea, sent):
        table = f"end_to_end_id,state\n{sent.id},settled\nNOTPROVIDED,settled\n"
        with pytest.raises(BadAnswers):
            self.tell(tea, table)
        assert tea.payout(sent.id).state == "sent"

    def test_what_is_no_text_is_refused(self, tea):
        with tea.write(), pytest.raises(BadAnswers, match="is not UTF-8"):
            services.answer_table(tea.store_id, b"\xff\xfe\x00", by="user ana")

    def test_what_was_never_sent_has_no_answer(self, tea):
        tea.advocate(3000)
        batch = tea.make()
        (payout,) = tea.payouts(batch)
        table = f"end_to_end_id,state\n{payout.id},settled\n"
        with pytest.raises(BadAnswers, match="was never sent: it is requested"):
            self.tell(tea, table)
        tea.cancel(batch)
        with pytest.raises(BadAnswers, match="was never sent: it is cancelled"):
            self.tell(tea, table)
        assert tea.bank() == 0

    def test_another_stores_payouts_are_not_there(self, tea, sent):
        other = World()
        with pytest.raises(BadAnswers, match="there is no payout"):
            self.tell(other, f"end_to_end_id,state\n{sent.id},settled\n")
        assert tea.payout(sent.id).state == "sent"
