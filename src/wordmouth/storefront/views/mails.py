"""Stopping mails: a page with a button, and the one click that mail programs make."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wordmouth.kit.signing import BadSignature
from wordmouth.messages import services as messages
from wordmouth.storefront.frame import nowhere, page, storefront
from wordmouth.stores.facts import StoreFacts
from wordmouth.stores.transactions import store_read, store_write


class Mails(msgspec.Struct, frozen=True, kw_only=True):
    """Whether mails are stopped now."""

    stopped: bool


@csrf_exempt  # RFC 8058: mail programs post without having seen the page; the key is the proof.
@require_http_methods(["GET", "HEAD", "POST"])
@storefront
def unsubscribe(request: HttpRequest, store: StoreFacts, key: str) -> HttpResponse:
    """GET changes nothing, since mail scanners follow every link; POST stops the mails."""
    try:
        if request.method == "POST":
            with store_write(store.id):
                if request.POST.get("again"):
                    messages.resubscribe(store.id, key)
                else:
                    messages.unsubscribe(store.id, key)
        with store_read(store.id):
            shown = Mails(stopped=messages.is_unsubscribed(store.id, key))
    except BadSignature:
        return nowhere(request)
    return page(request, store, "mails", shown)
