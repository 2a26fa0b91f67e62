"""What the commands of payouts share: which batch, and who says so."""

from __future__ import annotations

import click

from wordmouth.cli.output import Refused

BATCH = click.argument("batch", metavar="BATCH")
USER = click.option("--user", help="Sign in as this user of the desk; the password is asked for.")
SHELL = "command line"


def signed(store_id: str, user: str | None) -> str:
    """Whose name the act bears: a user's, who signs in, or the command line's."""
    if user is None:
        return SHELL
    from django.contrib.auth import authenticate

    from wordmouth.payouts.rules import USER as SIGNED_IN
    from wordmouth.stores import queries as stores

    password = click.prompt(f"Password of {user}", hide_input=True, err=True)
    known = authenticate(username=user, password=password)
    if known is None or known.pk is None:
        raise Refused("Name and password do not belong together.")
    if store_id not in {one.id for one in stores.stores_of_user(known.pk)}:
        raise Refused(f"{user} may not open this store's desk; see wordmouth store login.")
    return f"{SIGNED_IN}{known.get_username()}"
