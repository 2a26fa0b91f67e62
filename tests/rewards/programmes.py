"""Random programmes, valid by the way they are made: all kinds, schedules, limits and versions."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

from tests.rewards.picking import Pick, chance, one_of

KINDS = (
    "amount_off",
    "percent_off",
    "free_shipping",
    "free_product",
    "points",
    "store_credit",
    "cash",
    "gift_card",
    "early_access",
    "custom",
)
SCHEDULES = ("each", "every_nth", "milestone", "tier")
SHARES = ("store_credit", "cash")
AMOUNTS = (1, 7, 333, 500, 1000, 2500)
OPTIONS: tuple[dict[str, Any], ...] = (
    {"key": "coupon", "pay_with": "points", "price": 400, "kind": "amount_off", "value": 250},
    {"key": "shipping", "pay_with": "store_credit", "price": 30, "kind": "free_shipping"},
    {"key": "card", "pay_with": "points", "price": 7, "kind": "gift_card", "value": 100}
    | {"expires_days": 20},
)
"""What a wallet buys."""

FIRST_DAY = date(2026, 3, 1)
"""On which everything begins."""

Data = dict[str, Any]


def programme(pick: Pick, kinds: tuple[str, ...] = KINDS) -> Data:
    """A live programme in euros with one to three offers, of which whoever joins is shown one."""
    keys = ("control", "more", "less")[: one_of(pick, (1, 1, 2, 3))]
    shown = one_of(pick, keys)
    data: Data = {
        "slug": "proof",
        "name": "Proof",
        "status": "live",
        "attribution_days": one_of(pick, (90, 30)),
        "eligibility": _eligibility(pick),
        "hold": _hold(pick),
        "offers": [offer(pick, key, kinds) | {"weight": int(key == shown)} for key in keys],
        "limits": limits(pick),
        "clawback": {
            "partial_refund": one_of(pick, ("pro_rata", "keep")),
            "spent": one_of(pick, ("carry", "carry", "forgive")),
        },
        "fraud": {"preset": one_of(pick, ("moderate", "moderate", "moderate", "strict"))},
        "wallet": {"redemptions": list(OPTIONS)},
    }
    return within_reach(data)


def within_reach(data: Data) -> Data:
    """Where the whole number of friends is capped, as many as the farthest reward needs."""
    rewards = [reward for one in data["offers"] for reward in one["advocate"]]
    needed = max((one.get("n") or one.get("from") or 1 for one in rewards), default=1)
    total = data["limits"].get("per_advocate_total", {})
    if total.get("count", needed) < needed:
        total["count"] = needed
    return data


def plain(pick: Pick, kinds: tuple[str, ...] = KINDS) -> Data:
    """A programme in which most friends count and every one of them earns something."""
    data = programme(pick, kinds)
    data["offers"] = data["offers"][:1]
    data["offers"][0]["weight"] = 1
    every = {"schedule": "each"} | thing(pick, one_of(pick, kinds), share=False)
    more = [one for one in data["offers"][0]["advocate"] if one["schedule"] != "each"]
    data["offers"][0]["advocate"] = [every, *more[:1]]
    data["limits"] = {}
    data["hold"] = {"after": "paid", "days": one_of(pick, (7, 0)), "fallback_days": 30}
    data["eligibility"] = {"friend": "anyone", "currency": "EUR"}
    return data


def next_version(pick: Pick, before: Data, kinds: tuple[str, ...] = KINDS) -> Data:
    """The same programme with other terms: some of them, or all."""
    if chance(pick, 40):
        return programme(pick, kinds)
    changed = copy.deepcopy(before)
    part = one_of(pick, ("limits", "clawback", "offers", "hold"))
    changed[part] = programme(pick, kinds)[part]
    return within_reach(changed)


def _eligibility(pick: Pick) -> Data:
    found: Data = {
        "friend": one_of(pick, ("new_customers", "anyone")),
        "currency": "EUR",
        "min_order": one_of(pick, (0, 0, 2000)),
        "gift_cards": chance(pick, 30),
        "free_orders": chance(pick, 30),
    }
    if chance(pick, 12):
        found["include"] = one_of(pick, ({"products": ["p-1"]}, {"categories": ["mugs", "TEA"]}))
    if chance(pick, 12):
        found["exclude"] = one_of(pick, ({"categories": ["Mugs"]}, {"products": ["p-2", "p-9"]}))
    return found


def _hold(pick: Pick) -> Data:
    after = one_of(pick, ("paid", "delivered", "placed", "paid", "fulfilled"))
    return {"after": after, "days": one_of(pick, (7, 0, 14)), "fallback_days": 30}


def limits(pick: Pick) -> Data:
    """No cap more often than one; a cap by value leaves room for the largest reward."""
    found: Data = {}
    if chance(pick, 35):
        found["per_advocate"] = _cap(pick, (2, 1, 3)) | {"days": one_of(pick, (30, 1, 7))}
    if chance(pick, 35):
        found["per_advocate_total"] = _cap(pick, (3, 1, 5))
    return found


def _cap(pick: Pick, counts: tuple[int, ...]) -> Data:
    which = one_of(pick, ("count", "value", "both"))
    found: Data = {}
    if which in ("count", "both"):
        found["count"] = one_of(pick, counts)
    if which in ("value", "both"):
        found["value"] = one_of(pick, (2500, 3000, 5001))
    return found


def offer(pick: Pick, key: str, kinds: tuple[str, ...] = KINDS) -> Data:
    """What both sides get; the advocate for one to four things."""
    found: Data = {"key": key}
    if chance(pick, 60):
        found["friend"] = thing(pick, one_of(pick, kinds), share=False)
    found["advocate"] = []
    for _ in range(one_of(pick, (1, 1, 2, 3))):
        found["advocate"] += _scheduled(pick, kinds, found["advocate"])
    return found


def _scheduled(pick: Pick, kinds: tuple[str, ...], before: list[Data]) -> list[Data]:
    """A reward with its schedule, unless the offer has one like it; for a tier one or two."""
    schedule = one_of(pick, SCHEDULES)
    when: Data = {"schedule": schedule}
    if schedule == "every_nth":
        when["n"] = one_of(pick, (2, 3))
    if schedule == "milestone":
        when["n"] = one_of(pick, (2, 1, 3, 4))
    if schedule == "tier":
        when |= _tier(pick, before)
    if schedule != "each" and chance(pick, 25):
        when["starts"] = (FIRST_DAY + timedelta(days=one_of(pick, (0, 3, 20)))).isoformat()
    if (schedule == "every_nth" or when.get("recurring")) and chance(pick, 40):
        when["max_times"] = one_of(pick, (1, 2))
    first = one_of(pick, kinds)
    both = [first, one_of(pick, kinds)] if schedule == "tier" and chance(pick, 30) else [first]
    return [
        when | thing(pick, kind, share=True)
        for kind in dict.fromkeys(both)
        if not any(_alike(when | {"kind": kind}, other) for other in before)
    ]


def _tier(pick: Pick, before: list[Data]) -> Data:
    """A range behind those that are there, so that no two overlap."""
    tiers = [one for one in before if one["schedule"] == "tier"]
    first = max((one["to"] for one in tiers), default=0) + one_of(pick, (1, 2))
    recurring = chance(pick, 60)
    return {"from": first, "to": first + one_of(pick, (1, 2, 3)), "recurring": recurring}


def _alike(one: Data, other: Data) -> bool:
    return all(one.get(name) == other.get(name) for name in ("schedule", "kind", "n", "from"))


def thing(pick: Pick, kind: str, *, share: bool) -> Data:
    """A reward of that kind; with `share` perhaps a part of the order."""
    found: Data = {"kind": kind}
    if kind == "percent_off":
        found["value"] = one_of(pick, (10, 5, 100))
    elif kind in SHARES and share and chance(pick, 40):
        found["percent"] = one_of(pick, (10, 3, 15))
        if chance(pick, 50):
            found["cap"] = one_of(pick, (400, 1000))
    elif kind in ("amount_off", "points", "store_credit", "cash", "gift_card"):
        found["value"] = one_of(pick, AMOUNTS)
    elif kind == "free_product":
        found["product"] = one_of(pick, ("p-1", "p-2"))
    elif kind == "early_access":
        until = FIRST_DAY.replace(year=FIRST_DAY.year + 5)
        found["access"] = {
            "name": "First look",
            "until": until.isoformat(),
            "products": ["p-1"],
        }
    elif kind == "custom":
        found["name"] = "A tree"
    if kind not in ("amount_off", "store_credit", "cash", "gift_card") and chance(pick, 40):
        found["cost"] = one_of(pick, (150, 999))
    if chance(pick, 30):
        found["expires_days"] = one_of(pick, (20, 45))
    return found
