"""What the proof says: which row, what happened to it, and nothing that only follows from it."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from tests.world import START, World
from wordmouth.kit.errors import Invalid
from wordmouth.ledger import chain, queries, services, triggers, verify
from wordmouth.ledger.facts import Finding, Movement
from wordmouth.ledger.models import Account, Head, Posting
from wordmouth.ledger.services import mirror, post
from wordmouth.ledger.walk import MOST, Walk

Harm = Callable[[], object]


def movement(reference: str, holder: str = "ana", amount: int = 100) -> Movement:
    return Movement(
        reference=reference, source="expense", destination=holder, amount=amount, unit="EUR"
    )


@pytest.fixture
def store(world: World) -> Iterator[str]:
    """Twelve postings, the last one an undoing, and nothing that keeps them from being changed.

    All is rolled back in the end: the database would not take what is done to it here.
    """
    with world.write(), transaction.atomic():
        post(world.store.id, [movement(f"m{n}", "ana" if n < 5 else "ben") for n in range(6)])
        world.clock.move(timedelta(days=1))
        post(world.store.id, [movement(f"m{n}", "ben", n) for n in range(6, 11)])
        mirror(world.store.id, ["m3"])
        with connection.cursor() as cursor:
            for statement in triggers.ALL[connection.vendor].undo:
                cursor.execute(statement)
        assert verify.verify_store() == []
        yield world.store.id
        transaction.set_rollback(True)


@pytest.fixture
def other_store(world: World) -> str:
    return World(world.clock).store.id


def posting(number: int, **to: Any) -> Harm:
    return lambda: Posting.objects.filter(seq=number).update(**to)


def account(**to: Any) -> Harm:
    return lambda: Account.objects.filter(name="ana").update(**to)


def head(**to: Any) -> Harm:
    return lambda: Head.objects.update(**to)


def gone(*seqs: int) -> Harm:
    return lambda: Posting.objects.filter(seq__in=seqs)._raw_delete("default")


def account_gone() -> None:
    Account.objects.filter(name="ana")._raw_delete("default")


def other_id() -> None:
    Account.objects.filter(name="ana").update(id="acc_other")


def put_in() -> None:
    row = Posting.objects.get(seq=4)
    row.id, row.reference, row.seq = "ent_mine", "mine", 13
    row.previous = Posting.objects.get(seq=12).hash
    Posting.objects.bulk_create([row])


def account_put_in() -> None:
    row = Account.objects.get(name="ana")
    row.id, row.name = "acc_mine", "mine"
    Account.objects.bulk_create([row])


def cut_and_set_back() -> None:
    gone(11, 12)()
    Head.objects.update(seq=10, hash=Posting.objects.get(seq=10).hash)


def swap() -> None:
    Posting.objects.filter(seq=3).update(seq=99)
    Posting.objects.filter(seq=8).update(seq=3)
    Posting.objects.filter(seq=99).update(seq=8)


SAYS_OTHERWISE = "does not say what was posted"
ACCOUNT_CHANGED = "this account is not what was opened"


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (posting(4, amount=101), [f"posting 4 {SAYS_OTHERWISE}"]),
        (posting(4, at=START + timedelta(microseconds=1)), [f"posting 4 {SAYS_OTHERWISE}"]),
        (posting(4, reference="n"), [f"posting 4 {SAYS_OTHERWISE}"]),
        (posting(4, id="ent_other"), [f"posting 4 {SAYS_OTHERWISE}"]),
        (posting(12, mirrors=None), [f"posting 12 {SAYS_OTHERWISE}"]),
        (posting(4, source=F("destination"), destination=F("source")), [SAYS_OTHERWISE]),
        (posting(4, hash="0" * 64), ["the hash of posting 4 was changed"]),
        (posting(12, hash="0" * 64), ["the hash of posting 12 was changed"]),
        (posting(4, previous="0" * 64), ["posting 4 is not chained to the one before any more"]),
        (posting(4, seq=99), ["this posting had the number 4 and now has 99"]),
        (posting(4, seq=-4), ["this posting had the number 4 and now has -4"]),
        (swap, ["had the number 8 and now has 3", "had the number 3 and now has 8"]),
        (gone(4), ["posting 4 is missing"]),
        (gone(1), ["posting 1 is missing"]),
        (gone(12), ["posting 12 is missing"]),
        (gone(4, 5, 6, 9), ["the postings 4 to 6 are missing", "posting 9 is missing"]),
        (gone(*range(1, 13)), ["the postings 1 to 12 are missing"]),
        (account(name="eve"), [ACCOUNT_CHANGED]),
        (account(unit="USD"), [ACCOUNT_CHANGED]),
        (account(opened_at=START - timedelta(days=1)), [ACCOUNT_CHANGED]),
        (account(seal="0" * 64), [ACCOUNT_CHANGED]),
        (account_put_in, [ACCOUNT_CHANGED]),
        (account_gone, ["this account is missing; posting 1 and 5 more name it"]),
        (other_id, ["this account had the id acc_"]),
        (head(seq=11), ["was changed: its seal does not fit"]),
        (head(hash="0" * 64), ["was changed: its seal does not fit"]),
        (head(seal="0" * 64), ["was changed: its seal does not fit"]),
        (lambda: Head.objects.all()._raw_delete("default"), ["is missing: nothing says which"]),
        (cut_and_set_back, ["was changed: its seal does not fit"]),
        (put_in, [f"posting 13 {SAYS_OTHERWISE}"]),
    ],
)
def test_a_finding_names_the_row_and_what_happened(store: str, harm: Harm, told: list[str]) -> None:
    harm()
    findings = verify.verify_store()
    assert len(findings) == len(told), findings
    for finding, part in zip(findings, told, strict=True):
        assert part in finding.what


def test_a_posting_of_another_store_is_missing_here(other_store: str, store: str) -> None:
    posting(4, store_id=other_store)()
    assert [finding.what for finding in verify.verify_store()] == ["posting 4 is missing"]


@pytest.mark.sqlite_only("PostgreSQL takes no bytes in a column of text")
def test_bytes_that_read_like_the_text_are_another_value(store: str) -> None:
    post(store, [movement("abcd")])
    with connection.cursor() as cursor:
        changed = "UPDATE ledger_posting SET reference = %s WHERE reference = 'abcd'"
        cursor.execute(changed, [b64decode("abcd")])
    [finding] = verify.verify_store()
    assert finding.what == f"posting 13 {SAYS_OTHERWISE}: its hash does not fit"


def test_long_lists_are_cut_short(store: str) -> None:
    post(store, [movement(f"more{n}") for n in range(MOST + 20)])
    Posting.objects.filter(seq__gt=12).update(amount=1)
    findings = verify.verify_store()
    assert len(findings) == MOST + 1
    assert findings[-1].what == "and 20 postings more"


def test_another_secret_is_told_once(store: str, settings: Any) -> None:
    settings.SECRET_KEY = "another secret, just as long as the one that the tests have"
    [finding] = verify.verify_store()
    assert "not one of 12 postings fits the key: WORDMOUTH_SECRET" in finding.what


def chained(store: str, **odd: Any) -> None:
    """A posting that is chained as it should be, by the engine or by somebody with its key."""
    row = Posting.objects.get(seq=1)
    row.id, row.reference = "ent_odd", "odd"
    for name, value in odd.items():
        setattr(row, name, value)
    services._append(store, [row], [row.source, row.destination])


def sealed(store: str, name: str, opened_at: Any) -> None:
    row = Account(id=f"acc_{name}", store_id=store, name=name, unit="EUR", opened_at=opened_at)
    row.seal = chain.Stamp().account(chain.sealed_of(row))
    Account.objects.bulk_create([row])


def test_what_the_chain_vouches_for_must_still_be_right(store: str) -> None:
    original = Posting.objects.get(seq=2)
    chained(store, unit="USD", mirrors_id=original.id)
    assert [finding.what for finding in verify.verify_store()] == [
        f"account {original.source_id} holds EUR, the posting moves USD",
        f"account {original.destination_id} holds EUR, the posting moves USD",
        f"is no mirror image of {original.id}",
    ]


def test_an_undoing_of_nothing_is_found(store: str) -> None:
    chained(store, mirrors_id="ent_nothing")
    assert verify.verify_store() == [
        Finding(where="ent_odd", what="undoes ent_nothing, which does not exist")
    ]


def test_an_account_belongs_to_its_first_posting(store: str) -> None:
    sealed(store, "unused", START)
    [finding] = verify.verify_store()
    assert finding == Finding(where="acc_unused", what="no posting names this account")
    chained(store, destination_id="acc_unused", destination=Account.objects.get(id="acc_unused"))
    assert verify.verify_store() == []


def test_postings_that_are_written_meanwhile_are_no_finding(
    store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_on, left = Walk.read_on, [3, 2, 0]

    def and_post(self: Walk) -> None:
        read_on(self)
        post(store, [movement(f"meanwhile{left[0]}-{n}", "eve") for n in range(left.pop(0))])

    monkeypatch.setattr(Walk, "read_on", and_post)
    assert verify.verify_store() == []
    assert queries.count() == 17


def test_a_head_that_was_noted_proves_all_before_it(store: str) -> None:
    noted = str(queries.head())
    assert noted.startswith("12:")
    post(store, [movement("later")])
    assert verify.check_head(noted) == []
    assert verify.check_head("0:" + "0" * 64) == []
    [finding] = verify.check_head("99:" + "0" * 64)
    assert finding.what == "posting 99 of the given head is not there; the newest is 13"


def test_whoever_has_the_key_and_rewrites_everything_is_found_by_a_head(store: str) -> None:
    noted = str(queries.head())
    rows = list(Posting.objects.select_related("source", "destination").order_by("seq"))
    Posting.objects.all()._raw_delete("default")
    Head.objects.all()._raw_delete("default")
    rows[3].amount = 1
    rows[11].amount = 1
    services._append(store, rows, Account.objects.all())
    assert verify.verify_store() == []
    [finding] = verify.check_head(noted)
    assert finding.what == "posting 12 is not the one whose head was given: the chain was rewritten"


def test_whoever_has_the_key_must_rewrite_all_that_follows(store: str) -> None:
    row = Posting.objects.select_related("source", "destination").get(seq=4)
    row.amount = 1
    posting(4, amount=1, hash=chain.Stamp().posting(chain.link_of(row)))()
    [finding] = verify.verify_store()
    assert finding.what == "posting 5 does not follow on posting 4"
    assert finding.where == Posting.objects.get(seq=5).id


def test_whoever_has_the_key_must_rewrite_the_head_too(store: str) -> None:
    row = Posting.objects.select_related("source", "destination").get(seq=12)
    row.reference = "other"
    posting(12, reference="other", hash=chain.Stamp().posting(chain.link_of(row)), mirrors=None)()
    row.mirrors = None
    posting(12, hash=chain.Stamp().posting(chain.link_of(row)))()
    [finding] = verify.verify_store()
    assert finding.what == "names another posting 12 than the one that is there"


def test_an_older_head_is_found_while_what_follows_is_there(store: str) -> None:
    older = Head.objects.get()
    post(store, [movement("later")])
    head(seq=older.seq, hash=older.hash, seal=older.seal)()
    [finding] = verify.verify_store()
    assert finding == Finding(where="head", what="names posting 12 as the newest, and there are 13")


@pytest.mark.parametrize("text", ["", "12", "12:abc", "x:" + "0" * 64, "12:" + "G" * 64])
def test_what_is_no_head_is_refused_in_words(store: str, text: str) -> None:
    with pytest.raises(Invalid, match="is no head of a ledger; it is the number"):
        verify.check_head(text)
