"""Brings rewards into the state that the facts ask for, each move with its postings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from django.db.models import Max

from wordmouth.advocates import queries as advocates
from wordmouth.advocates import services as advocate_services
from wordmouth.kit import clock, events
from wordmouth.orders import queries as orders
from wordmouth.programs.document import WALLET_KINDS
from wordmouth.referrals.facts import ReferralFacts
from wordmouth.rewards.events import RewardChanged
from wordmouth.rewards.grants import Grant, facts_of, new_row, next_round
from wordmouth.rewards.models import Reward
from wordmouth.rewards.posting import Postings, moved_by, standing
from wordmouth.rewards.promises import Promises
from wordmouth.rewards.purses import Purses
from wordmouth.rewards.rules import Usage, amount_of, forgiven, usage_of
from wordmouth.rewards.states import MOVES
from wordmouth.rewards.targets import Target, follows, restarts, target_of
from wordmouth.stores import tables

MOVED = (
    "referral_id",
    "claim_id",
    "version_id",
    "holder",
    "value",
    "cost",
    "offset",
    "expired",
    "forgiven",
    "state",
    "why",
    "due_at",
    "redeemed_at",
    "withdrawn_at",
    "expires_at",
    "turn",
    "posted",
)


def reconcile(store_id: str, grants: Sequence[Grant]) -> None:
    """Move every reward to where the facts want it; running it again changes nothing."""
    if grants:
        _Batch(store_id, grants).run()


class _Batch:
    """One reconciliation: what is taken back comes first, then what is given, then what had been
    set off against a debt that is none any more."""

    def __init__(self, store_id: str, grants: Sequence[Grant]) -> None:
        self.store_id = store_id
        self.grants = sorted(grants, key=_turn)
        self.now = clock.now()
        self.postings = Postings(store_id)
        self.purses = Purses()
        self.promises = Promises(store_id)
        self.written: dict[str, tuple[Reward, str | None]] = {}
        self.cleared: list[Reward] = []
        """Whose debt may be paid with too much: it fell, or what once paid of it stands again."""

    def run(self) -> None:
        """Move everything, write it, and tell."""
        codes = [grant.row.code for grant in self.grants if grant.row is not None]
        self.named = orders.orders_with_codes(codes) if codes else {}
        self.owners = _owners(self.grants)
        for grant in self.grants:
            self._expect(grant)
        given = [self._take_back(grant) for grant in self.grants]
        for grant in filter(None, given):
            self._give(grant)
        for debtor in self.cleared:
            self._lift_set_offs(debtor)
        moved = [row for row, _ in self.written.values()]
        tables.insert_rows(moved, unique=("store", "key", "round"), update=MOVED)
        self.postings.write()
        self.promises.write()
        for row, before in self.written.values():
            changed = RewardChanged(store_id=self.store_id, reward=facts_of(row), before=before)
            events.emit(changed)

    def _expect(self, grant: Grant) -> None:
        row, wanted = grant.row, grant.wanted
        if row is not None:
            self.purses.expect(row.holder, row.kind, row.unit)
        elif wanted is not None and isinstance(grant.cause, ReferralFacts):
            self.purses.expect(grant.cause.advocate_id, wanted.kind, wanted.unit)

    def _take_back(self, grant: Grant) -> Grant | None:
        """Take back what is not wanted, or not so; gives what is then still to be done."""
        row, wanted = grant.row, grant.wanted
        if row is None or (wanted is not None and follows(row, wanted, self._usage(row))):
            return grant
        if wanted is None:
            self._bring(row, grant, self._usage(row))
            return None
        why = "value_changed" if wanted.state == "due" else "count_lost"
        gone = msgspec.structs.replace(grant, wanted=None, why=why)
        self._bring(row, gone, self._usage(row))
        return msgspec.structs.replace(grant, row=None, round=row.round + 1)

    def _give(self, grant: Grant) -> None:
        row = grant.row
        if row is None and grant.wanted is not None:
            owner = self.owners.get(getattr(grant.cause, "advocate_id", ""), "")
            row = new_row(self.store_id, grant, owner)
        if row is not None:
            self._bring(row, grant, self._usage(row))

    def _usage(self, row: Reward) -> Usage:
        return usage_of(self.named.get(row.code, ()), row.spent_told_at)

    def _bring(self, row: Reward, grant: Grant, usage: Usage) -> None:
        """Bring one reward to its target, if it is not there."""
        before, target = row.state or None, target_of(row, grant, usage, self.now)
        if before == target.state and row.value == target.value:
            steps = standing(row, spent=target.spent, forgiving=grant.lets_go)
            if steps == set(row.posted):
                self._follow_cause(row, grant)
                return
        allowed = before == target.state or target.state in MOVES[before]
        assert allowed, f"no move from {before} to {target.state}"
        over = _is_over(row, target)
        used = row.value - self._over_of(row) if over else 0
        forgives = grant.forgives and row.kind in WALLET_KINDS
        had, worth = self.purses.available(row) if forgives else 0, _credited(row)
        posted = self._lift(row)
        self._enter(row, grant, target)
        if over:
            row.expired = max(row.value - used, 0)
            row.state, row.why = ("expired", "expired") if row.expired else ("redeemed", "")
        if forgives:
            row.forgiven = forgiven(row.forgiven, worth - _brings(row), had)
        steps = standing(row, spent=target.spent, forgiving=grant.lets_go)
        self._settle(row, before, posted, steps)
        if "debt" in posted.keys() - steps or "set_off" in steps - posted.keys():
            self.cleared.append(row)

    def _over_of(self, row: Reward) -> int:
        """What was not used in time of a credit that is over, or is about to be."""
        return self.purses.left_of(row) if row.state == "due" else row.expired

    def _lift(self, row: Reward) -> dict[str, int]:
        """The reward is about to change: what each of its postings moved until now."""
        self.purses.lift(row)
        self.promises.lift(row)
        return {step: moved_by(step, row) for step in row.posted}

    def _settle(
        self, row: Reward, before: str | None, posted: dict[str, int], steps: set[str]
    ) -> None:
        self.postings.settle(row, steps, posted)
        self.purses.lay(row)
        self.promises.lay(row)
        self.written[row.id] = row, self.written.get(row.id, (row, before))[1]

    def _enter(self, row: Reward, grant: Grant, target: Target) -> None:
        """Give the row its state and what comes with it."""
        if row.value != target.value:
            assert grant.wanted is not None, "what is not wanted keeps its value"
            row.value, row.cost = target.value, grant.wanted.cost
        if row.state != target.state:
            row.withdrawn_at = self.now if target.state == "withdrawn" else None
        row.state, row.why = target.state, target.why
        if target.state in ("withdrawn", "pending") and restarts(row):
            row.due_at = row.expires_at = None
            row.expired = 0
        row.redeemed_at = target.usage.at if target.spent else None
        row.turn += 1
        _follow(row, grant)
        if target.state in ("due", "redeemed") and row.due_at is None:
            self._become_due(row, spent=target.spent)
        if row.state == "expired" and row.kind not in WALLET_KINDS and row.offset:
            row.expired = amount_of(row.unit, row.value) - row.offset

    def _become_due(self, row: Reward, *, spent: bool) -> None:
        row.due_at = self.now
        if row.expires_at is None and row.expires_days:
            row.expires_at = self.now + timedelta(days=row.expires_days)
        if row.kind in WALLET_KINDS:
            if row.party == "friend":
                row.holder = advocate_services.holder_for(
                    self.store_id, row.person_id, row.program_id
                )
        elif not spent and row.redemption_id is None:
            self._set_off(row)

    def _set_off(self, row: Reward) -> None:
        """What the holder owes is paid first; what was bought with a wallet is theirs whole."""
        whole = amount_of(row.unit, row.value)
        row.offset = max(min(whole, self.purses.owed_by_holder(row)), 0)
        if row.offset == whole:
            row.state, row.why = "redeemed", "set_off"

    def _follow_cause(self, row: Reward, grant: Grant) -> None:
        """A reward earned by a count stays when another referral makes up the count."""
        if _follow(row, grant):
            self.written.setdefault(row.id, (row, row.state))

    def _lift_set_offs(self, debtor: Reward) -> None:
        """More was set off than is owed, now that a debt is none: the newest of what paid it is
        taken back, and given again."""
        while self.purses.owed_by_holder(debtor) < 0:
            row = self._newest_set_off(debtor)
            if row is None:
                return
            named = orders.orders_with_codes([row.code]).get(row.code, ())
            usage = usage_of(named, row.spent_told_at)
            if row.state in ("expired", "withdrawn"):
                # Its time is over, or it was let go: what it paid is free again, and nothing is
                # given for it.
                self._free(row)
                continue
            again = next_round(row, self._rounds(row.key))
            self._force(row, "withdrawn", "debt_lifted", usage)
            self._force(again, "due", "", usage_of([]))

    def _force(self, row: Reward, state: str, why: str, usage: Usage) -> None:
        spent = state == "withdrawn" and usage.state != "unused"
        before = row.state or None
        posted = self._lift(row)
        row.state, row.why, row.turn = state, why, row.turn + 1
        if state == "withdrawn":
            row.withdrawn_at = self.now
        else:
            self._become_due(row, spent=False)
        self._settle(row, before, posted, standing(row, spent=spent, forgiving=False))

    def _free(self, row: Reward) -> None:
        posted = self._lift(row)
        row.offset, row.expired, row.turn = 0, 0, row.turn + 1
        let_go = row.state == "withdrawn"
        self._settle(row, row.state, posted, standing(row, spent=let_go, forgiving=let_go))

    def _rounds(self, key: str) -> int:
        """How many rounds of a key there are, those of this batch among them."""
        stored = Reward.objects.filter(key=key).aggregate(last=Max("round"))["last"] or 0
        return max([stored, *(row.round for row, _ in self.written.values() if row.key == key)])

    def _newest_set_off(self, debtor: Reward) -> Reward | None:
        stored = Reward.objects.filter(holder=debtor.holder, unit=debtor.unit, offset__gt=0)
        known = {row.id: row for row in stored} | {
            key: row for key, (row, _) in self.written.items()
        }
        paying = [
            row
            for row in known.values()
            if row.holder == debtor.holder and "set_off" in row.posted and _same_debt(row, debtor)
        ]
        return max(paying, key=lambda row: (row.due_at, row.id), default=None)


def _turn(grant: Grant) -> tuple[float, str, int, str, int]:
    """The order in which rewards of one batch become due, whatever order they came in: as the
    friends ordered, then as the offer lists them. What is taken back goes as it was made."""
    wanted, row = grant.wanted, grant.row
    round_number = row.round if row else 0
    if wanted is None:
        return 0.0, "", 0, row.id if row else "", round_number
    at = wanted.at.timestamp() if wanted.at is not None else 0.0
    return at, wanted.order_key, wanted.place, wanted.key, round_number


def _owners(grants: Sequence[Grant]) -> dict[str, str]:
    """The person behind each advocate who may be granted something new."""
    ids = {grant.cause.advocate_id for grant in grants if isinstance(grant.cause, ReferralFacts)}
    return {key: facts.person_id for key, facts in advocates.advocates(ids).items()}


def _is_over(row: Reward, target: Target) -> bool:
    return row.kind in WALLET_KINDS and target.state in ("expired", "redeemed")


def _credited(row: Reward) -> int:
    """What a credit has brought to its wallet so far, by what was posted; what was let go apart."""
    signs = {"release": 1, "expire": -1}
    return sum(signs.get(step, 0) * moved_by(step, row) for step in row.posted)


def _brings(row: Reward) -> int:
    """What a credit brings in its state."""
    return row.value - row.expired if row.state in ("due", "redeemed", "expired") else 0


def _follow(row: Reward, grant: Grant) -> bool:
    """Note the referral that earns the reward now; whether it is another than before."""
    cause = grant.cause
    if grant.wanted is None or not isinstance(cause, ReferralFacts):
        return False
    earned_by = {
        "referral_id": cause.id,
        "claim_id": cause.claim_id,
        "version_id": cause.version_id,
    }
    changed = any(getattr(row, name) != value for name, value in earned_by.items())
    for name, value in earned_by.items():
        setattr(row, name, value)
    return changed


def _same_debt(one: Reward, other: Reward) -> bool:
    return one.unit == other.unit and (one.unit != "CPN" or one.kind == other.kind)
