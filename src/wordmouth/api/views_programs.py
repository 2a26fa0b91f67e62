"""Programmes as documents."""

from __future__ import annotations

from wordmouth.api.errors import FieldError, RequestInvalid
from wordmouth.api.shapes import ProgramAnswer
from wordmouth.programs import parse, queries, services
from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.errors import ProgramInvalid

TOML = frozenset({"text/toml", "application/toml"})


def document_in(slug: str, media: str, body: bytes) -> ProgramDocument:
    """The document that was sent, checked. Raises ProgramInvalid, RequestInvalid."""
    document = parse.parse_toml(body) if media in TOML else parse.parse_json(body)
    if document.slug != slug:
        message = f"is {document.slug!r}, but the address says {slug[:60]!r}"
        raise RequestInvalid([FieldError(path="slug", message=message)])
    return document


def apply(document: ProgramDocument, by: str, toml: bytes | None = None) -> ProgramAnswer:
    """Make the programme what the document says; it is answered as it stands then.

    Where it came as `toml`, what the store cannot keep is told with its lines.
    """
    try:
        services.apply_document(document, by=by)
    except ProgramInvalid as error:
        if toml is None:
            raise
        raise ProgramInvalid(parse.on_lines(error.problems, toml)) from None
    return one(document.slug)


def one(slug: str) -> ProgramAnswer:
    """The programme as a document. Raises ProgramNotFound."""
    return ProgramAnswer.model_validate(parse.to_data(queries.get_document(slug)))
