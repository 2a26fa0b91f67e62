"""The files of batches: drawn up, sealed, and given again as they were."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence

from wordmouth.kit import clock
from wordmouth.kit.errors import NotFound
from wordmouth.payouts import sepa, tables
from wordmouth.payouts.destinations import opened
from wordmouth.payouts.errors import RailNotReady
from wordmouth.payouts.facts import Sheet
from wordmouth.payouts.models import Batch, PayingAccount, Payout
from wordmouth.payouts.queries import destination
from wordmouth.payouts.sepa import Credit, Paying
from wordmouth.stores import queries as stores
from wordmouth.stores.vault import seal, unseal

XML, CSV = "application/xml", "text/csv; charset=utf-8"


def draw(store_id: str, batch: Batch, payouts: Sequence[Payout]) -> Sheet:
    """The file that pays these. Raises RailNotReady, NotFound where a destination is forgotten."""
    credits = [Credit(id=row.id, amount=row.amount, to=destination(row)) for row in payouts]
    note = f"{stores.store(store_id).name}: referral rewards"
    name = sepa.end_to_end_id(batch.id)
    if batch.rail == "csv":
        return Sheet(
            name=f"{name}.csv", media=CSV, content=tables.paid(credits, batch.currency, note)
        )
    account = PayingAccount.objects.first()
    if account is None:
        raise RailNotReady("No account to pay from is set any more: wordmouth payout account.")
    content = sepa.document(
        batch.id,
        opened(account.details, account.id, Paying),
        credits,
        form=account.form,
        made_at=clock.now(),
        day=clock.now().date(),
        note=note,
    )
    return Sheet(name=f"{name}.xml", media=XML, content=content)


def sealed(sheet: Sheet, batch_id: str) -> str:
    """The file for its batch's row."""
    packed = base64.b64encode(zlib.compress(sheet.content, 9)).decode()
    return seal(packed, f"{batch_id}:file")


def kept(batch_id: str) -> Sheet:
    """The file of a batch that was sent. Raises NotFound where there is none."""
    row = Batch.objects.get(id=batch_id)
    if not row.file_name:
        raise NotFound(f"A batch by {row.rail} has no file.")
    if not row.file:
        raise NotFound("Somebody in this file has been forgotten, and the file with them.")
    packed = unseal(row.file, f"{batch_id}:file")
    media = CSV if row.file_name.endswith(".csv") else XML
    return Sheet(name=row.file_name, media=media, content=zlib.decompress(base64.b64decode(packed)))
