"""``{% load sandbox %}``: the goods, since the sandbox has no search engine to list them."""

from typing import Any

from django import template
from oscar.core.loading import get_model

register = template.Library()


@register.simple_tag
def goods() -> Any:
    """Return every product of the sandbox."""
    return get_model("catalogue", "Product")._default_manager.browsable().order_by("pk")
