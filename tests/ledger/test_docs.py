"""The example in docs/ledger.md is what the product writes, and beancount accepts it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from beancount import loader

from tests.floor_plan.plan import ROOT
from tests.world import World
from wordmouth.ledger import beancount, table
from wordmouth.ledger.facts import Movement
from wordmouth.ledger.journal import Journal
from wordmouth.ledger.services import mirror, post
from wordmouth.rewards import accounts
from wordmouth.rewards.chart import Chart

PAGE = ROOT / "docs" / "ledger.md"
REWARD, HOLDER = "rwd_01kjmma2g0eg19smkn7dd583nt", "adv_01kjmma2g0fe2bp72z1fhycsz5"
PROGRAM = "prg_01kjmma2g0fedbwy1pz4w2abfb"
CHART = Chart({PROGRAM: "give-10-get-10"})


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def step(name: str, source: str, destination: str) -> Movement:
    return Movement(
        reference=f"{REWARD}:{name}",
        source=source,
        destination=destination,
        amount=1000,
        unit="EUR",
    )


def masked(text: str) -> str:
    """Without what is drawn by chance."""
    return re.sub(r"[0-9a-f]{64}|ent_\w{26}", "...", text)


def test_the_example_is_what_is_written(world: World) -> None:
    waits = accounts.pending("coupon", HOLDER)
    has = accounts.available("coupon", HOLDER)
    with world.write():
        store = world.store.id
        post(store, [step("promise:1", accounts.expense(PROGRAM), waits)])
        world.clock.move(timedelta(days=14))
        post(store, [step("release:2", waits, has)])
        world.clock.move(timedelta(days=20))
        mirror(store, [f"{REWARD}:release:2"])
        books = Journal(CHART, since=date(2026, 3, 10), until=date(2026, 4, 30))
        written = "".join(beancount.write(books, "Tea House: referrals", "EUR"))
    assert masked(written) == masked(block("beancount"))
    entries, errors, _ = loader.load_string(block("beancount"))
    assert errors == []
    assert len(entries) > 5


def test_every_column_of_the_table_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(), re.MULTILINE)
    assert tuple(rows) == table.COLUMNS


def test_every_account_of_the_chart_has_its_row() -> None:
    named = set(re.findall(r"^\| `((?:[A-Z]\w*:)[\w:{}]+)` \|", PAGE.read_text(), re.MULTILINE))
    made = {
        CHART.account(name).replace("Give-10-get-10", "{Programme}")
        for name in (
            *(
                account(purse, HOLDER)
                for purse in accounts.ALL_PURSES
                for account in (accounts.pending, accounts.available)
            ),
            *(
                account(PROGRAM)
                for account in (
                    accounts.expense,
                    accounts.redeemed,
                    accounts.expired,
                    accounts.spent_points,
                    accounts.converted,
                )
            ),
            accounts.debt(HOLDER, "amount_off", "EUR"),
            accounts.transit("pay_1"),
            accounts.BANK,
        )
    }
    purses = re.compile(r":(Points|StoreCredit|Cash|Coupons)$")
    assert named == {purses.sub(":{Purse}", name) for name in made}
