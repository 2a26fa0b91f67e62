"""Programmes as documents."""

from __future__ import annotations

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.shapes import ProgramAnswer
from wordmouth.programs import parse, queries, services
from wordmouth.programs.document import ProgramDocument

TOML = frozenset({"text/toml", "application/toml"})


def document_in(slug: str, media: str, body: bytes) -> ProgramDocument:
    """The document that was sent, checked. Raises ProgramInvalid, RequestInvalid."""
    document = parse.parse_toml(body) if media in TOML else parse.parse_json(body)
    if document.slug != slug:
        message = f"is {document.slug!r}, but the address says {slug[:60]!r}"
        raise RequestInvalid([FieldError(path="slug", message=message)])
    return document


def apply(document: ProgramDocument, by: str) -> ProgramAnswer:
    """Make the programme what the document says; it is answered as it stands then."""
    services.apply_document(document, by=by)
    return one(document.slug)


def one(slug: str) -> ProgramAnswer:
    """The programme as a document. Raises ProgramNotFound."""
    return ProgramAnswer.model_validate(parse.to_data(queries.get_document(slug)))
