"""What the store cannot keep is refused when a programme is saved, with what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from wordmouth.catalog import services as catalog
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.kit import clock
from wordmouth.orders import services as orders
from wordmouth.orders.snapshot import OrderSnapshot, Totals
from wordmouth.programs import ports, queries
from wordmouth.programs.document import Kind, ProgramDocument
from wordmouth.programs.errors import Problem, ProgramInvalid
from wordmouth.programs.facts import Applied
from wordmouth.programs.parse import on_lines, parse_data, parse_toml
from wordmouth.programs.services import apply_document, set_status
from wordmouth.programs.tests.samples import GIVE_10, changed
from wordmouth.stores.services import create_store
from wordmouth.stores.transactions import store_read, store_write

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
FREE_TEA = {"kind": "free_product", "product": "p-9"}


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    with clock.using(clock.SetClock(START)):
        yield


@pytest.fixture
def store(db: None, able: None) -> str:
    return create_store("Tea House", currency="EUR").store.id


def document(*rewards: dict[str, Any], **more: Any) -> ProgramDocument:
    friend = more.pop("friend", None)
    offers = [{"key": "a", "friend": friend, "advocate": list(rewards)}]
    eligibility = {"currency": "EUR", **more.pop("eligibility", {})}
    return parse_data(
        {
            "slug": "a",
            "name": "A",
            "status": "live",
            "offers": offers,
            "eligibility": eligibility,
            **more,
        }
    )


def apply(store_id: str, given: ProgramDocument) -> Applied:
    with store_write(store_id):
        return apply_document(given, by="test")


def problems_of(store_id: str, given: ProgramDocument) -> tuple[Problem, ...]:
    """What applying and planning both refuse."""
    with pytest.raises(ProgramInvalid) as caught:
        apply(store_id, given)
    with pytest.raises(ProgramInvalid) as planned, store_read(store_id):
        queries.plan(given)
    assert planned.value.problems == caught.value.problems
    return caught.value.problems


def stock(store_id: str, **names: str) -> None:
    """Products by their names; an underline in an id stands for a hyphen."""
    found = [
        ProductSnapshot(
            id=key.replace("_", "-"), name=name, sku=f"SKU-{key}", category="Tea", updated_at=START
        )
        for key, name in names.items()
    ]
    with store_write(store_id):
        catalog.take(store_id, found)


def able_to(*kinds: str, **why_not: str) -> ports.AbilitiesOf:
    told = ports.Abilities(adapter="test", kinds=frozenset(kinds), why_not=why_not)
    return lambda store_id: told


def test_a_kind_that_the_shop_cannot_express(store: str) -> None:
    why = "connect an issuer of gift cards: wordmouth store connect"
    ports.install(able_to("points", "amount_off", gift_card=why))
    given = document(
        {"kind": "gift_card", "value": 500},
        friend={"kind": "custom", "name": "a tasting"},
        wallet={"redemptions": [{"key": "a", "price": 5, "kind": "free_shipping"}]},
    )
    first, second, third = problems_of(store, given)
    assert first == Problem(
        path="offers[0].friend.kind",
        message="this store cannot give custom: the shop's connection has no way to do it",
        allowed=("amount_off", "points"),
    )
    assert second.path == "offers[0].advocate[0].kind"
    assert second.message == f"this store cannot give gift_card: {why}"
    assert third.path == "wallet.redemptions[0].kind"


def test_where_nothing_is_installed_only_what_every_shop_does_is_promised(db: None) -> None:
    told = ports._unwired("str_any")
    assert "percent_off" in told.kinds
    assert set(told.why_not) == set(get_args(Kind)) - told.kinds
    assert "custom" in told.why_not


def test_a_currency_that_the_store_does_not_use(store: str) -> None:
    given = document({"kind": "cash", "value": 5}, eligibility={"currency": "CHF"})
    (problem,) = problems_of(store, given)
    assert problem == Problem(
        path="eligibility.currency",
        message='this store does not use CHF; write currency = "EUR"',
        allowed=("EUR",),
    )
    snapshot = OrderSnapshot(
        id="1", updated_at=START, placed_at=START, currency="CHF", totals=Totals(grand=500)
    )
    with store_write(store):
        orders.take(store, [snapshot])
    assert apply(store, given).changed


PLACES = [
    ("offers[0].friend.product", {"friend": FREE_TEA}),
    ("offers[0].advocate[0].product", {"reward": FREE_TEA}),
    (
        "offers[0].advocate[0].access.products[1]",
        {
            "reward": {
                "kind": "early_access",
                "access": {"name": "new", "until": date(2027, 1, 1), "products": ["p-1", "p-9"]},
            }
        },
    ),
    ("eligibility.include.products[0]", {"eligibility": {"include": {"products": ["p-9"]}}}),
    ("eligibility.exclude.products[0]", {"eligibility": {"exclude": {"products": ["p-9"]}}}),
    (
        "wallet.redemptions[0].product",
        {"wallet": {"redemptions": [{"key": "a", "price": 5, **FREE_TEA}]}},
    ),
]


@pytest.mark.parametrize(("path", "parts"), PLACES)
def test_a_product_that_the_catalogue_does_not_have(
    store: str, path: str, parts: dict[str, Any]
) -> None:
    more = dict(parts)
    given = document(more.pop("reward", {"kind": "points", "value": 5}), **more)
    stock(store, p_1="Cup")
    (problem,) = problems_of(store, given)
    assert problem.path == path
    assert problem.message == "the catalogue has no product 'p-9'; did you mean 'p-1' (Cup)?"
    stock(store, p_9="Assam")
    assert apply(store, given).changed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("p-81", "'p-18' (Assam)"),
        ("Assam", "'p-18' (Assam)"),
        ("sku-p_18", "'p-18' (Assam)"),
        ("asam", "'p-18' (Assam)"),
        ("kettle", "'x-2' (Kettle)"),
    ],
)
def test_the_nearest_product_is_named(store: str, written: str, meant: str) -> None:
    stock(store, p_18="Assam", x_2="Kettle")
    (problem,) = problems_of(store, document({"kind": "free_product", "product": written}))
    assert meant in problem.message


def test_a_product_like_no_other(store: str) -> None:
    stock(store, p_18="Assam")
    (problem,) = problems_of(store, document({"kind": "free_product", "product": "zzzzzz"}))
    assert problem.message == (
        "the catalogue has no product 'zzzzzz'; write the shop's id of one it has"
    )


def test_an_empty_catalogue_says_how_products_become_known(store: str) -> None:
    (problem,) = problems_of(store, document(FREE_TEA))
    assert problem.message == (
        "the product 'p-9' is not known, for the catalogue is empty: "
        "products become known when the shop delivers them as product.snapshot"
    )


def access(until: str) -> dict[str, Any]:
    return {
        "kind": "early_access",
        "access": {"name": "new", "until": until, "category": "Tea"},
    }


def test_early_access_that_is_over(store: str) -> None:
    (problem,) = problems_of(store, document(access("2026-11-21")))
    assert problem.path == "offers[0].advocate[0].access.until"
    assert problem.message == (
        "early access until 2026-11-21 is over; write a day from 2026-11-22 on"
    )
    assert apply(store, document(access("2026-11-22"))).changed


def test_everything_is_told_at_once_and_with_the_lines_of_the_file(store: str) -> None:
    text = changed(
        ('"EUR"', '"CHF"'),
        ('kind = "amount_off"\nvalue = 1000', 'kind = "free_product"\nproduct = "p-9"'),
    )
    problems = problems_of(store, parse_toml(text))
    told = on_lines(problems, text)
    assert [(one.line, one.path) for one in told] == [
        (8, "eligibility.currency"),
        (20, "offers[0].advocate[0].product"),
    ]
    assert all(one.line is None for one in problems)
    assert on_lines(told, "slug = ") == told


def test_a_draft_is_looked_at_as_well(store: str) -> None:
    text = changed(('"live"', '"draft"'), ('"EUR"', '"CHF"'))
    (problem,) = problems_of(store, parse_toml(text))
    assert problem.path == "eligibility.currency"


def test_what_was_promised_once_can_be_kept_paused_and_ended(store: str) -> None:
    given = parse_toml(GIVE_10)
    apply(store, given)
    ports.install(able_to("points"))
    assert apply(store, given).changed is False
    with store_read(store):
        assert queries.plan(given).changes == ()
    with store_write(store):
        set_status("give-10-get-10", "paused", by="test")
    with (
        pytest.raises(ProgramInvalid, match="this store cannot give percent_off"),
        store_write(store),
    ):
        set_status("give-10-get-10", "live", by="test")
    with store_write(store):
        assert set_status("give-10-get-10", "ended", by="test").changed


def test_an_older_programme_that_would_not_be_valid_today_can_be_paused(store: str) -> None:
    from wordmouth.programs.models import ProgramVersion

    apply(store, parse_toml(GIVE_10))
    with store_write(store):
        (row,) = ProgramVersion.objects.all()
        row.document["limits"]["budget"]["amount"] = 1
        ProgramVersion.objects.filter(id=row.id).update(document=row.document)
    with store_write(store):
        assert set_status("give-10-get-10", "paused", by="test").changed


@pytest.mark.parametrize(
    ("given", "note"),
    [
        (
            document({"kind": "points", "value": 5}),
            "There is nothing that points could be spent on: add it as wallet.redemptions.",
        ),
        (
            document(
                {"kind": "cash", "value": 5},
                wallet={"redemptions": [{"key": "a", "price": 5, "kind": "free_shipping"}]},
            ),
            "wallet.redemptions takes points, but no offer gives any.",
        ),
        (
            document(
                {"kind": "cash", "value": 5, "schedule": "milestone", "n": 25},
                limits={"per_advocate": {"count": 20, "days": 365}},
            ),
            (
                "offers[0].advocate[0] takes 25 friends, and limits.per_advocate counts 20 in "
                "365 days: nobody gets it sooner."
            ),
        ),
        (
            document({"kind": "free_shipping"}, limits={"budget": {"amount": 500, "days": 30}}),
            (
                "offers[0].advocate[0] counts nothing towards budget and limits by value: say with "
                "cost what it costs the store."
            ),
        ),
        (
            document(
                {"kind": "cash", "value": 5}, eligibility={"exclude": {"categories": ["Teas"]}}
            ),
            (
                "eligibility.exclude.categories[0]: no known product is in the category 'Teas'; "
                "did you mean 'Tea'?"
            ),
        ),
    ],
)
def test_a_plan_notes_what_may_not_be_meant(store: str, given: ProgramDocument, note: str) -> None:
    stock(store, p_1="Cup")
    with store_read(store):
        assert queries.plan(given).notes == (note,)


def test_what_is_plain_needs_no_note(store: str) -> None:
    given = document({"kind": "cash", "value": 5}, limits={"budget": {"amount": 500, "days": 30}})
    with store_read(store):
        assert queries.plan(given).notes == ()
