"""Whether somebody can be paid to an account, and what is nearest to one that cannot be. Pure.

IBANs by ISO 13616 (length and form by country, check digits by ISO 7064), BICs by ISO 9362, the
signs that banks take by the EPC's guidelines (EPC217-08): letters, digits, space and
/ - ? : ( ) . , ' +.
"""

from __future__ import annotations

import re
from difflib import get_close_matches

from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    InvalidStructure,
    SchwiftyException,
)

from wordmouth.payouts.errors import BadAccount
from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email

LONGEST_NAME = 70
LONGEST_NOTE = 140
"""Signs of a holder's name, and of what a transfer is for, that SEPA carries."""

_SIGNS = {"n": "digits", "a": "capital letters", "c": "letters or digits", "e": "spaces"}
_PART = re.compile(r"(\d+)!?([nace])")
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_REPLACED = str.maketrans({"&": "+", "_": "-", "@": "(", ";": ",", '"': "'", "`": "'", "!": "."})
_STRIPE = re.compile(r"acct_[A-Za-z0-9]{8,64}")


def checked_iban(text: str, path: str = "iban") -> str:
    """The IBAN without spaces. Raises BadAccount, with what is nearest to a valid one."""
    given = re.sub(r"[\s-]+", "", text).upper()
    if not given:
        raise BadAccount(path, "is missing; an IBAN such as DE89 3704 0044 0532 0130 00")
    try:
        return str(IBAN(given).compact)
    except SchwiftyException as error:
        raise BadAccount(path, _why_no_iban(given, error)) from None


def _why_no_iban(given: str, error: SchwiftyException) -> str:
    shown = hint_of(given)
    if isinstance(error, InvalidCountryCode):
        return f"{given[:2]} is no country that has IBANs; an IBAN begins with a country, like DE"
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]*", given):
        return (
            f"{shown} is no IBAN: two letters for the country, two check digits, then letters "
            "and digits, such as DE89 3704 0044 0532 0130 00"
        )
    spec = IBAN(given, allow_invalid=True).spec
    if isinstance(error, InvalidLength) or len(given) != spec.iban_length:
        return _why_length(given, spec.iban_length)
    if isinstance(error, InvalidStructure):
        return f"an IBAN of {given[:2]} has {_form(spec.bban_spec)} after {given[:4]}"
    if isinstance(error, InvalidChecksumDigits):
        right = IBAN.from_bban(given[:2], given[4:]).checksum_digits
        return (
            f"the check digits {given[2:4]} do not fit the rest: something is mistyped; "
            f"they would be {right} if the rest is right"
        )
    return f"{shown} is no IBAN"


def _why_length(given: str, wanted: int) -> str:
    off = wanted - len(given)
    problem = f"{off} missing" if off > 0 else f"{-off} too many"
    return f"an IBAN of {given[:2]} has {wanted} signs, this one {len(given)}: {problem}"


def _form(spec: str) -> str:
    """`8!n10!n` in words."""
    parts = [f"{count} {_SIGNS[kind]}" for count, kind in _PART.findall(spec)]
    return ", then ".join(parts)


def in_sepa(iban: str) -> bool:
    """Whether a valid IBAN's country takes part in SEPA."""
    return bool(IBAN(iban).in_sepa_zone)


def checked_bic(text: str, path: str = "bic") -> str:
    """The BIC in capitals. Raises BadAccount."""
    given = re.sub(r"\s+", "", text).upper()
    try:
        return str(BIC(given))
    except SchwiftyException as error:
        message = f"is no BIC ({error}); 8 or 11 signs: bank, country, place, such as COBADEFFXXX"
        raise BadAccount(path, message) from None


def checked_name(text: str, path: str = "name") -> str:
    """A holder's name on one line. Raises BadAccount."""
    name = " ".join(text.split())
    if not any(sign.isalpha() for sign in plain(name, LONGEST_NAME)):
        raise BadAccount(path, "the name of the account's holder is needed, as the bank has it")
    if len(name) > LONGEST_NAME:
        message = f"has {len(name)} signs; banks take {LONGEST_NAME}, such as {name[:20]!r}…"
        raise BadAccount(path, message)
    if not name.isprintable():
        raise BadAccount(path, "holds signs that cannot be printed")
    return name


def plain(text: str, longest: int) -> str:
    """The text in the signs that banks take, cut to `longest`."""
    # Its tables take four megabytes, which only those need who pay out.
    from text_unidecode import unidecode

    latin = unidecode(text).translate(_REPLACED)
    cleaned = " ".join(_NOT_ALLOWED.sub(" ", latin).split())
    # A slash at an end, or two together, means something else to banks.
    return re.sub("/{2,}", "/", cleaned)[:longest].strip("/ ")


def checked_paypal(text: str, path: str = "email") -> str:
    """The e-mail address of a PayPal account. Raises BadAccount."""
    try:
        canonical_email(text)
    except BadEmail as error:
        raise BadAccount(path, error.detail) from None
    return text.strip()


def checked_stripe(text: str, path: str = "account") -> str:
    """The id of a connected Stripe account. Raises BadAccount."""
    given = text.strip()
    if _STRIPE.fullmatch(given):
        return given
    near = get_close_matches(given[:5].lower(), ["acct_"], 1, 0.5)
    meant = f"; did you mean acct_{given[5:][:64]}?" if near and given[:5] != "acct_" else ""
    raise BadAccount(path, f"a Stripe account is acct_ and letters and digits{meant}")


def hint_of(iban: str) -> str:
    """What may be shown of an IBAN: `DE89 … 3000`."""
    return f"{iban[:4]} … {iban[-4:]}" if len(iban) > 8 else "…"


def email_hint(address: str) -> str:
    """What may be shown of an address: `a…@example.com`."""
    local, _at, host = address.rpartition("@")
    return f"{local[:1]}…@{host}"[:80]


def account_hint(account: str) -> str:
    """What may be shown of a Stripe account: `acct_ … 1a2b`."""
    return f"acct_ … {account[-4:]}"
