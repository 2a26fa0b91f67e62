"""What this room does by the clock."""

from __future__ import annotations

from wordmouth.advocates import queries as advocates
from wordmouth.messages.services import Wish, ask_for
from wordmouth.rewards import notices
from wordmouth.stores.transactions import store_write


def tell_what_ends_soon() -> int:
    """Tell holders of wallets what ends soon, each credit once; how many there were."""
    told = 0
    for store_id in notices.stores_to_notify():
        with store_write(store_id):
            ending = list(notices.ending_soon())
            holders = advocates.advocates(one.holder for one in ending)
            ask_for(
                Wish(
                    key=f"expiring_soon:{one.reward_id}",
                    kind="expiring_soon",
                    person_id=holders[one.holder].person_id,
                    about={"reward": one.reward_id},
                )
                for one in ending
            )
            told += len(ending)
    return told
