"""`payout`: cash is paid out.

`preview`, `make` and `approve` lead to a batch; `export` or `send` lets it go; `answer` and `rule`
say what became of it. `account`, `payees`, `forget`, `clear-tax` and `year` are about people.
"""

from __future__ import annotations

import click

from wordmouth.cli.payout import batches, payees, sending


@click.group(epilog="Example: wordmouth payout preview --store tea-house")
def payout() -> None:
    """Pay advocates the cash that they have earned."""


for command in (
    payees.account,
    payees.payees,
    batches.preview,
    batches.make,
    batches.list_,
    batches.show,
    batches.approve,
    batches.cancel,
    sending.export,
    sending.send,
    sending.answer,
    sending.rule,
    payees.forget,
    payees.clear_tax,
    payees.year,
):
    payout.add_command(command)
