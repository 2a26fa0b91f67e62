"""What a test plugs into the product's ports is pulled out again when it ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def ports_as_before() -> Iterator[None]:
    """The shops, those beside them and the mail server are those of before the test."""
    from wordmouth.fulfilment import registry as shops
    from wordmouth.messages import registry as mail

    before = shops._factory, shops._beside, mail._mailer
    yield
    shops._factory, shops._beside, mail._mailer = before
