"""Operations without a key, for widgets, checkouts and friends' browsers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router

from wordmouth.advocates.rules import canonical_code
from wordmouth.api import codes
from wordmouth.api import views_offers as views
from wordmouth.api.idempotency import perform
from wordmouth.api.limits import (
    CLAIMS_BY_ADDRESS,
    CLAIMS_BY_CODE,
    CODES_BY_ADDRESS,
    check,
    client_address,
)
from wordmouth.api.replies import cached_reply
from wordmouth.api.requests import ClaimRequest
from wordmouth.api.shapes import Claim, CodeOffer

router = Router(tags=["Public"])


@router.get(
    "codes/{code}", response=CodeOffer, operation_id="getCode", summary="The offer behind a code"
)
def get_code(request: HttpRequest, code: str) -> HttpResponse:
    """What a friend gets with this code, and whose it is. Capitals do not matter.

    Answered with an ETag, to any origin. 404 `unknown_code`; 409 `not_claimable` while the
    programme is not live.
    """
    check(CODES_BY_ADDRESS, client_address(request), "from this address")
    canonical = canonical_code(code)
    owner = codes.known(codes.find_owners([canonical])[canonical] if canonical else None)
    face = codes.find_face(codes.face_key(owner, translation.get_language() or "en"))
    return cached_reply(request, codes.body_of(owner, face), codes.KEPT_SECONDS)


@router.post("claims", response=Claim, operation_id="createClaim", summary="Take an offer")
def create_claim(request: HttpRequest, body: ClaimRequest) -> HttpResponse:
    """The friend gets a single-use coupon; the same e-mail again gets the same one.

    Whether the friend is eligible is decided when they buy: the answer never tells who is a
    customer. The coupon works in the shop once its status is `issued`; ask again until then.
    """
    address = client_address(request)
    check(CLAIMS_BY_ADDRESS, address, "from this address")
    found = views.taking(body)
    check(CLAIMS_BY_CODE, found.code, "for this code")
    return perform(request, found.store_id, lambda: views.claim(found, body), owner=address)
