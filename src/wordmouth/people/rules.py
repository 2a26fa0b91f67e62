"""When two addresses are one mailbox. Pure.

Only what providers document is folded: capitals everywhere; dots and +tags at Gmail; +tags at
Outlook, iCloud, Fastmail and Proton; -tags at Yahoo. At any other host a local part is taken as it
is, since `a.b` and `ab` may be two people there.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from wordmouth.people.errors import BadEmail

GMAIL = frozenset({"gmail.com", "googlemail.com"})
PLUS_TAGS = GMAIL | {
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "fastmail.com",
    "fastmail.fm",
    "proton.me",
    "protonmail.com",
    "pm.me",
}
DASH_TAGS = frozenset({"yahoo.com", "ymail.com", "rocketmail.com"})
SAME_HOST = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
}
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.+-_@")


@lru_cache(maxsize=4096)
def canonical_email(text: str) -> str:
    """The one spelling of a mailbox. Raises BadEmail for what is no address."""
    given = unicodedata.normalize("NFKC", text).strip().casefold()
    local, at, host = given.rpartition("@")
    if not (at and _plainly_valid(local, host)):
        local, host = _validated(text, given)
    if host in PLUS_TAGS:
        local = local.split("+", 1)[0] or local
    if host in DASH_TAGS:
        local = local.split("-", 1)[0] or local
    if host in GMAIL:
        local = local.replace(".", "") or local
    return f"{local}@{SAME_HOST.get(host, host)}"


def _plainly_valid(local: str, host: str) -> bool:
    """The common case, checked without the full grammar: history imports read millions."""
    return (
        0 < len(local) <= 64
        and 3 < len(host) <= 190
        and PLAIN.issuperset(local)
        and "@" not in local
        and local.strip(".") == local
        and ".." not in local
        and all(label.isalnum() and label.isascii() for label in host.split("."))
        and "." in host
        and host.rpartition(".")[2].isalpha()
    )


def _validated(text: str, given: str) -> tuple[str, str]:
    try:
        checked = validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise BadEmail(f"{text[:100]!r} is not an e-mail address: {error}") from error
    return checked.local_part.casefold(), checked.ascii_domain or checked.domain
