"""The door for `GET /api/v1/codes/{code}`, bare, before the web framework.

It answers what the view behind Django answers, from the same functions (`api.codes`) and with the
same headers, out of caches. A request that is not plainly for it is left to Django.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import structlog

from wordmouth.advocates.rules import canonical_code
from wordmouth.api import codes, limits
from wordmouth.api.answers import EXPOSED_HEADERS, problem_of, request_id
from wordmouth.kit import asgi, etags
from wordmouth.kit.errors import WordmouthError
from wordmouth.kit.fresh import Busy, FreshCache
from wordmouth.kit.limits import client_address

PREFIX = "/api/v1/codes/"

_OPEN: tuple[asgi.Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED_HEADERS.encode()),
)
_KEPT: asgi.Header = (b"cache-control", f"public, max-age={codes.KEPT_SECONDS}".encode())


class CodeDoor:
    """An ASGI application for the offers behind codes.

    `common` are the headers of every answer of the site, `language` tells the caller's language
    from the headers `accept-language` and `cookie`, `hops` is how many proxies in front are
    trusted to tell the caller's address.
    """

    def __init__(
        self,
        owners: FreshCache[str, codes.Owner | None],
        faces: FreshCache[codes.FaceKey, codes.Face],
        common: Sequence[asgi.Header],
        language: Callable[[bytes, bytes], str],
        hops: int,
    ) -> None:
        self._owners = owners
        self._faces = faces
        self._common = (*_OPEN, *common)
        self._language = language
        self._hops = hops

    def takes(self, scope: asgi.Scope) -> bool:
        """Whether the request is answered here."""
        code = scope["path"][len(PREFIX) :]
        return bool(code) and "/" not in code and "\0" not in code and asgi.asks_only(scope)

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer one request."""
        headers = asgi.joined_headers(scope)
        language = self._language(headers.get(b"accept-language", b""), headers.get(b"cookie", b""))
        given = request_id(headers.get(b"x-request-id", b"").decode("latin-1"))
        common = [
            *self._common,
            (b"content-language", language.encode()),
            (b"x-request-id", given.encode()),
        ]
        head = scope["method"] == "HEAD"
        try:
            self._count(scope, headers)
            body = await self._body(scope["path"][len(PREFIX) :], language)
        except WordmouthError as error:
            await _refuse(send, error, common, given, head=head)
            return
        etag = etags.etag_of(body)
        common += [(b"etag", etag.encode()), _KEPT]
        if etags.is_known(etag, headers.get(b"if-none-match", b"").decode("latin-1")):
            await asgi.respond(send, 304, common)
        else:
            await asgi.respond(send, 200, [asgi.JSON, *common], body, head=head)

    def _count(self, scope: asgi.Scope, headers: dict[bytes, bytes]) -> None:
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        address = client_address(peer, forwarded, self._hops)
        limits.check(limits.CODES_BY_ADDRESS, address, "from this address")

    async def _body(self, text: str, language: str) -> bytes:
        code = canonical_code(text)
        try:
            owner = codes.known(await self._owners.get(code) if code else None)
            face = await self._faces.get(codes.face_key(owner, language))
        except Busy as error:
            raise asgi.Overloaded("too many codes are asked for; ask again", 1) from error
        except asgi.TryAgain as error:
            raise asgi.Unavailable("the database does not answer; nothing was done", 5) from error
        return codes.body_of(owner, face)


async def _refuse(
    send: asgi.Send,
    error: WordmouthError,
    common: Sequence[asgi.Header],
    given: str,
    *,
    head: bool,
) -> None:
    headers = [asgi.PROBLEM, (b"cache-control", b"no-store"), *common]
    if isinstance(error, asgi.TryAgain):
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if error.status >= 500:
        structlog.get_logger(__name__).error("api request failed", code=error.code)
    body = msgspec.json.encode({**problem_of(error), "request_id": given})
    await asgi.respond(send, error.status, headers, body, head=head)
