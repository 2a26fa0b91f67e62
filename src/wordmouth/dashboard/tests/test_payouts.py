"""Payouts at the desk: two people, one file, the bank's answers, and a person's ruling."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.harness.browser import assert_accessible, assert_no_sideways_scroll, screenshot
from wordmouth.dashboard.views.entrance import TRIES_BY_NAME, TRIES_BY_VISITOR
from wordmouth.kit import clock
from wordmouth.payouts import registry
from wordmouth.payouts.tests.world import IBANS, START, Service, World, install, work
from wordmouth.stores import services as stores

PASSWORD = "correct horse battery"


@pytest.fixture
def tea(db):
    """A store with cash to pay out, and two people of the merchant's."""
    TRIES_BY_NAME.reset()
    TRIES_BY_VISITOR.reset()
    before = registry._factory
    install(Service())
    with clock.using(clock.SetClock(START)):
        tea = World("threshold = 2000\nsecond_person_from = 10000\ntax_hold = 50000")
        tea.advocate(12000, iban=IBANS[1])
        tea.advocate(2550, iban=IBANS[2])
        tea.advocate(900)
        tea.advocate(4000, iban=None)
        for name in ("ana", "berit"):
            stores.add_member(tea.store_id, name, PASSWORD)
        yield tea
    registry.install(before)


@pytest.fixture
def root(tea):
    return f"/desk/{tea.store.slug}/payouts"


def signed_in(name: str) -> Client:
    client = Client()
    client.post("/desk/login", {"username": name, "password": PASSWORD})
    return client


def text(answer) -> str:
    plain = re.sub(r"<(svg|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return " ".join(plain.replace("&#x27;", "'").replace("&quot;", '"').split())


def table(*lines: str) -> SimpleUploadedFile:
    content = "\n".join(("end_to_end_id,state,reason", *lines)).encode()
    return SimpleUploadedFile("answers.csv", content, "text/csv")


def test_who_is_paid_and_who_is_not(tea, root):
    ana = signed_in("ana")
    said = text(ana.get(f"{root}?rail=csv"))
    assert "2 people, €145.50" in said
    assert "EE38 … 5685" in said
    assert "It needs the approval of a second person." in said
    assert "Less than the programme pays out at once" in said
    assert "Has not said where to be paid" in said
    assert IBANS[1] not in said
    sepa = text(ana.get(root))
    assert "No account to pay from is set" in sepa
    assert "Make a batch" not in sepa


def test_two_people_and_one_file(tea, root):
    ana, berit = signed_in("ana"), signed_in("berit")
    made = ana.post(root, {"act": "make", "rail": "csv", "currency": "EUR"})
    batch = made["Location"]
    assert "Waiting" in text(ana.get(batch))
    refused = ana.post(batch, {"act": "approve"})
    assert refused.status_code == 409
    assert "ana made this batch: another user must approve it." in text(refused)
    assert ana.get(f"{batch}/file").status_code == 404
    assert "to become sent it must be approved" in text(berit.post(batch, {"act": "export"}))
    berit.post(batch, {"act": "approve"})
    berit.post(batch, {"act": "export"})
    said = text(ana.get(batch))
    assert "Approved · user berit" in said
    assert "Made · user ana" in said
    assert "Sent · user berit" in said
    file = ana.get(f"{batch}/file")
    assert file["Content-Disposition"].startswith('attachment; filename="bat-')
    assert file["Cache-Control"] == "no-store"
    assert IBANS[1].encode() in file.content
    assert berit.get(f"{batch}/file").content == file.content
    assert "it must be draft or waiting or approved" in text(ana.post(batch, {"act": "cancel"}))


def test_the_banks_answers_and_a_ruling(tea, root):
    ana = signed_in("ana")
    batch = tea.make("csv", by="user berit")
    tea.approve(batch, "user ana")
    tea.export(batch)
    one, two = tea.payouts(batch)
    done = ana.post(
        f"{root}/answers", {"table": table(f"{one.id},settled,", f"{two.id},returned,AC04")}
    )
    assert done["Location"] == f"{root}?heard=2&new=2"
    assert "2 answers read; new: 2." in text(ana.get(done["Location"]))
    bad = ana.post(f"{root}/answers", {"table": table("pay-1,settled,", "x,paid,")})
    assert bad.status_code == 422
    assert "line 3: state is 'paid'; allowed: settled, returned, refused" in text(bad)
    assert ana.post(f"{root}/answers", {}).status_code == 422
    ana.post(f"{root}/answers", {"table": table(f"{two.id},settled,")})
    said = text(ana.get(root))
    assert "In doubt" in said
    assert "The answers contradict each other" in said
    page = f"{root}/payout/{two.id}"
    assert "Answer: Came back. AC04" in text(ana.get(page))
    assert "Choose what became of it" in text(ana.post(page, {"state": "lost", "reason": "x"}))
    assert "Say how you found out" in text(ana.post(page, {"state": "returned", "reason": " "}))
    assert ana.post(page, {"state": "returned", "reason": "Asked them."}).status_code == 302
    said = text(ana.get(page))
    assert "Ruled by a person: Came back. Asked them." in said
    assert "user ana" in said
    assert "Say what became of it" not in said
    assert "nothing contradicts that" in text(ana.post(page, {"state": "settled", "reason": "x"}))
    assert tea.findings() == []


def test_the_year_and_the_papers(tea, root):
    ana = signed_in("ana")
    tea.earn(tea.advocates[1], 60000)
    held = text(ana.get(f"{root}?rail=csv"))
    assert "Waits for tax papers" in held
    assert "The papers for 2026 are there" in held
    noted = {"act": "papers", "advocate": tea.advocates[1], "rail": "csv"}
    assert ana.post(root, noted)["Location"] == f"{root}?rail=csv"
    assert "Waits for tax papers" not in text(ana.get(f"{root}?rail=csv"))
    batch = tea.make("csv", by="user berit")
    tea.approve(batch, "user ana")
    tea.export(batch)
    from wordmouth.payouts.facts import Answer

    for payout in tea.payouts(batch):
        tea.hear(Answer(payout_id=payout.id, state="settled"))
    year = text(ana.get(f"{root}/year/2026"))
    assert "a2@example.com" in year
    assert "€625.50" in year
    assert "Noted" in year
    kept = ana.get(f"{root}/year/2026.csv")
    assert "attachment" in kept["Content-Disposition"]
    assert b"a2@example.com" in kept.content
    assert "Nobody was paid anything." in text(ana.get(f"{root}/year/2024"))
    assert ana.get(f"{root}/year/1").status_code == 200


def test_an_order_to_a_service_and_a_cancelled_one(tea, root):
    ana = signed_in("ana")
    tea.advocate(5000, method="paypal", email="juri@example.com")
    batch = ana.post(root, {"act": "make", "rail": "paypal"})["Location"]
    ana.post(batch, {"act": "cancel"})
    assert "Cancelled · user ana" in text(ana.get(batch))
    batch = ana.post(root, {"act": "make", "rail": "paypal"})["Location"]
    ana.post(batch, {"act": "approve"})
    assert "Send" in text(ana.get(batch))
    ana.post(batch, {"act": "send"})
    work()
    assert "All is decided" in text(ana.get(batch))
    assert ana.get(f"{batch}/file").status_code == 404


def test_what_a_stopped_programme_holds_back_says_so(tea, root):
    ana = signed_in("ana")
    batch = ana.post(root, {"act": "make", "rail": "csv"})["Location"]
    held = "The programme cash is stopped: resume it, or cancel this batch."
    assert held not in text(ana.get(root)) + text(ana.get(batch))
    tea.stop()
    assert held in text(ana.get(root))
    said = text(ana.get(batch))
    assert held in said
    assert ("Cancel" in said, "Approve" in said) == (True, False)
    refused = ana.post(batch, {"act": "approve"})
    assert refused.status_code == 409
    assert text(refused).count(held) == 1
    ana.post(batch, {"act": "cancel"})
    assert held not in text(ana.get(root)) + text(ana.get(batch))


def test_what_may_still_be_paid_cannot_be_taken_back(tea, root):
    ana = signed_in("ana")
    service = Service()
    install(service)
    tea.advocate(5000, method="paypal", email="juri@example.com")
    batch = tea.make("paypal", by="user berit")
    tea.approve(batch, "user ana")
    tea.send(batch)
    service.plan = ["lost"]
    work()
    (payout,) = tea.payouts(batch)
    page, waits = f"{root}/payout/{payout.id}", "the payment service may still carry it out"
    said = text(ana.get(page))
    assert waits in said
    assert ("It was paid" in said, "It came back" in said) == (True, False)
    refused = ana.post(page, {"state": "returned", "reason": "Asked them."})
    assert refused.status_code == 422
    assert text(refused).count(waits) == 1
    assert ana.post(page, {"state": "settled", "reason": "Asked them."}).status_code == 302


@pytest.mark.parametrize(
    "sent", [{}, {"act": "steal"}, {"act": "make", "rail": "cheque"}, {"act": "papers"}]
)
def test_nonsense_is_refused_in_words(tea, root, sent):
    ana = signed_in("ana")
    assert ana.post(root, sent).status_code == 422
    batch = tea.make("csv", by="user berit")
    assert ana.post(f"{root}/batch/{batch.id}", sent).status_code == 409
    for missing in ("batch/bat_x", "batch/bat_x/file", "payout/pay_x"):
        assert ana.get(f"{root}/{missing}").status_code == 404
    assert ana.post(f"{root}/batch/bat_x", {"act": "approve"}).status_code == 404
    assert ana.post(f"{root}/payout/pay_x", {"state": "settled", "reason": "x"}).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (320, "dark")])
def test_the_pages_are_accessible(live_server, tea, root, new_profile, width, scheme):
    batch = tea.make("csv", by="user berit")
    tea.approve(batch, "user ana")
    tea.export(batch)
    one, two = tea.payouts(batch)
    from wordmouth.payouts.facts import Answer

    tea.hear(Answer(payout_id=one.id, state="settled"))
    tea.hear(Answer(payout_id=two.id, state="returned", reason="AC04 closed account"))
    tea.hear(Answer(payout_id=two.id, state="settled"))
    tea.earn(tea.advocates[0], 5000)
    tea.make("csv", by="user berit")
    tea.earn(tea.advocates[0], 7000)
    page = new_profile(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    page.goto(f"{live_server.url}/desk/login?next={root}")
    page.fill("#username", "ana")
    page.fill("#password", PASSWORD)
    page.click("form button")

    def check(name: str, address: str) -> None:
        page.goto(f"{live_server.url}{address}")
        for summary in page.query_selector_all("summary"):
            summary.click()
        assert_no_sideways_scroll(page)
        screenshot(page, f"desk-{name}-{width}-{scheme}")
        assert_accessible(page)

    check("payouts", f"{root}?rail=csv")
    check("batch", f"{root}/batch/{batch.id}")
    check("payout", f"{root}/payout/{two.id}")
    check("payout-year", f"{root}/year/2026")
