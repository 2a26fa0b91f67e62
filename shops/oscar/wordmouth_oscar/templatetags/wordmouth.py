"""Template tags: ``{% load wordmouth %}``."""

from typing import Any

from django import template

from wordmouth_oscar.invitations import invitation_url

register = template.Library()


@register.inclusion_tag("wordmouth_oscar/invite.html")
def wordmouth_invite(order: Any) -> dict[str, str]:
    """Show the invitation to recommend the shop; nothing if there is no link to show."""
    return {"url": invitation_url(order)}


@register.simple_tag
def wordmouth_invite_url(order: Any) -> str:
    """Return the invitation's address only, for an invitation of the shop's own design."""
    return invitation_url(order)
