"""Payouts by the API: as the documents show them, in the caller's terms, masked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.docs_page import PAGE, shape_of
from tests.api.world import Api
from wordmouth.payouts import registry
from wordmouth.payouts.tests.world import Service, World, install, set_clock, work
from wordmouth.stores import services as stores

pytestmark = pytest.mark.django_db
IBAN = "EE382200221020145685"


@pytest.fixture
def tea() -> Iterator[World]:
    """A store with two advocates who have cash, and have not said where to be paid."""
    before = registry._factory
    install(Service())
    with set_clock():
        tea = World("threshold = 500\nsecond_person_from = 20000\ntax_hold = 60000")
        for cash in (3000, 9000):
            tea.advocate(cash, iban=None)
        yield tea
    registry.install(before)


@pytest.fixture
def api(tea: World) -> Api:
    return Api(stores.new_api_key(tea.store_id, "test"))


def documented(operation: str) -> Any:
    """The answer that the documents show for an operation."""
    section = PAGE.read_text().split(f"### `{operation}`")[1].split("\n### ")[0]
    shown = re.search(r"```json\n(.*?)```", section, re.S)
    assert shown is not None, operation
    return json.loads(shown[1])


def payee(api: Api, advocate: str, **body: Any) -> Any:
    given = {"method": "iban", "name": "Mari Maasikas", "iban": IBAN, **body}
    return api.put(f"advocates/{advocate}/payee", given)


def test_from_the_payee_to_the_total_as_documented(tea: World, api: Api) -> None:
    mari, juri = tea.advocates
    said = payee(api, mari)
    assert shape_of(said.data) == shape_of(documented("PUT /api/v1/advocates/{advocate_id}/payee"))
    assert said.data["hint"] == "EE38 … 5685"
    assert api.get(f"advocates/{mari}/payee").data == said.data
    assert api.get(f"advocates/{juri}/payee").status == 404
    preview = api.get("payout-preview?rail=csv").data
    assert shape_of(preview) == shape_of(documented("GET /api/v1/payout-preview"))
    assert preview["held"][0]["reason"]["code"] == "no_payee"
    made = api.post("payout-batches", {"rail": "csv"}, idempotency_key="november")
    assert shape_of(made.data) == shape_of(documented("POST /api/v1/payout-batches"))
    again = api.post("payout-batches", {"rail": "csv"}, idempotency_key="november")
    assert again.data == made.data, "sent again, it pays nothing twice"
    batch = made.data["id"]
    listed = api.get(f"payouts?batch={batch}").data
    assert shape_of(listed) == shape_of(documented("GET /api/v1/payouts"))
    assert api.post(f"payout-batches/{batch}/approve", None).data["state"] == "approved"
    tea.export(tea.batch(batch))
    payout = listed["data"][0]["id"]
    body = {"answers": [{"payout": payout.replace("_", "-"), "state": "settled"}]}
    heard = api.post("payout-answers", body)
    assert shape_of(heard.data) == shape_of(documented("POST /api/v1/payout-answers"))
    assert api.post("payout-answers", body).data["data"][0]["news"] is False
    assert api.get(f"payout-batches/{batch}").data["state"] == "done"
    assert api.get("payout-batches").data["data"][0]["counts"] == {"settled": 1}
    steps = api.get(f"payouts/{payout}").data["steps"]
    assert [step["state"] for step in steps] == [
        "requested",
        "approved",
        "sent",
        "settled",
        "settled",
    ]
    totals = api.get("payout-totals?year=2026").data
    assert shape_of(totals) == shape_of(documented("GET /api/v1/payout-totals"))
    assert totals["data"][0]["paid"] == 3000


def test_accounts_are_never_told(tea: World, api: Api) -> None:
    mari = tea.advocates[0]
    payee(api, mari)
    batch = api.post("payout-batches", {"rail": "csv"}).data["id"]
    for path in (
        f"advocates/{mari}/payee",
        "payout-preview",
        "payouts",
        "payout-batches",
        f"payout-batches/{batch}",
        "payout-totals?year=2026",
        "effects",
    ):
        text = api.get(path).text
        assert IBAN not in text
        assert "Maasikas" not in text


def test_an_account_that_cannot_be_used_is_refused_with_the_nearest(tea: World, api: Api) -> None:
    wrong = payee(api, tea.advocates[0], iban="EE372200221020145685")
    assert (wrong.status, wrong.data["code"]) == (422, "bad_account")
    assert wrong.data["errors"] == [
        {
            "path": "iban",
            "message": "the check digits 37 do not fit the rest: something is mistyped; "
            "they would be 38 if the rest is right",
        }
    ]
    assert payee(api, tea.advocates[0], method="cheque").data["errors"][0]["path"] == "method"
    assert payee(api, tea.advocates[0], email="a@b.ee").data["errors"][0]["path"] == "email"
    assert payee(api, "adv_" + "0" * 26).status == 404


def test_a_key_is_no_second_person(tea: World, api: Api) -> None:
    payee(api, tea.advocates[0])
    tea.earn(tea.advocates[0], 20000)
    batch = api.post("payout-batches", {"rail": "csv"}).data
    assert (batch["state"], batch["needs_second"]) == ("waiting", True)
    refused = api.post(f"payout-batches/{batch['id']}/approve", None)
    assert (refused.status, refused.data["code"]) == (409, "second_person_needed")
    assert api.post(f"payout-batches/{batch['id']}/cancel", None).data["state"] == "cancelled"
    refused = api.post(f"payout-batches/{batch['id']}/cancel", None)
    assert (refused.status, refused.data["code"]) == (409, "batch_not_ready")


def test_what_cannot_be_paid_says_why(tea: World, api: Api) -> None:
    refused = api.post("payout-batches", {"rail": "csv"})
    assert (refused.status, refused.data["code"]) == (409, "nothing_to_pay")
    refused = api.post("payout-batches", {"rail": "sepa"})
    assert (refused.status, refused.data["code"]) == (409, "rail_not_ready")
    assert "No account to pay from" in api.get("payout-preview?rail=sepa").data["problem"]


def test_an_order_to_a_service_is_carried_out(tea: World, api: Api) -> None:
    mari = tea.advocates[0]
    payee(api, mari, method="paypal", name="", iban="", email="mari@example.com")
    batch = api.post("payout-batches", {"rail": "paypal"}).data["id"]
    api.post(f"payout-batches/{batch}/approve", None)
    assert api.post(f"payout-batches/{batch}/send", None).data["state"] == "sent"
    work()
    assert api.get(f"payout-batches/{batch}").data["state"] == "done"


def test_a_stopped_programme_and_an_order_under_way_are_told(tea: World, api: Api) -> None:
    mari = tea.advocates[0]
    payee(api, mari, method="paypal", name="", iban="", email="mari@example.com")
    batch = api.post("payout-batches", {"rail": "paypal"}).data["id"]
    tea.stop()
    refused = api.post(f"payout-batches/{batch}/approve", None)
    assert (refused.status, refused.data["code"]) == (409, "program_stopped")
    assert api.get(f"payout-batches/{batch}").data["problem"] == refused.data["detail"] != ""
    assert api.get("payout-batches").data["data"][0]["problem"] == refused.data["detail"]
    tea.resume()
    assert api.get(f"payout-batches/{batch}").data["problem"] == ""
    api.post(f"payout-batches/{batch}/approve", None)
    api.post(f"payout-batches/{batch}/send", None)
    (payout,) = tea.payouts()
    refused = api.post(f"payouts/{payout.id}/rule", {"state": "refused", "reason": "Asked."})
    assert (refused.status, refused.data["code"]) == (409, "payout_on_the_way")
    told = {"answers": [{"payout": payout.id, "state": "refused"}]}
    refused = api.post("payout-answers", told)
    assert (refused.status, refused.data["errors"][0]["path"]) == (422, "answers[0].payout")


def test_what_is_in_doubt_is_found_and_ruled(tea: World, api: Api) -> None:
    payee(api, tea.advocates[0])
    batch = tea.sent("csv")
    (payout,) = tea.payouts(batch)
    for state in ("returned", "settled"):
        api.post("payout-answers", {"answers": [{"payout": payout.id, "state": state}]})
    (found,) = api.get("payouts?in_doubt=true").data["data"]
    assert (found["id"], found["disputed"]) == (payout.id, True)
    ruled = api.post(f"payouts/{payout.id}/rule", {"state": "returned", "reason": "Asked."})
    assert (ruled.data["state"], ruled.data["in_doubt"]) == ("returned", False)
    refused = api.post(f"payouts/{payout.id}/rule", {"state": "settled", "reason": "Again."})
    assert (refused.status, refused.data["code"]) == (409, "payout_decided")


def test_answers_that_cannot_be_are_named(tea: World, api: Api) -> None:
    payee(api, tea.advocates[0])
    batch = tea.make("csv")
    (payout,) = tea.payouts(batch)
    body = {
        "answers": [
            {"payout": payout.id, "state": "settled"},
            {"payout": "pay-x", "state": "settled"},
        ]
    }
    refused = api.post("payout-answers", body)
    assert refused.status == 422
    assert refused.data["errors"] == [
        {"path": "answers[0].payout", "message": f"{payout.id} was never sent: it is requested"},
        {"path": "answers[1].payout", "message": "there is no payout 'pay_x'"},
    ]


def test_tax_papers_let_go_what_was_held(tea: World, api: Api) -> None:
    mari = tea.advocates[0]
    payee(api, mari)
    tea.earn(mari, 60000)
    held = api.get("payout-preview?rail=csv").data["held"]
    assert {line["reason"]["code"] for line in held} == {"tax_hold", "no_payee"}
    noted = api.put(f"advocates/{mari}/tax-papers/2026", None)
    assert noted.data == {"advocate": mari, "year": 2026}
    assert len(api.get("payout-preview?rail=csv").data["paid"]) == 1
    assert api.put(f"advocates/{mari}/tax-papers/26", None).status == 422


def test_forgotten(tea: World, api: Api) -> None:
    mari = tea.advocates[0]
    payee(api, mari)
    assert api.call("DELETE", f"advocates/{mari}/payee").data == {"advocate": mari}
    assert api.call("DELETE", f"advocates/{mari}/payee").status == 404
