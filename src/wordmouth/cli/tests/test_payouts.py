"""Payouts at the terminal: from the account to the bank's answers."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model

from wordmouth.payouts.tests.world import IBANS, Service, World, install
from wordmouth.stores import services as stores

OWN = "DE02120300000000202051"


@pytest.fixture
def tea(db, standing):
    """A store with two advocates who have cash."""
    tea = World("threshold = 2000\nsecond_person_from = 10000")
    tea.advocate(3000, iban=IBANS[1])
    tea.advocate(100)
    return tea


@pytest.fixture
def standing():
    from wordmouth.payouts.tests.world import set_clock

    with set_clock() as clock:
        yield clock


@pytest.fixture(autouse=True)
def no_services():
    from wordmouth.payouts import registry

    before = registry._factory
    install(None)
    yield
    registry.install(before)


def made(door, tea, *words):
    return door.facts("payout", "make", "--rail", "csv", *words, "--store", tea.store.slug)


def test_from_the_account_to_the_answer(door, tea, tmp_path):
    store = ("--store", tea.store.slug)
    assert "No account to pay from is set" in door("payout", "account", tea.store.slug).stderr
    assert door.facts("payout", "account", tea.store.slug) is None
    said = door(
        "payout", "account", tea.store.slug, "--name", "Tea & Co", "--iban", OWN
    ).stdout  # fmt: skip
    assert "DE02 … 2051" in said
    assert OWN not in said
    payees = door("payout", "payees", *store).stdout
    assert "EE38 … 5685" in payees
    assert IBANS[1] not in payees
    preview = door("payout", "preview", *store).stdout
    assert "1 payouts, €30.00." in preview
    assert "Not paid: 1. Less than the programme pays out at once." in preview
    batch = door.facts("payout", "make", *store)
    assert (batch["total"], batch["state"], batch["made_by"]) == (3000, "draft", "command line")
    assert "draft" in door("payout", "show", batch["id"], *store).stdout
    door("payout", "approve", batch["id"], *store)
    file = tmp_path / "batch.xml"
    door("payout", "export", batch["id"], "-o", str(file), *store)
    assert IBANS[1] in file.read_text()
    shown = door.facts("payout", "show", batch["id"], *store)
    assert shown["batch"]["state"] == "sent"
    (payout,) = shown["payouts"]
    table = tmp_path / "answers.csv"
    table.write_text(f"end_to_end_id,state\n{payout['id'].replace('_', '-')},settled\n")
    assert "1 answers read; new: 1 settled." in door("payout", "answer", str(table), *store).stdout
    assert "1 answers read; new: none." in door("payout", "answer", str(table), *store).stdout
    assert "done" in door("payout", "list", *store).stdout
    assert door.facts("payout", "list", *store)[0]["counts"] == {"settled": 1}
    assert "€30.00" in door("payout", "year", "2026", *store).stdout
    assert door.facts("payout", "year", "2026", *store)[0]["settled"] == 3000
    rows = list(csv.DictReader(io.StringIO(door("payout", "year", "2026", "--csv", *store).stdout)))
    assert (rows[0]["email"], rows[0]["paid"]) == ("a1@example.com", "30.00")
    assert "Nobody was paid" in door("payout", "year", "2020", *store).stderr


def test_a_file_goes_to_the_standard_output_byte_for_byte(door, tea):
    batch = made(door, tea)
    door("payout", "approve", batch["id"], "--store", tea.store.slug)
    first = door("payout", "export", batch["id"], "--store", tea.store.slug)
    assert first.stdout_bytes.startswith(b"end_to_end_id,method,name,account")
    again = door("payout", "export", batch["id"], "--store", tea.store.slug)
    assert again.stdout_bytes == first.stdout_bytes
    assert "payout answer" in first.stderr


def test_problems_are_said_in_words(door, tea, tmp_path):
    store = ("--store", tea.store.slug)
    told = door.refusal("payout", "account", tea.store.slug, "--name", "Tea", "--iban", "DE38")
    assert "iban: an IBAN of DE has 22 signs, this one 4: 18 missing" in told
    assert "No account to pay from" in door.refusal("payout", "make", *store)
    assert "No account to pay from" in door("payout", "preview", *store).stderr
    told = door.refusal("payout", "make", "--rail", "paypal", *store)
    assert "paypal is not set up" in told
    assert "no such batch" in door.refusal("payout", "show", "bat_x", *store)
    table = tmp_path / "answers.csv"
    table.write_text("end_to_end_id,state\npay-1,settled\n")
    told = door.refusal("payout", "answer", str(table), *store)
    assert told.strip() == f"{table}:2: there is no payout 'pay_1'"
    assert "There is no batch yet" in door("payout", "list", *store).stderr
    assert "not one of" in door.refusal("payout", "preview", "--rail", "cheque", status=2)


def test_two_people_stand_behind_a_large_batch(door, tea):
    store = ("--store", tea.store.slug)
    tea.earn(tea.advocates[0], 20000)
    for name in ("ana", "berit"):
        stores.add_member(tea.store_id, name, "a long enough password")
    get_user_model().objects.create_user("eve", password="a long enough password")
    batch = made(door, tea)
    assert batch["state"] == "waiting"
    assert "needs two people" in door.refusal("payout", "approve", batch["id"], *store)

    def approve(user, password="a long enough password", status=0):
        words = ("payout", "approve", batch["id"], "--user", user, *store)
        return door(*words, status=status, given=f"{password}\n")

    assert "do not belong together" in approve("ana", "wrong", 1).stderr
    assert "may not open this store's desk" in approve("eve", status=1).stderr
    assert "waiting" in approve("ana").stdout
    assert "ana has approved it already" in approve("ana", status=1).stderr
    assert "approved" in approve("berit").stdout
    shown = door("payout", "show", batch["id"], *store).stdout
    assert "by user ana" in shown
    assert "by user berit" in shown


def test_a_maker_who_signs_in_is_one_of_the_two(door, tea):
    tea.earn(tea.advocates[0], 20000)
    stores.add_member(tea.store_id, "ana", "a long enough password")
    words = ("payout", "make", "--rail", "csv", "--user", "ana", "--store", tea.store.slug)
    said = door(*words, given="a long enough password\n").stdout
    assert "by user ana" in said
    assert "a long enough password" not in said


def test_what_is_in_doubt_is_ruled_on(door, tea, tmp_path):
    store = ("--store", tea.store.slug)
    batch = made(door, tea)
    door("payout", "approve", batch["id"], *store)
    door("payout", "export", batch["id"], *store)
    (payout,) = tea.payouts()
    table = tmp_path / "answers.csv"
    for state in ("returned", "settled"):
        table.write_text(f"end_to_end_id,state\n{payout.id},{state}\n")
        said = door("payout", "answer", str(table), *store)
    assert "contradict each other; see payout rule" in said.stderr
    assert "in doubt" in door("payout", "show", batch["id"], *store).stdout
    ruling = ("payout", "rule", payout.id, "returned", "--reason", "asked the bank", *store)
    assert door.facts(*ruling)["state"] == "returned"
    assert "nothing contradicts that" in door.refusal(*ruling)
    assert tea.cash(tea.advocates[0]) == 3000


def test_cancel_forget_and_tax_papers(door, tea):
    store = ("--store", tea.store.slug)
    batch = made(door, tea)
    assert door.facts("payout", "cancel", batch["id"], *store)["state"] == "cancelled"
    mari = tea.advocates[0]
    assert "Noted for 2026" in door("payout", "clear-tax", mari, "--year", "2026", *store).stderr
    assert "calendar year" in door.refusal("payout", "clear-tax", mari, "--year", "26", *store)
    door("payout", "forget", mari, *store)
    assert "has not said where" in door.refusal("payout", "forget", mari, *store)
    assert mari not in door("payout", "payees", *store).stdout
    door("payout", "forget", tea.advocates[1], *store)
    assert "No advocate has said yet" in door("payout", "payees", *store).stderr


def test_what_a_stopped_programme_holds_back_says_so(door, tea):
    show = ("payout", "show", made(door, tea)["id"], "--store", tea.store.slug)
    held = "The programme cash is stopped: resume it, or cancel this batch."
    assert (door(*show).stderr, door.facts(*show)["batch"]["problem"]) == ("", "")
    tea.stop()
    assert door(*show).stderr.strip() == held
    assert door.facts(*show)["batch"]["problem"] == held
    tea.resume()
    assert (door(*show).stderr, door.facts(*show)["batch"]["problem"]) == ("", "")


def test_an_order_to_a_payment_service(door, tea):
    store = ("--store", tea.store.slug)
    install(Service())
    tea.advocate(5000, method="paypal", email="ana@example.com")
    batch = door.facts("payout", "make", "--rail", "paypal", *store)
    door("payout", "approve", batch["id"], *store)
    assert "payout send" in door.refusal("payout", "export", batch["id"], *store)
    assert "sent" in door("payout", "send", batch["id"], *store).stdout
