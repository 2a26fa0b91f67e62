"""The door for the widget's one question, `GET /s/-/{store}/widget.json`, before the web framework.

It answers what the view behind Django answers, from the same function and with the same headers,
out of a cache. A request that is not plainly for it is left to Django.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wordmouth.kit import asgi, etags
from wordmouth.kit.fresh import Busy, FreshCache
from wordmouth.storefront.widget import KEPT_SECONDS, Configuration

PREFIX = "/s/-/"
END = "/widget.json"
_LONGEST_ID = 40

_OWN: tuple[asgi.Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"cache-control", f"public, max-age={KEPT_SECONDS}".encode()),
)


class WidgetDoor:
    """An ASGI application for the widget's configuration.

    `common` are the headers of every answer of the site; `language` tells the caller's language
    from the headers `accept-language` and `cookie`.
    """

    def __init__(
        self,
        shown: FreshCache[tuple[str, str], Configuration],
        common: Sequence[asgi.Header],
        language: Callable[[bytes, bytes], str],
    ) -> None:
        self._shown = shown
        self._common = (*_OWN, *common)
        self._language = language

    def takes(self, scope: asgi.Scope) -> bool:
        """Whether the request is answered here."""
        path = scope["path"]
        store_id = path[len(PREFIX) : -len(END)]
        return (
            path.endswith(END)
            and 0 < len(store_id) <= _LONGEST_ID
            and "/" not in store_id
            and "\0" not in store_id
            and asgi.asks_only(scope)
        )

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        """Answer one request."""
        headers = asgi.joined_headers(scope)
        language = self._language(headers.get(b"accept-language", b""), headers.get(b"cookie", b""))
        try:
            shown = await self._shown.get((scope["path"][len(PREFIX) : -len(END)], language))
        except Busy:
            await asgi.respond_problem(send, asgi.Overloaded("Ask again.", 1))
            return
        except asgi.TryAgain as error:
            await asgi.respond_problem(send, error)
            return
        answered = [
            *self._common,
            (b"content-language", language.encode()),
            (b"etag", shown.etag.encode()),
        ]
        if shown.status == 200 and etags.is_known(
            shown.etag, headers.get(b"if-none-match", b"").decode("latin-1")
        ):
            await asgi.respond(send, 304, answered)
        else:
            head = scope["method"] == "HEAD"
            answered.append(asgi.JSON)
            await asgi.respond(send, shown.status, answered, shown.body, head=head)
