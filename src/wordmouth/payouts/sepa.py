"""A batch as a SEPA credit transfer: ISO 20022 pain.001, in the signs that banks take. It is
validated against its XSD before anybody gets it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from wordmouth.payouts.banking import LONGEST_NAME, LONGEST_NOTE, plain
from wordmouth.payouts.destinations import Destination

if TYPE_CHECKING:
    from xmlschema import XMLSchema

FORMS = ("pain.001.001.09", "pain.001.001.03")
"""The versions of the message that banks take; the first is what they ask for since 2023."""

CURRENCY = "EUR"


class Paying(msgspec.Struct, frozen=True, kw_only=True):
    """The store's own side: holder, IBAN, and the bank's BIC where it is known."""

    name: str
    iban: str
    bic: str


class Credit(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer; `amount` in cents."""

    id: str
    amount: int
    to: Destination


def end_to_end_id(payout_id: str) -> str:
    """What the bank calls a payout: at most 35 of its signs, and `_` is none of them."""
    return payout_id.replace("_", "-")


def payout_id_of(end_to_end: str) -> str:
    """The payout that a bank speaks of; as it was written where that is none of ours."""
    return end_to_end.strip().lower().replace("-", "_")


def document(
    batch_id: str,
    paying: Paying,
    credits: Sequence[Credit],
    *,
    form: str,
    made_at: datetime,
    day: date,
    note: str,
) -> bytes:
    """The file: the same arguments give the same bytes. Raises ValueError where it would not be
    valid, which the checks before it are there to prevent."""
    # They are heavy, and most processes never make such a file.
    from sepaxml import SepaTransfer
    from xmlschema import XMLSchemaValidationError

    config = {
        "name": plain(paying.name, LONGEST_NAME),
        "IBAN": paying.iban,
        "currency": CURRENCY,
        "batch": True,
        **({"BIC": paying.bic} if paying.bic else {}),
    }
    transfer = SepaTransfer(config, schema=form, clean=False)
    for credit in credits:
        transfer.add_payment(
            {
                "name": plain(credit.to.name, LONGEST_NAME),
                "IBAN": credit.to.account,
                "amount": credit.amount,
                "execution_date": day,
                "description": plain(note, LONGEST_NOTE),
                "endtoend_id": end_to_end_id(credit.id),
            }
        )
    text = _named(transfer.export(validate=False).decode(), batch_id, made_at)
    try:
        _schema(form).validate(text)
    except XMLSchemaValidationError as error:
        raise ValueError(f"The SEPA file of {batch_id} is not valid: {error.reason}") from error
    return text.encode()


@cache
def _schema(form: str) -> XMLSchema:
    """The message's XSD, as it comes with the library that writes the file; read once."""
    from xmlschema import XMLSchema

    place = resources.files("sepaxml") / "schemas" / f"{form}.xsd"
    with resources.as_file(place) as file:
        return XMLSchema(str(file))


def _named(text: str, batch_id: str, made_at: datetime) -> str:
    """With our names and time in place of the library's random ones, so that the bank knows a
    file that it has been given before."""
    name = end_to_end_id(batch_id)
    text = _put(text, "MsgId", name)
    text = _put(text, "PmtInfId", name)
    text = _put(text, "CreDtTm", made_at.strftime("%Y-%m-%dT%H:%M:%S"))
    # Without a BIC the guidelines want it said that there is none.
    unnamed = "<DbtrAgt><FinInstnId /></DbtrAgt>"
    said = "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt>"
    return text.replace(unnamed, said)


def _put(text: str, element: str, value: str) -> str:
    changed, times = re.subn(
        f"<{element}>[^<]*</{element}>", f"<{element}>{value}</{element}>", text
    )
    if times != 1:
        raise ValueError(f"The SEPA file has {times} elements {element}, not one.")
    return changed
