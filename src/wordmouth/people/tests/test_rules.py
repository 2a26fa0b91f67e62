"""When two addresses are one mailbox."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordmouth.people.errors import BadEmail
from wordmouth.people.rules import canonical_email


@pytest.mark.parametrize(
    ("told", "canonical"),
    [
        ("Fe@Example.COM", "fe@example.com"),
        (" f.e.lo+shop@googlemail.com ", "felo@gmail.com"),
        ("fe+shop@outlook.com", "fe@outlook.com"),
        ("fe-shop@yahoo.com", "fe@yahoo.com"),
        ("fe+shop@example.com", "fe+shop@example.com"),
        ("f.e@example.com", "f.e@example.com"),
        ("fe@me.com", "fe@icloud.com"),
        ("FE@xn--exmple-cua.com", "fe@xn--exmple-cua.com"),
        ("fe@exämple.com", "fe@xn--exmple-cua.com"),
        ("ﬁ@example.com", "fi@example.com"),
    ],
)
def test_one_mailbox_has_one_spelling(told: str, canonical: str) -> None:
    assert canonical_email(told) == canonical


@pytest.mark.parametrize(
    "told",
    ["", "fe", "fe@", "@example.com", "fe@example", "a@b@c.com", "fe@exa mple.com", "fe\n@x.com"],
)
def test_what_is_no_address_is_refused_in_words(told: str) -> None:
    with pytest.raises(BadEmail, match="is not an e-mail address"):
        canonical_email(told)


@given(st.emails())
def test_the_canonical_spelling_is_its_own(told: str) -> None:
    try:
        once = canonical_email(told)
    except BadEmail:
        return
    assert canonical_email(once) == once
    assert canonical_email(told.upper()) == once
