"""Questions about products."""

from __future__ import annotations

from collections.abc import Iterable

from wordmouth.catalog.models import Product
from wordmouth.catalog.snapshot import ProductSnapshot


def products(external_ids: Iterable[str]) -> dict[str, ProductSnapshot]:
    """Those products by the shop's id; unknown ones are left out."""
    found = Product.objects.filter(external_id__in=set(external_ids))
    return {row.external_id: _snapshot(row) for row in found}


def _snapshot(row: Product) -> ProductSnapshot:
    told = {name: getattr(row, name) for name in ProductSnapshot.__struct_fields__ if name != "id"}
    return ProductSnapshot(id=row.external_id, **told)
