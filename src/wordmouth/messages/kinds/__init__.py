"""The kinds of mail, one module each: an occasion in, a letter out.

A kind reads what is true when the mail is sent, not when it was asked for; it answers None where
there is nothing left to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wordmouth.messages.kinds import (
    claim,
    credited,
    expiring_soon,
    friend_reward_withdrawn,
    invite,
    payout,
    portal_link,
    referral_pending,
    rejected,
    reward_ready,
    reward_withdrawn,
)
from wordmouth.messages.letters import Letter, Occasion

KINDS: Mapping[str, Callable[[Occasion], Letter | None]] = {
    "invite": invite.write,
    "portal_link": portal_link.write,
    "claim": claim.write,
    "referral_pending": referral_pending.write,
    "reward_ready": reward_ready.write,
    "credited": credited.write,
    "expiring_soon": expiring_soon.write,
    "payout": payout.write,
    "reward_withdrawn": reward_withdrawn.write,
    "friend_reward_withdrawn": friend_reward_withdrawn.write,
    "rejected": rejected.write,
}
