"""What is known of a store around a programme. Read within the store's scope."""

from __future__ import annotations

from wordmouth.catalog import queries as catalog
from wordmouth.kit import clock
from wordmouth.orders import queries as orders
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.errors import ProgramInvalid
from wordmouth.programs.fitting import Surroundings, categories, fit, products
from wordmouth.programs.parse import problems_of
from wordmouth.programs.ports import abilities
from wordmouth.stores import queries as stores

MOST_GUESSED = 5
"""Unknown products for which something near is looked for; it takes long in large catalogues."""


def check_fit(store_id: str, document: ProgramDocument) -> Surroundings:
    """What is known around the programme, if the store can keep all of it. Raises ProgramInvalid
    with everything that it cannot."""
    known = around(store_id, document)
    findings = fit(document, known)
    if findings:
        raise ProgramInvalid(problems_of(document, findings))
    return known


def around(store_id: str, document: ProgramDocument) -> Surroundings:
    """What the store of that programme is able to do, and what it has."""
    named = [product for _, product in products(document)]
    known = catalog.products(named)
    missing = [product for product in dict.fromkeys(named) if product not in known]
    guessed = catalog.nearest(missing[:MOST_GUESSED]) if missing else {}
    return Surroundings(
        abilities=abilities(store_id),
        currencies=_currencies(store_id, document.currency),
        products={product.id: product.name for product in known.values()},
        nearest={
            text: [(product.id, product.name) for product in near] for text, near in guessed.items()
        },
        categories=frozenset(catalog.categories() if any(categories(document)) else ()),
        catalogue_size=catalog.count(),
        today=clock.now().date(),
    )


def _currencies(store_id: str, asked: str | None) -> tuple[str, ...]:
    """The store's currency; what its orders use only where another one is asked for, for that
    looks at all of them."""
    own = stores.store(store_id).currency
    if asked is None or asked == own:
        return (own,)
    return (own, *sorted(orders.currencies() - {own}))
