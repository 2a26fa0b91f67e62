"""Bodies of mails made fit for showing: links open outside the frame, and are listed beside it."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+")
_LABEL_LENGTH = 60


@dataclass(frozen=True)
class MailLink:
    """A link of a mail and the words that stand on it."""

    url: str
    label: str


def framed(html: str) -> str:
    """Return the mail's HTML with its links opening in their own tab instead of the frame."""
    base = '<base target="_blank">'
    head = re.search(r"<head[^>]*>", html, re.IGNORECASE)
    if head:
        return html[: head.end()] + base + html[head.end() :]
    return f"<!doctype html><html><head>{base}</head><body>{html}</body></html>"


def links(html: str, text: str) -> list[MailLink]:
    """Return the mail's links in order, each once: of its HTML, or of its text without one."""
    found = _Links.of(html) if html else []
    if not found:
        found = [MailLink(url.rstrip(".,;:!?"), "") for url in _ADDRESS.findall(text)]
    unique: dict[str, MailLink] = {}
    for link in found:
        unique.setdefault(link.url, MailLink(link.url, link.label or _shorten(link.url)))
    return list(unique.values())


def _shorten(url: str) -> str:
    return url if len(url) <= _LABEL_LENGTH else url[: _LABEL_LENGTH - 1] + "…"


class _Links(HTMLParser):
    """Gathers anchors with an http(s) address and their text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[MailLink] = []
        self._url = ""
        self._words: list[str] = []

    @classmethod
    def of(cls, html: str) -> list[MailLink]:
        parser = cls()
        parser.feed(html)
        parser.close()
        return parser.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            url = dict(attrs).get("href") or ""
            self._url = url if url.startswith(("http://", "https://")) else ""
            self._words = []

    def handle_data(self, data: str) -> None:
        if self._url:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url:
            label = " ".join(" ".join(self._words).split())
            self.found.append(MailLink(self._url, _shorten(label)))
            self._url = ""
