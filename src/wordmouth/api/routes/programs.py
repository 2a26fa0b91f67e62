"""Operations on programmes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wordmouth.api import views_programs as views
from wordmouth.api.auth import caller_of, store_of
from wordmouth.api.idempotency import perform
from wordmouth.api.replies import reply
from wordmouth.api.shapes import ProgramAnswer
from wordmouth.stores.transactions import store_read

router = Router(tags=["Programmes"])

_DOCUMENT = {"schema": {"$ref": "#/components/schemas/ProgramDocument"}}
_ANSWER = {"responses": {200: {"content": {"application/json": _DOCUMENT}}}}
_TOML = {"schema": {"type": "string", "description": "The same document as TOML."}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": _DOCUMENT,
            **dict.fromkeys(sorted(views.TOML), _TOML),
        },
    }
}


@router.get(
    "programs/{slug}",
    response=ProgramAnswer,
    operation_id="getProgram",
    summary="One programme",
    openapi_extra=_ANSWER,
)
def get_program(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as the document that would make it."""
    with store_read(store_of(request)):
        return reply(views.one(slug))


@router.put(
    "programs/{slug}",
    response=ProgramAnswer,
    operation_id="putProgram",
    summary="Make or change a programme",
    openapi_extra={**_ANSWER, **_BODY},
)
def put_program(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole document, as JSON or TOML; the same document again changes nothing.

    New terms of a programme that was live make a new version: referrals under way keep the one
    their friend saw. 422 `program_invalid` lists everything that is wrong, with path and line.
    """
    media = str(request.content_type)
    document = views.document_in(slug, media, request.body)
    by, toml = caller_of(request), request.body if media in views.TOML else None
    return perform(request, store_of(request), lambda: views.apply(document, by, toml))
