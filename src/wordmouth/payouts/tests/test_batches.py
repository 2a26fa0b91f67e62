"""Who is paid and who is not, second persons, and batches before they are sent."""

import pytest

from wordmouth.advocates import queries as advocate_queries
from wordmouth.kit.errors import Invalid, NotFound
from wordmouth.payouts import collecting, queries, rules, services
from wordmouth.payouts.errors import (
    BadAccount,
    BatchNotReady,
    NothingToPay,
    RailNotReady,
    SecondPersonNeeded,
)
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.models import Payee, Payout
from wordmouth.payouts.tests.world import (
    IBANS,
    OUTSIDE_SEPA,
    Service,
    World,
    install,
)
from wordmouth.people import services as people
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import queries as programs
from wordmouth.programs import services as program_services
from wordmouth.programs.document import Payouts


def preview(tea, rail="csv", currency=None):
    with tea.read():
        return collecting.preview(tea.store_id, rail, currency)


def reasons(tea, rail="csv"):
    return {line.advocate_id: line.reason for line in preview(tea, rail).held}


def test_everybody_from_the_threshold_on_is_paid_all_they_have(tea):
    poor, rich, none = tea.advocate(1999), tea.advocate(2000), tea.advocate(0)
    found = preview(tea)
    assert [(line.advocate_id, line.amount) for line in found.paid] == [(rich, 2000)]
    assert reasons(tea) == {poor: "below_threshold"}
    assert found.total == 2000
    assert none not in {line.advocate_id for line in found.held}


def test_a_preview_writes_nothing_and_a_batch_is_what_it_said(tea):
    for cash in (2000, 5000, 100):
        tea.advocate(cash)
    said = preview(tea)
    assert tea.transit() == 0
    batch = tea.make()
    assert (batch.total, batch.count, batch.state) == (said.total, 2, "draft")
    assert tea.transit() == 7000
    assert [tea.cash(one) for one in tea.advocates] == [0, 0, 100]
    assert tea.total() == 0
    assert tea.findings() == []


def test_without_a_payee_or_with_one_of_another_kind_one_waits(tea):
    nobody = tea.advocate(3000, iban=None)
    paypal = tea.advocate(3000, method="paypal", email="ana@example.com")
    outside = tea.advocate(3000, iban=OUTSIDE_SEPA)
    inside = tea.advocate(3000, iban=IBANS[1])
    tea.account()
    assert reasons(tea, "sepa") == {
        nobody: "no_payee",
        paypal: "other_method",
        outside: "not_in_sepa",
    }
    assert reasons(tea, "csv") == {nobody: "no_payee"}
    assert [line.advocate_id for line in preview(tea, "sepa").paid] == [inside]
    assert [line.advocate_id for line in preview(tea, "paypal").paid] == [paypal]


def test_one_currency_at_a_time(tea):
    mari = tea.advocate(3000)
    tea.earn(mari, 9000, "USD")
    assert preview(tea).currency == "EUR"
    assert preview(tea, "csv", "USD").total == 9000
    tea.account()
    with pytest.raises(RailNotReady, match="SEPA moves EUR only, and this is USD; use csv"):
        tea.make("sepa", currency="USD")
    with pytest.raises(RailNotReady, match="not a currency code"):
        tea.make("csv", currency="EURO")
    assert tea.make(currency="USD").total == 9000
    assert tea.cash(mari) == 3000


def test_a_store_whose_cash_is_all_in_another_currency_pays_that(db, standing):
    tea = World(currency="SEK")
    tea.advocate(5000)
    assert preview(tea).currency == "SEK"


def test_rails_that_are_not_set_up_say_what_is_missing(tea):
    tea.advocate(3000)
    with pytest.raises(RailNotReady, match="wordmouth payout account STORE --name --iban"):
        tea.make("sepa")
    install(None)
    with pytest.raises(RailNotReady, match="paypal is not set up"):
        tea.make("paypal")
    with pytest.raises(Invalid, match="'cheque' is none of sepa, csv, paypal, stripe"):
        tea.make("cheque")
    install(Service())
    with pytest.raises(NothingToPay, match="Is paid in another way than this batch: 1"):
        tea.make("paypal")


def test_when_nobody_can_be_paid_it_says_why(tea):
    with pytest.raises(NothingToPay, match="No advocate has cash in EUR"):
        tea.make()
    tea.advocate(100)
    tea.advocate(9000, iban=None)
    with pytest.raises(NothingToPay, match="Less than the programme pays out at once: 1"):
        tea.make()


class TestTaxHold:
    @pytest.fixture
    def tea(self, db, standing):
        return World("tax_hold = 60000")

    def test_over_the_years_limit_one_waits_for_papers(self, tea):
        mari = tea.advocate(60000)
        batch = tea.sent()
        tea.earn(mari, 1)
        assert reasons(tea) == {mari: "tax_hold"}
        (payout,) = tea.payouts(batch)
        tea.hear(answer(payout, "settled"))
        assert reasons(tea) == {mari: "tax_hold"}
        with tea.write():
            services.note_papers(tea.store_id, mari, 2025, by="user ana")
        assert reasons(tea) == {mari: "tax_hold"}
        with tea.write():
            services.note_papers(tea.store_id, mari, 2026, by="user ana")
            services.note_papers(tea.store_id, mari, 2026, by="user ana")
        assert reasons(tea) == {}
        assert tea.make().total == 1

    def test_what_came_back_does_not_count(self, tea):
        mari = tea.advocate(60000)
        (payout,) = tea.payouts(tea.sent())
        tea.hear(answer(payout, "returned"))
        assert [line.advocate_id for line in preview(tea).paid] == [mari]

    def test_a_new_year_begins_at_nothing(self, tea, standing):
        mari = tea.advocate(60000)
        (payout,) = tea.payouts(tea.sent())
        tea.hear(answer(payout, "settled"))
        tea.earn(mari, 60000)
        assert reasons(tea) == {mari: "tax_hold"}
        standing.at = standing.at.replace(year=2027)
        assert reasons(tea) == {}

    def test_a_human_with_two_memberships_is_one_taxpayer(self, tea):
        mari, other = tea.advocate(40000), tea.advocate(20001)
        assert len(preview(tea).paid) == 2
        with tea.write():
            told = CustomerSnapshot(id="c1", email="a1@example.com")
            people.resolve(tea.store_id, [told, CustomerSnapshot(id="c1", email="a2@example.com")])
        found = preview(tea)
        assert [line.advocate_id for line in found.paid] == [mari]
        assert {line.advocate_id: line.reason for line in found.held} == {other: "tax_hold"}
        with tea.write():
            services.note_papers(tea.store_id, other, 2026, by="user ana")
        assert len(preview(tea).paid) == 2

    def test_years_that_are_none_are_refused(self, tea):
        with tea.write(), pytest.raises(Invalid, match="a calendar year such as 2026, not 26"):
            services.note_papers(tea.store_id, tea.advocates[0] if tea.advocates else "", 26, by="")
        with tea.write(), pytest.raises(NotFound):
            services.note_papers(tea.store_id, "adv_x", 2026, by="")


def answer(payout, state, reason=""):
    return Answer(payout_id=payout.id, state=state, reason=reason)


class TestSecondPerson:
    @pytest.fixture
    def tea(self, db, standing):
        tea = World("second_person_from = 5000")
        tea.advocate(5000)
        return tea

    def test_below_the_sum_one_is_enough(self, db, standing):
        tea = World("second_person_from = 5001")
        tea.advocate(5000)
        batch = tea.make()
        assert (batch.state, batch.needs_second) == ("draft", False)
        assert tea.approve(batch, "user ana").state == "approved"

    def test_the_maker_alone_is_not_enough(self, tea):
        batch = tea.make(by="user ana")
        assert batch.state == "waiting"
        with pytest.raises(SecondPersonNeeded, match="ana made this batch: another user"):
            tea.approve(batch, "user ana")
        approved = tea.approve(batch, "user berit")
        assert approved.state == "approved"
        assert (approved.made_by, [one.by for one in approved.approvals]) == (
            "user ana",
            ["user berit"],
        )

    @pytest.mark.parametrize("nobody", ["command line", "API key key_1", "userana"])
    def test_a_key_or_a_shell_is_nobody(self, tea, nobody):
        batch = tea.make(by=nobody)
        with pytest.raises(SecondPersonNeeded, match="approve it at the desk"):
            tea.approve(batch, nobody)
        assert tea.approve(batch, "user ana").state == "waiting"
        with pytest.raises(SecondPersonNeeded, match="ana has approved it already: one more"):
            tea.approve(batch, "user ana")
        approved = tea.approve(batch, "user berit")
        assert approved.state == "approved"
        assert [one.by for one in approved.approvals] == ["user ana", "user berit"]

    def test_unapproved_it_cannot_be_sent(self, tea):
        batch = tea.make()
        with pytest.raises(BatchNotReady, match="is waiting; to become sent it must be approved"):
            tea.export(batch)
        assert tea.bank() == 0

    def test_the_strictest_programme_of_the_batch_decides(self):
        lax, strict = Payouts(), Payouts(second_person_from=0)
        assert not rules.needs_second(10**9, [lax])
        assert rules.needs_second(1, [lax, strict])


class TestStates:
    def test_cancelling_gives_everything_back(self, tea):
        mari = tea.advocate(3000)
        batch = tea.make()
        tea.approve(batch)
        cancelled = tea.cancel(batch)
        assert (cancelled.state, cancelled.cancelled_by) == ("cancelled", "user ana")
        assert (tea.cash(mari), tea.transit(), tea.total()) == (3000, 0, 0)
        assert tea.findings() == []
        assert tea.make().total == 3000

    def test_what_was_sent_cannot_be_cancelled(self, tea):
        tea.advocate(3000)
        batch = tea.sent()
        with pytest.raises(BatchNotReady, match="is sent; to become cancelled it must be draft or"):
            tea.cancel(batch)
        with pytest.raises(BatchNotReady):
            tea.approve(batch)

    def test_no_such_batch(self, tea):
        with tea.write(), pytest.raises(NotFound):
            services.approve(tea.store_id, "bat_x", by="user ana")
        with pytest.raises(NotFound):
            services.export(tea.store_id, "bat_x", by="user ana")

    def test_a_file_is_exported_and_an_order_is_sent(self, tea):
        tea.advocate(3000)
        batch = tea.make()
        tea.approve(batch)
        with pytest.raises(BatchNotReady, match="payout export"):
            tea.send(batch)
        install(Service())
        tea.advocate(3000, method="paypal", email="ana@example.com")
        order = tea.make("paypal")
        tea.approve(order)
        with pytest.raises(BatchNotReady, match="payout send"):
            tea.export(order)


class TestClawback:
    """What was earned is taken back between the making of a batch and its sending."""

    @pytest.mark.parametrize("rail", ["csv", "paypal"])
    def test_who_owes_by_now_is_left_out(self, tea, rail):
        install(Service())
        payee = {"method": "paypal", "email": "ana@example.com"}
        mari, juri = tea.advocate(3000, **payee), tea.advocate(3000, **payee)
        batch = tea.make(rail)
        tea.approve(batch)
        tea.earn(mari, -1000)
        assert tea.cash(mari) == -1000
        (tea.export if rail == "csv" else tea.send)(batch)
        assert [one.state for one in tea.payouts(batch)] == ["cancelled", "sent"]
        assert (tea.cash(mari), tea.cash(juri)) == (2000, 0)
        assert tea.findings() == []

    def test_where_nobody_is_left_the_batch_is_cancelled(self, tea):
        mari = tea.advocate(3000)
        batch = tea.make()
        tea.approve(batch)
        tea.earn(mari, -1)
        with pytest.raises(NothingToPay, match="taken back"):
            tea.export(batch)
        assert tea.batch(batch.id).state == "cancelled"
        assert tea.cash(mari) == 2999
        assert tea.findings() == []


class TestPayees:
    def test_details_are_sealed_and_shown_masked(self, tea):
        mari = tea.advocate(3000)
        with tea.read():
            found = queries.payee(mari)
            (row,) = Payee.objects.all()
        assert found.hint == "DE89 … 3000"
        assert "3704" not in row.details
        assert "Tamm" not in row.details

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"method": "cash"}, "method: is iban, paypal or stripe, not 'cash'"),
            ({"method": "iban", "name": "Ana", "iban": "DE1"}, "is no IBAN: two letters"),
            ({"method": "iban", "iban": IBANS[0]}, "name: the name of the account's holder"),
            (
                {"method": "paypal", "email": "a@b.ee", "iban": IBANS[0]},
                "iban: does not belong to paypal, which takes email",
            ),
            ({"method": "stripe", "account": "x"}, "account: a Stripe account is acct_"),
        ],
    )
    def test_what_cannot_be_paid_to_is_refused(self, tea, given, told):
        mari = tea.advocate(3000)
        with tea.write(), pytest.raises(BadAccount, match=told):
            services.set_payee(tea.store_id, mari, **given, by="test")
        assert preview(tea).total == 3000

    def test_what_was_approved_is_what_is_paid(self, tea):
        """A payee that changes after the batch was made changes nothing of it."""
        mari = tea.advocate(3000)
        batch = tea.make()
        with tea.write():
            services.set_payee(tea.store_id, mari, "iban", name="Eve", iban=IBANS[1], by="portal")
        tea.approve(batch)
        assert IBANS[0].encode() in tea.export(batch).content

    def test_forgotten_is_forgotten_everywhere_once_it_is_over(self, tea):
        mari = tea.advocate(3000)
        batch = tea.sent()
        with tea.write():
            services.forget_payee(mari)
        with pytest.raises(NotFound), tea.read():
            queries.payee(mari)
        assert IBANS[0].encode() in tea.export(batch).content, "the bank may still need it"
        (payout,) = tea.payouts(batch)
        tea.hear(answer(payout, "settled"))
        with pytest.raises(NotFound, match="has been forgotten, and the file with them"):
            tea.export(batch)
        with tea.read():
            assert Payout.objects.get(id=payout.id).details == ""
            assert queries.payout(payout.id).hint == "DE89 … 3000"
        with tea.write(), pytest.raises(NotFound):
            services.forget_payee(mari)

    def test_of_batches_that_are_over_it_is_forgotten_at_once(self, tea):
        mari, juri = tea.advocate(3000), tea.advocate(3000)
        batch = tea.sent()
        for payout in tea.payouts(batch):
            tea.hear(answer(payout, "settled"))
        with tea.write():
            services.forget_payee(juri)
        with tea.read():
            kept = dict(Payout.objects.values_list("advocate_id", "details"))
        assert kept[mari]
        assert kept[juri] == ""

    def test_an_advocate_of_another_store_is_none(self, tea):
        other = World()
        theirs = other.advocate()
        with tea.write(), pytest.raises(NotFound):
            services.set_payee(tea.store_id, theirs, "paypal", email="a@b.ee", by="test")


def test_a_batch_has_an_end_and_the_rest_goes_into_the_next(tea, monkeypatch):
    monkeypatch.setattr(rules, "BATCH", 2)
    first = [tea.advocate(3000) for _ in range(3)]
    assert reasons(tea) == {first[2]: "batch_full"}
    assert tea.make().count == 2
    assert tea.make().count == 1


def test_the_years_totals_are_by_human_and_currency(tea, standing):
    mari, juri, late = tea.advocate(4000), tea.advocate(3000), tea.advocate(2000)
    batch = tea.sent()
    one, two, three = tea.payouts(batch)
    tea.hear(answer(one, "settled"), answer(two, "settled"), answer(three, "returned"))
    with tea.write():
        told = CustomerSnapshot(id="c1", email="a1@example.com")
        people.resolve(tea.store_id, [told, CustomerSnapshot(id="c1", email="a2@example.com")])
        services.note_papers(tea.store_id, juri, 2026, by="user ana")
    tea.make()
    with tea.read():
        totals = collecting.year_totals(2026)
        roots = {advocate_queries.advocate(mari).person_id}
        assert collecting.year_totals(2025) == []
    assert [
        (one.currency, one.settled, one.count, one.under_way, one.papers) for one in totals
    ] == [("EUR", 7000, 2, 0, True), ("EUR", 0, 0, 2000, False)]
    assert totals[0].person_id in roots
    assert late in {payout.advocate_id for payout in tea.payouts()}
    standing.at = standing.at.replace(year=2027)
    with tea.read():
        assert [one.under_way for one in collecting.year_totals(2026)] == [0]
        assert [one.under_way for one in collecting.year_totals(2027)] == [2000]


def test_nobody_is_paid_from_a_programme_that_is_stopped(tea):
    waiting = tea.advocate(3000)
    with tea.write():
        slug = programs.list_programs()[0].slug
        program_services.stop(slug, "A code leaked", by="test")
    assert reasons(tea) == {waiting: "stopped"}
    with pytest.raises(NothingToPay):
        tea.make()
    with tea.write():
        program_services.resume(slug, by="test")
    assert tea.make().total == 3000
