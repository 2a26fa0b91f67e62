"""Two shipping methods with a price, so that free shipping is worth something."""

from decimal import Decimal

from oscar.apps.shipping import methods, repository


class Standard(methods.FixedPrice):  # type: ignore[misc]
    """Delivery in a few days."""

    code = "standard"
    name = "Standard delivery"
    charge_excl_tax = charge_incl_tax = Decimal("4.00")


class Express(methods.FixedPrice):  # type: ignore[misc]
    """Delivery tomorrow."""

    code = "express"
    name = "Express delivery"
    charge_excl_tax = charge_incl_tax = Decimal("9.00")


class Repository(repository.Repository):  # type: ignore[misc]
    """Both methods, wherever the parcel goes."""

    methods = (Standard(), Express())
