"""The forked shipping app."""

from oscar.apps.shipping import apps


class ShippingConfig(apps.ShippingConfig):  # type: ignore[misc]
    """Stands in for oscar's own."""

    name = "sandbox.shipping"
