"""The names of the accounts in which rewards stand. Pure.

A balance is what came in less what went out: what is promised or available to somebody is above
zero there, what it cost the store below. The accountant's names are in `chart.py`.
"""

from __future__ import annotations

PURSES = {"points": "points", "store_credit": "credit", "cash": "cash"}
"""Where each wallet kind is credited; every other kind is a thing of its own, in `coupon`."""

COUPON = "coupon"
THINGS = ("percent_off", "free_shipping", "free_product", "early_access", "custom")
"""Kinds whose worth is not known."""
ALL_PURSES = ("points", "credit", "cash", COUPON)
BANK = "bank"


def purse_of(kind: str) -> str:
    """The purse that a kind of reward belongs to."""
    return PURSES.get(kind, COUPON)


def expense(program_id: str) -> str:
    """What a programme's promises cost."""
    return f"expense:{program_id}"


def pending(purse: str, holder: str) -> str:
    """What is promised to somebody and waits for its hold."""
    return f"pending:{_whose(purse, holder)}"


def available(purse: str, holder: str) -> str:
    """What somebody has and may use."""
    return f"available:{_whose(purse, holder)}"


def _whose(purse: str, holder: str) -> str:
    """Coupons, which were there before wallets, stand under the holder's name alone."""
    return holder if purse == COUPON else f"{purse}:{holder}"


def redeemed(program_id: str) -> str:
    """What coupons and things were used."""
    return f"redeemed:{program_id}"


def debt(holder: str, kind: str, unit: str) -> str:
    """What somebody used and was not owed, below zero; set off against things of the same worth:
    money against money, a thing whose worth is not known against one of its kind."""
    return f"debt:{holder}:{kind if unit == 'CPN' else 'money'}"


def debts(holder: str) -> tuple[str, ...]:
    """All accounts of what somebody owes."""
    return tuple(f"debt:{holder}:{worth}" for worth in ("money", *THINGS))


def expired(program_id: str) -> str:
    """What wallets held and was not used in time."""
    return f"expired:{program_id}"


def spent_points(program_id: str) -> str:
    """Points that were redeemed."""
    return f"spent:points:{program_id}"


def converted(program_id: str) -> str:
    """Store credit on its way into a thing that was bought with it."""
    return f"converted:{program_id}"


def transit(payout_id: str) -> str:
    """Cash on its way to somebody's account."""
    return f"transit:{payout_id}"
