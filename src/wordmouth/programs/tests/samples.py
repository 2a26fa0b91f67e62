"""Documents that the tests start from."""

from __future__ import annotations

from wordmouth.programs.document import ProgramDocument
from wordmouth.programs.parse import parse_toml

GIVE_10 = """\
slug = "give-10-get-10"
name = "Give 10, get 10"
status = "live"                      # draft | live | paused | ended
attribution_days = 90
[eligibility]
friend = "new_customers"
min_order = 3000
currency = "EUR"
[hold]
after = "delivered"
days = 14
fallback_days = 30
[[offers]]
key = "control"
weight = 1
friend = {kind = "percent_off", value = 10, expires_days = 30}
[[offers.advocate]]
schedule = "each"
kind = "amount_off"
value = 1000
[limits]
per_advocate = {count = 20, days = 365}
budget = {amount = 500000, days = 30}
[fraud]
preset = "moderate"
"""


def give_10(*replacements: tuple[str, str]) -> ProgramDocument:
    """The sample, with pieces of its text replaced."""
    return parse_toml(changed(*replacements))


def changed(*replacements: tuple[str, str]) -> str:
    """The text of the sample with pieces replaced; each has to be there exactly once."""
    text = GIVE_10
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} is not once in the sample"
        text = text.replace(old, new)
    return text
