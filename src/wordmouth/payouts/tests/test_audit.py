"""Whatever is not as it must be is found."""

import pytest

from wordmouth.ledger import services as ledger
from wordmouth.ledger.facts import Movement
from wordmouth.payouts import audit, queries
from wordmouth.payouts.facts import Answer
from wordmouth.payouts.models import Batch, Payout
from wordmouth.project import audit as whole
from wordmouth.rewards import accounts


@pytest.fixture
def busy(tea):
    """Payouts in every state."""
    for _ in range(5):
        tea.advocate(3000)
    batch = tea.sent()
    for payout, told in zip(tea.payouts(batch), ("settled", "returned", "refused"), strict=False):
        tea.hear(Answer(payout_id=payout.id, state=told))
    tea.advocate(2500)
    tea.cancel(tea.make())
    tea.make()
    return tea


def test_all_is_well(busy):
    assert busy.findings() == []
    assert {one.state for one in busy.payouts()} == {
        "requested",
        "sent",
        "settled",
        "returned",
        "refused",
        "cancelled",
    }


def test_the_references_are_those_that_stand(busy):
    with busy.read():
        told = set(audit.references())
    assert told == {
        reference
        for payout in busy.payouts()
        for reference in {
            "requested": [f"payout:{payout.id}:request"],
            "sent": [f"payout:{payout.id}:request"],
            "settled": [f"payout:{payout.id}:request", f"payout:{payout.id}:settle"],
        }.get(payout.state, [])
    }


def test_the_proof_of_the_store_knows_payouts(busy):
    """Nothing of a payout is taken for a stray posting; the cash of these tests is one."""
    found = whole.verify(busy.store_id).findings
    assert not [one for one in found if "payout:" in one.what or "pay_" in one.where]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"state": "settled"}, "is settled with the postings ['request']"),
        ({"state": "returned"}, "is returned with the postings ['request']"),
        ({"state": "cancelled"}, "is cancelled, and 3000 is in transit for it"),
        ({"amount": 2999}, "does not move what"),
        ({"posted": {"request": "payout:x:request"}}, "payout:x:request does not stand"),
        ({"posted": {}}, "is sent with the postings []"),
        ({"disputed": True}, "contradict each other"),
    ],
)
def test_a_payout_that_was_changed_is_found(busy, change, told):
    with busy.write():
        (row,) = Payout.objects.filter(state="sent")[:1]
        Payout.objects.filter(id=row.id).update(**change)
    assert any(told in text for text in busy.findings()), busy.findings()


def test_money_that_moves_past_the_payouts_is_found(busy):
    with busy.write():
        (row,) = Payout.objects.filter(state="returned")
        stray = Movement(
            reference="x",
            source=accounts.transit(row.id),
            destination=accounts.BANK,
            amount=3000,
            unit="EUR",
        )
        ledger.post(busy.store_id, [stray])
    assert busy.findings() == [f"{row.id}: is returned, and -3000 is in transit for it"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"total": 1}, "is 1, its payouts 15000"),
        ({"state": "done"}, "is done, which its payouts are not"),
        ({"state": "cancelled"}, "is cancelled, which its payouts are not"),
    ],
)
def test_a_batch_that_was_changed_is_found(busy, change, told):
    with busy.write():
        Batch.objects.filter(state="sent").update(**change)
    assert any(told in text for text in busy.findings())


def test_pages_of_payouts(busy):
    with busy.read():
        assert len(queries.page(state="sent")) == 2
        assert len(queries.page(advocate=busy.advocates[0])) == 1
        first = queries.page(limit=3)
        rest = queries.page(limit=100, starting_after=first[-1].id)
        assert len(first) + len(rest) == 11
        assert queries.page(in_doubt=True) == []
        batches = queries.batches(limit=2)
        assert len(queries.batches(starting_after=batches[-1].id)) == 1
        assert len(queries.payees_page(limit=4)) == 4
        assert len(queries.payees_page(starting_after=queries.payees_page(4)[-1].advocate_id)) == 2
