"""Questions about products."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from wordmouth.catalog.models import Product
from wordmouth.catalog.snapshot import ProductSnapshot

NEAREST = 3
"""Products that are named in place of one that there is not."""
COMPARED = 5000
"""Products that are compared with a text."""


def products(external_ids: Iterable[str]) -> dict[str, ProductSnapshot]:
    """Those products by the shop's id; unknown ones are left out."""
    found = Product.objects.filter(external_id__in=set(external_ids))
    return {row.external_id: _snapshot(row) for row in found}


def count() -> int:
    """How many products are known."""
    return Product.objects.count()


def categories() -> set[str]:
    """The categories that known products are in."""
    return set(Product.objects.exclude(category="").values_list("category", flat=True).distinct())


def nearest(texts: Iterable[str]) -> dict[str, list[ProductSnapshot]]:
    """For each text the products, at most `NEAREST`, whose id, SKU or name is most like it.

    Of a large catalogue the `COMPARED` first products by id are looked at, and those that have
    just this SKU or name.
    """
    wanted = list(dict.fromkeys(texts))
    columns = ("external_id", "sku", "name")
    rows = list(Product.objects.order_by("external_id").values_list(*columns)[:COMPARED])
    for column in ("sku__in", "name__in"):
        rows += Product.objects.filter(**{column: wanted}).values_list(*columns)
    owners: dict[str, str] = {}
    for external_id, *names in rows:
        for name in (external_id, *names):
            owners.setdefault(name.casefold(), external_id)
    owners.pop("", None)
    found = {text: _like(text, owners) for text in wanted}
    known = products(external_id for ids in found.values() for external_id in ids)
    return {text: [known[external_id] for external_id in ids] for text, ids in found.items()}


def _like(text: str, owners: dict[str, str]) -> list[str]:
    close = difflib.get_close_matches(text.casefold(), owners, n=2 * NEAREST, cutoff=0.5)
    return list(dict.fromkeys(owners[name] for name in close))[:NEAREST]


def _snapshot(row: Product) -> ProductSnapshot:
    told = {name: getattr(row, name) for name in ProductSnapshot.__struct_fields__ if name != "id"}
    return ProductSnapshot(id=row.external_id, **told)
