"""Proof that the ledger is what it must be, from its rows and the installation's key.

The chain is walked from the first posting to the head. What is found says which row is wrong and,
as far as the hashes tell, what happened to it. What only follows from that is not told.
"""

from __future__ import annotations

import re

from wordmouth.kit.errors import Invalid
from wordmouth.ledger import chain, reading
from wordmouth.ledger.chain import Stamp
from wordmouth.ledger.facts import Finding, HeadFacts
from wordmouth.ledger.reading import HeadRow
from wordmouth.ledger.sealed import Accounts
from wordmouth.ledger.walk import Walk

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


def verify_store() -> list[Finding]:
    """Everything about the store's ledger that is not as it must be; empty when all is well.

    That every posting moves one amount between two accounts of its unit is what makes all
    accounts of a unit sum to zero. Postings may be written meanwhile.
    """
    stamp = Stamp()
    accounts = Accounts(stamp)
    walk = Walk(stamp, accounts)
    head = reading.head()
    walk.read_on()
    while (latest := reading.head()) != head:
        head = latest
        walk.read_on()
    trusted = head if head is not None and _is_sealed(stamp, head) else None
    if not trusted and not walk.proven and not accounts.proven and walk.seen > 1:
        return [_nothing_fits(walk.seen)]
    findings = accounts.findings() + walk.findings + walk.missing(trusted)
    findings += _about_head(walk, head, trusted)
    if walk.untold:
        findings.append(Finding(where="ledger", what=f"and {walk.untold} postings more"))
    return findings or walk.odd or accounts.unfit(walk.first)


def _is_sealed(stamp: Stamp, head: HeadRow) -> bool:
    return type(head.seq) is int and stamp.head(head.store_id, head.seq, head.hash) == head.seal


def _nothing_fits(postings: int) -> Finding:
    what = (
        f"not one of {postings} postings fits the key: WORDMOUTH_SECRET is not the one that they "
        "were posted with, or somebody without it wrote them all anew"
    )
    return Finding(where="ledger", what=what)


def _about_head(walk: Walk, head: HeadRow | None, trusted: HeadRow | None) -> list[Finding]:
    what = ""
    if head is None:
        what = "is missing: nothing says which posting is the newest" if walk.seen else ""
    elif trusted is None:
        what = "was changed: its seal does not fit"
    elif walk.findings:
        pass
    elif walk.seq > trusted.seq:
        what = f"names posting {trusted.seq} as the newest, and there are {walk.seq}"
    elif walk.seq == trusted.seq and walk.posted != trusted.hash:
        what = f"names another posting {trusted.seq} than the one that is there"
    return [Finding(where="head", what=what)] if what else []


def check_head(given: str) -> list[Finding]:
    """Whether a head that was noted earlier, as `SEQ:HASH`, still lies on the store's chain.

    Where it does, and the chain itself is proven, every posting up to that one is as it was then;
    even somebody who has the key cannot write them anew. Raises Invalid where the text is none.
    """
    head = parse_head(given)
    posted = reading.hash_of(head.seq) if head.seq else chain.START
    if posted == head.hash:
        return []
    if posted is None:
        newest = reading.head()
        there = newest.seq if newest else 0
        what = f"posting {head.seq} of the given head is not there; the newest is {there}"
    else:
        what = f"posting {head.seq} is not the one whose head was given: the chain was rewritten"
    return [Finding(where="ledger", what=what)]


def parse_head(given: str) -> HeadFacts:
    """The head that `wordmouth ledger head` printed. Raises Invalid."""
    found = _HEAD.fullmatch(given.strip())
    if found is None:
        raise Invalid(
            f"{given!r} is no head of a ledger; it is the number of a posting, a colon and its "
            "hash of 64 digits, as `wordmouth ledger head` prints it."
        )
    return HeadFacts(seq=int(found[1]), hash=found[2])
