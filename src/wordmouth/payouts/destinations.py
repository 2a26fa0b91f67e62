"""Where money goes, opened and sealed.

A destination is personal data. It is kept sealed (see `stores.vault`), bound to the one row it
belongs to; everything else in this room knows only its hint.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from wordmouth.payouts import banking
from wordmouth.payouts.errors import BadAccount
from wordmouth.stores.vault import seal, unseal

Kept = TypeVar("Kept", bound=msgspec.Struct)


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """An account that money goes to, checked. `name` is the holder's, for `iban` alone; `account`
    is the IBAN, the PayPal e-mail address or the id of the Stripe account."""

    method: str
    name: str = ""
    account: str

    @property
    def hint(self) -> str:
        """What may be shown of it."""
        masked = {
            "iban": banking.hint_of,
            "paypal": banking.email_hint,
            "stripe": banking.account_hint,
        }
        return masked[self.method](self.account)


def checked(method: str, *, name: str, iban: str, email: str, account: str) -> Destination:
    """What was entered for a method, as a destination. Raises BadAccount: a field that is wrong,
    or that belongs to another method."""
    wanted = {"iban": ("name", "iban"), "paypal": ("email",), "stripe": ("account",)}.get(method)
    if wanted is None:
        raise BadAccount("method", f"is iban, paypal or stripe, not {method[:20]!r}")
    given = {"name": name, "iban": iban, "email": email, "account": account}
    for field, text in given.items():
        if text and field not in wanted:
            message = f"does not belong to {method}, which takes {' and '.join(wanted)}"
            raise BadAccount(field, message)
    if method == "iban":
        holder = banking.checked_name(name)
        return Destination(method=method, name=holder, account=banking.checked_iban(iban))
    if method == "paypal":
        return Destination(method=method, account=banking.checked_paypal(email))
    return Destination(method=method, account=banking.checked_stripe(account))


def sealed(value: msgspec.Struct, row_id: str) -> str:
    """For the row with this id, and no other."""
    return seal(msgspec.json.encode(value).decode(), _place(row_id))


def opened(text: str, row_id: str, kind: type[Kept]) -> Kept:
    """What was sealed for a row. Raises SealBroken."""
    return msgspec.json.decode(unseal(text, _place(row_id)), type=kind)


def _place(row_id: str) -> str:
    return f"{row_id}:details"
