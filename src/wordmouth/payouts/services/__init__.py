"""Verbs of payouts.

All but `export` are called inside a store write; `export` opens its own, since a file takes longer
to make than others should wait. `by` says who did it: `user NAME` for somebody who has signed in.
"""

from wordmouth.payouts.services.answers import answer_table, hear, rule
from wordmouth.payouts.services.batches import approve, cancel, make
from wordmouth.payouts.services.payees import (
    forget_payee,
    note_papers,
    set_payee,
    set_paying_account,
)
from wordmouth.payouts.services.sending import export, on_intake_changed, send

__all__ = [
    "answer_table",
    "approve",
    "cancel",
    "export",
    "forget_payee",
    "hear",
    "make",
    "note_papers",
    "on_intake_changed",
    "rule",
    "send",
    "set_payee",
    "set_paying_account",
]
