"""The start page: what the demo is and the journey to click through."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wordmouth_demo import config, web


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the guide, with the login of the merchant's dashboard where it may be shown."""
    shop = config.get()
    login = {"desk_user": shop.desk_user, "desk_password": shop.desk_password}
    return web.page(request, "guide.html", {"here": "guide", **login})
