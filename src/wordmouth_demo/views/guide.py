"""The start page: what the demo is and the journey to click through."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wordmouth_demo import web


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the guide."""
    return web.page(request, "guide.html", {"here": "guide"})
