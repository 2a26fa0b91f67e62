"""What a look at a shop finds, in the words that all platforms share."""

from __future__ import annotations

from collections.abc import Sequence

from wordmouth.integrations.ports import BROKEN, CREDENTIALS, OK, SUBSCRIPTIONS, Finding
from wordmouth.integrations.shop_calls import NotLetIn

ELSEWHERE = "Open the shop's address in a browser"


def let_in(text: str) -> Finding:
    """The shop lets us in, as `text` says."""
    return Finding(name=CREDENTIALS, state=OK, text=text)


def not_asked(error: Exception, refused: str, mend: str, look: str = ELSEWHERE) -> Finding:
    """The shop could not be asked. Where it does not let us in, that is told by `refused` and
    mended by `mend`; else `look` says where to look what is wrong with it."""
    if isinstance(error, NotLetIn):
        return Finding(name=CREDENTIALS, state=BROKEN, text=f"{refused} {error}", mend=mend)
    return Finding(
        name="connection",
        state=BROKEN,
        text=str(error),
        mend=f"{look}; nothing is lost meanwhile.",
    )


def subscribed(well: str, missing: Sequence[str], what: str, mend: str = "") -> Finding:
    """The shop delivers, as `well` says; or that some are `missing`, which is told by `what` and
    mended by itself, if what `mend` says is so."""
    if not missing:
        return Finding(name=SUBSCRIPTIONS, state=OK, text=well)
    return Finding(
        name=SUBSCRIPTIONS,
        state=BROKEN,
        text=f"{what} {', '.join(missing)}.",
        mend=f"They are made again by themselves{mend and f'; {mend}'}.",
    )
