"""What people asked about their data is listed by command, and noted as done."""

from __future__ import annotations

from wordmouth.cli.tests.door import Door
from wordmouth.people import services
from wordmouth.people.snapshot import ERASE, CustomerSnapshot, PrivacyAsk
from wordmouth.stores.transactions import store_write


def test_what_was_asked_is_listed_and_noted_as_done(door: Door, made) -> None:
    assert "Nothing is open." in door("store", "privacy", "tea-house").stderr
    store_id = made["store"]["id"]
    who = CustomerSnapshot(id="42", email="ana@example.com")
    with store_write(store_id):
        services.keep_asks(store_id, "shopify", [PrivacyAsk(kind=ERASE, customer=who)])
    listed = door("store", "privacy", "tea-house").stdout
    assert "ana@example.com" in listed
    (one,) = door.facts("store", "privacy", "tea-house")
    assert (one["kind"], one["adapter"], one["customer"]) == ("erase", "shopify", "42")
    assert one["id"] in listed
    assert "is done" in door("store", "privacy", "tea-house", "--done", one["id"]).stderr
    assert door.facts("store", "privacy", "tea-house") == []


def test_a_request_that_is_not_open_is_said(door: Door, made) -> None:
    refusal = door.refusal("store", "privacy", "tea-house", "--done", "prq_1")
    assert "No request 'prq_1' is open in this store." in refusal
