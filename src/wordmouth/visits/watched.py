"""What the answers of the hot doors depend on, beside the stores: the database watches it.

The tables are those that `visits.links`, `api.codes` and `storefront.widget` read. A new code or
person moves nothing on: that a code leads nowhere is kept for a second only.

A migration that changes a watched table on SQLite makes the table anew, which takes its triggers
away: let it end with `stores.versions.make` for that table. A test looks for every one of them.
"""

from __future__ import annotations

from wordmouth.stores.versions import Watched, watched

WATCHED = (
    *watched("programs_program"),
    *watched("programs_programversion"),
    *watched("catalog_product", columns=("name",), changed="name"),
    Watched("people_person", "update", columns=("first_name",), changed="first_name"),
    Watched(
        "advocates_advocate",
        "update",
        columns=("status", "code", "offer", "program_id", "person_id"),
    ),
    Watched("advocates_advocate", "delete"),
    Watched("advocates_referralcode", "update"),
    Watched("advocates_referralcode", "delete"),
)
