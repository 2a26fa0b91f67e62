"""The REST API under /api/v1: the door for programs.

Words: an *operation* is one method of one address; a *shape* is what an operation answers;
a *problem* is what it answers when something is wrong (RFC 9457).

Always true: what the OpenAPI document does not declare is refused (addresses, methods, query
parameters, body fields, media types); every answer that is not a success is a problem with a
stable code; a private operation sees one store, that of its key; a write with an
Idempotency-Key takes effect once.
"""
