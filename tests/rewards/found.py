"""Histories in which the product and the naive books once came to different ends, made short."""

from __future__ import annotations

from typing import Any

from tests.rewards.histories import History, Step
from tests.rewards.shop import CHANGES

PROGRAMME: dict[str, Any] = {
    "slug": "proof",
    "name": "Proof",
    "status": "live",
    "attribution_days": 90,
    "eligibility": {"friend": "anyone", "currency": "EUR", "min_order": 0},
    "hold": {"after": "paid", "days": 7, "fallback_days": 30},
    "limits": {},
    "clawback": {"partial_refund": "pro_rata", "spent": "carry"},
    "fraud": {"preset": "moderate"},
    "wallet": {"redemptions": []},
}


def _bought(friend: int, **changed: int) -> list[Step]:
    order = {"basket": 0, "paid": 1, "code": 1, "wait": 60} | changed
    return [("claim", (friend, 0)), ("buy", (friend, *order.values()))]


def _history(offer: dict[str, Any], *steps: Step, spent: str = "carry", hold: int = 7) -> History:
    offers = [{"key": "control", "weight": 1} | offer]
    clawback = {"partial_refund": "pro_rata", "spent": spent}
    told = PROGRAMME | {"offers": offers, "clawback": clawback}
    told["hold"] = PROGRAMME["hold"] | {"days": hold}
    return History((told,), (("join", (0,)), *steps))


TELL: Step = ("tell", (99, 0, 0, 1))
PASS: Step = ("pass", (15,))
EXPIRES = {"expires_days": 20}


def _milestone(**reward: Any) -> dict[str, Any]:
    return {"advocate": [{"schedule": "milestone", "n": 2} | reward]}


FOUND = {
    "a friend's gift card is not used by the order that names the claim": _history(
        {"friend": {"kind": "gift_card", "value": 1000}}, *_bought(1), TELL, PASS
    ),
    "what was spent does not pay for a count that is only waiting": _history(
        _milestone(kind="amount_off", value=1000),
        *_bought(1),
        *_bought(2),
        TELL,
        PASS,
        ("use", (1,)),
        ("regret", (0,)),
        TELL,
        *_bought(3),
        TELL,
        PASS,
    ),
    "what was let go of a wallet stays so while it waits": _history(
        _milestone(kind="store_credit", value=1000),
        *_bought(1),
        *_bought(2),
        TELL,
        PASS,
        ("redeem", (0, 0)),
        ("regret", (0,)),
        TELL,
        *_bought(3),
        TELL,
        PASS,
        spent="forgive",
    ),
    "a friend keeps what came of the approved order of two": _history(
        {"friend": {"kind": "custom", "name": "A tree"}},
        *_bought(1),
        TELL,
        PASS,
        *_bought(1),
        TELL,
        ("rule", (1, 0)),
        PASS,
    ),
    "what an order earned is given to whoever is named by its code now": _history(
        {"advocate": [{"schedule": "each", "kind": "free_shipping"}]},
        *_bought(1),
        TELL,
        PASS,
        ("join", (2,)),
        ("claim", (2, 2)),
        ("change", (0, CHANGES.index("recode"), 2)),
        TELL,
    ),
    "what was let go and is owed again is no debt for a moment": _history(
        {
            "advocate": [
                {"schedule": "each", "kind": "free_shipping"},
                {"schedule": "every_nth", "n": 2, "kind": "free_shipping"},
            ]
        },
        *_bought(1),
        *_bought(2),
        TELL,
        PASS,
        ("use", (2,)),
        TELL,
        ("regret", (4,)),
        TELL,
        *_bought(3),
        TELL,
        spent="forgive",
        hold=0,
    ),
    "what once paid of a debt and was let go pays nothing of one that is none any more": _history(
        {"advocate": [{"schedule": "tier", "from": 1, "kind": "amount_off", "value": 1000}]},
        *_bought(1),
        TELL,
        PASS,
        ("use", (0,)),
        ("regret", (0,)),
        *_bought(2),
        TELL,
        PASS,
        ("regret", (0,)),
        TELL,
        ("use", (1,)),
        TELL,
        spent="forgive",
    ),
    "what is let go of a credit twice is let go whole": _history(
        {"advocate": [{"schedule": "each", "kind": "store_credit", "value": 333}]},
        *_bought(1, basket=3),
        TELL,
        PASS,
        ("redeem", (0, 0)),
        ("change", (0, CHANGES.index("refund_line"), 6)),
        TELL,
        ("regret", (0,)),
        TELL,
        spent="forgive",
    ),
    "what was used too late was used as it was, and is worth less by now": _history(
        {"advocate": [{"schedule": "each", "kind": "amount_off", "value": 500} | EXPIRES]},
        *_bought(1, basket=3),
        TELL,
        ("pass", (46,)),
        ("change", (0, CHANGES.index("refund_line"), 6)),
        TELL,
        ("spent", (0,)),
        spent="forgive",
        hold=0,
    ),
    "what ran out is worth what it was, taken back and owed again": _history(
        {"advocate": [{"schedule": "each", "kind": "gift_card", "value": 1000} | EXPIRES]},
        *_bought(1, basket=3),
        TELL,
        ("pass", (46,)),
        ("change", (0, CHANGES.index("refund_line"), 6)),
        ("regret", (0,)),
        TELL,
        ("regret", (0,)),
        TELL,
        hold=0,
    ),
    "what paid a debt whole was used up in time": _history(
        {"advocate": [{"schedule": "each", "kind": "amount_off", "value": 500} | EXPIRES]},
        *_bought(1, basket=3),
        TELL,
        ("use", (0,)),
        TELL,
        ("regret", (0,)),
        TELL,
        *_bought(2, basket=3),
        TELL,
        ("pass", (46,)),
        ("regret", (4,)),
        TELL,
        ("change", (1, CHANGES.index("refund_line"), 6)),
        ("regret", (4,)),
        TELL,
        hold=0,
    ),
}
