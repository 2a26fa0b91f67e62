"""`POST /connect/woocommerce`: where a WooCommerce shop hands over the key that its merchant has
granted by one click. WooCommerce takes 200 for an answer and nothing else: on any other status it
throws the key away and tells the merchant so.

The form of the request is WooCommerce's, so this is no operation of the REST API; what every
request to that passes (sizes, media, problems in one form), this one passes as well.
"""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse

from wordmouth.api.door import door
from wordmouth.api.reading import read_json
from wordmouth.api.surface import Declared, Operations
from wordmouth.integrations.woocommerce import authorize
from wordmouth.kit.errors import WordmouthError

_log = structlog.get_logger(__name__)


def _take(request: HttpRequest) -> HttpResponse:
    """Why a key was not taken is in our log: the shop shows its merchant no word of ours."""
    try:
        store_id = authorize.connect(read_json(request.body))
    except WordmouthError as error:
        _log.warning("a granted key was not taken", code=error.code, why=error.detail)
        raise
    _log.info("a shop was connected by one click", store=store_id)
    return JsonResponse({"store": store_id})


def _only_post() -> Operations:
    nothing: frozenset[str] = frozenset()
    media = frozenset({"application/json"})
    return {"POST": Declared(queries=nothing, media=media, fields=(), public=False)}


woocommerce = door(_take, _only_post)
