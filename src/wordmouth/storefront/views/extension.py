"""The one question of Shopify's extensions, `GET /s/-/{store}/shopify.json`.

They run in a sandbox without an origin and send no cookies: a session token proves for whom they
ask, so any origin may.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from wordmouth.integrations.shopify import session
from wordmouth.integrations.shopify.adapter import Shopify
from wordmouth.kit import clock
from wordmouth.kit.asgi import TryAgain
from wordmouth.kit.errors import NotFound, WordmouthError
from wordmouth.kit.limits import Limit
from wordmouth.kit.signing import BadSignature
from wordmouth.storefront.errors import AskedTooOften, SessionRefused
from wordmouth.storefront.extension import Block, block_for
from wordmouth.storefront.frame import visitor
from wordmouth.stores import queries as stores

QUESTIONS_BY_VISITOR = Limit(burst=60, per_second=0.5)
_SCHEME = "bearer "


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def shopify(request: HttpRequest, store_id: str) -> HttpResponse:
    """What an extension shows to the customer of its session token; what is wrong as a problem."""
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Authorization"
        response["Access-Control-Max-Age"] = "86400"
    else:
        response = _answer(request, store_id)
        response["Cache-Control"] = "private, no-store"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _answer(request: HttpRequest, store_id: str) -> HttpResponse:
    try:
        shown = _block(request, store_id)
    except WordmouthError as error:
        body = msgspec.json.encode(error.problem())
        response = HttpResponse(body, status=error.status, content_type="application/problem+json")
        if isinstance(error, TryAgain):
            response["Retry-After"] = str(error.retry_after)
        return response
    return HttpResponse(msgspec.json.encode(shown), content_type="application/json")


def _block(request: HttpRequest, store_id: str) -> Block:
    """Raises SessionRefused, AskedTooOften, NotFound."""
    wait = QUESTIONS_BY_VISITOR.take(visitor(request))
    if wait:
        raise AskedTooOften(f"too many questions from this address; wait {wait} s", wait)
    store = stores.store(store_id)
    connection = stores.connection(store.id, Shopify.name)
    if connection is None:
        raise NotFound("this store is not connected with Shopify")
    given = request.headers.get("Authorization", "")
    token = given[len(_SCHEME) :].strip() if given.lower().startswith(_SCHEME) else ""
    try:
        customer = session.customer(connection, token, clock.now())
    except BadSignature as error:
        raise SessionRefused(f"{error}; ask Shopify for a new one") from error
    return block_for(store, customer)
