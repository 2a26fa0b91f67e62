"""The statuses of a referral and what each means for what is owed."""

STANDING = frozenset({"pending", "flagged", "approved"})
"""The friend counts as referred; somebody is or will be owed something."""

MOVES: dict[str | None, frozenset[str]] = {
    None: frozenset({"pending", "flagged", "approved", "rejected", "blocked", "voided"}),
    "pending": frozenset({"flagged", "approved", "rejected", "blocked", "voided"}),
    "flagged": frozenset({"pending", "approved", "rejected", "blocked", "voided"}),
    "approved": frozenset({"rejected", "blocked", "voided"}),
    "rejected": frozenset({"pending", "flagged", "approved", "blocked", "voided"}),
    "blocked": frozenset({"pending", "flagged", "approved", "rejected", "voided"}),
    "voided": frozenset({"pending", "flagged", "approved", "rejected", "blocked"}),
}
"""From each status to those that news may lead to. Only approved does not go back to pending
or flagged: a release is a promise kept; it can be taken back, but not become uncertain again."""

RULED_FROM = {
    "approve": frozenset({"flagged", "rejected", "blocked", "voided"}),
    "reject": frozenset({"pending", "flagged", "approved"}),
}
"""On which statuses the merchant may overrule the rules. Approving what is voided restores it."""
