"""Verbs on products."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.catalog.models import Product
from wordmouth.catalog.snapshot import ProductSnapshot
from wordmouth.kit.ids import new_id

TOLD = ["sku", "name", "category", "price", "currency", "url", "image_url", "updated_at"]


def take(store_id: str, snapshots: Sequence[ProductSnapshot]) -> None:
    """Learn products; an older snapshot than the known one changes nothing."""
    if not snapshots:
        return
    newest: dict[str, ProductSnapshot] = {}
    for snapshot in snapshots:
        known = newest.get(snapshot.id)
        if known is None or known.updated_at <= snapshot.updated_at:
            newest[snapshot.id] = snapshot
    rows = {row.external_id: row for row in Product.objects.filter(external_id__in=newest)}
    changed = []
    for external_id, snapshot in newest.items():
        row = rows.get(external_id)
        if row is not None and row.updated_at > snapshot.updated_at:
            continue
        row = row or Product(id=new_id("pro"), store_id=store_id, external_id=external_id)
        for name in TOLD:
            setattr(row, name, getattr(snapshot, name))
        changed.append(row)
    Product.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["store", "external_id"], update_fields=TOLD
    )
