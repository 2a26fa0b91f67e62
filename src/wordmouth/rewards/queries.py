"""Questions about rewards and wallets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Sum

from wordmouth.advocates import queries as advocates
from wordmouth.kit import clock
from wordmouth.ledger import queries as ledger
from wordmouth.ledger.facts import EntryFacts
from wordmouth.programs import queries as programs
from wordmouth.programs.facts import ProgramFacts
from wordmouth.referrals import queries as referrals
from wordmouth.rewards import accounts
from wordmouth.rewards.errors import RedemptionNotFound
from wordmouth.rewards.facts import RedemptionFacts, RewardFacts
from wordmouth.rewards.grants import facts_of, redemption_facts
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.promises import promised_since
from wordmouth.rewards.schedules import Progress
from wordmouth.rewards.schedules import progress as near
from wordmouth.stores.rows import read_facts


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What stands for somebody in one purse and unit. `purse` is points, credit, cash or coupon
    (things of their own); `unit` a currency, `PTS`, or `CPN` for things without a known worth.
    `debt` is what was used and was not owed: the next rewards pay it. In a purse of points, credit
    or cash it is how far `available` is below zero."""

    purse: str
    unit: str
    available: int
    pending: int
    debt: int


class Wallet(msgspec.Struct, frozen=True, kw_only=True):
    """An advocate's balances and newest movements."""

    balances: tuple[Balance, ...]
    entries: tuple[EntryFacts, ...]


def page(
    *,
    advocate: str | None = None,
    referral: str | None = None,
    state: str | None = None,
    kinds: Iterable[str] | None = None,
    limit: int = 50,
    starting_after: str | None = None,
) -> list[RewardFacts]:
    """Rewards, newest first. An advocate's are those they hold, not their friends'."""
    rows = Reward.objects.order_by("-id")
    if kinds is not None:
        rows = rows.filter(kind__in=list(kinds))
    if advocate is not None:
        rows = rows.filter(advocate_id=advocate, party="advocate")
    if referral is not None:
        rows = rows.filter(referral_id=referral)
    if state is not None:
        rows = rows.filter(state=state)
    if starting_after:
        rows = rows.filter(id__lt=starting_after)
    return [facts_of(row) for row in rows[:limit]]


def by_ids(ids: Iterable[str]) -> dict[str, RewardFacts]:
    """Those rewards by id."""
    return {one.id: one for one in read_facts(Reward, RewardFacts, id__in=ids)}


def of_referrals(referral_ids: Iterable[str]) -> list[RewardFacts]:
    """All rewards of these referrals, oldest first."""
    return read_facts(Reward, RewardFacts, order_by=("id",), referral_id__in=referral_ids)


def round_before(reward: RewardFacts) -> RewardFacts | None:
    """What the reward took the place of, where that had been given out."""
    earlier = Reward.objects.filter(key=reward.key, round=reward.round - 1)
    row = earlier.exclude(due_at=None).first()
    return facts_of(row) if row is not None else None


def of_claim(claim_id: str) -> RewardFacts | None:
    """The friend's reward of a claim; None where the programme gives friends nothing."""
    row = Reward.objects.filter(claim_id=claim_id, party="friend").first()
    return facts_of(row) if row else None


def wallet(holder: str, at: datetime | None = None, limit: int = 100) -> Wallet:
    """What an advocate has, now or at a past moment, with the newest movements."""
    names = {
        purse: (accounts.available(purse, holder), accounts.pending(purse, holder))
        for purse in accounts.ALL_PURSES
    }
    debts = accounts.debts(holder)
    flat = [name for pair in names.values() for name in pair]
    found = ledger.balances([*flat, *debts], at)
    balances = []
    for purse, (has, waits) in names.items():
        owes = debts if purse == accounts.COUPON else ()
        for unit in sorted({unit for name, unit in found if name in (has, waits, *owes)}):
            available = found.get((has, unit), 0)
            used = -sum(found.get((name, unit), 0) for name in owes)
            balances.append(
                Balance(
                    purse=purse,
                    unit=unit,
                    available=available,
                    pending=found.get((waits, unit), 0),
                    debt=used if owes else max(-available, 0),
                )
            )
    return Wallet(balances=tuple(balances), entries=tuple(ledger.entries([*flat, *debts], limit)))


def progress(advocate_id: str) -> list[Progress]:
    """How near an advocate is to what a count of friends earns, by the programme of today."""
    advocate = advocates.advocate(advocate_id)
    versions = programs.versions_of([advocate.program_id])
    documents = {key: one.document for key, one in versions.items()}
    document = programs.programs([advocate.program_id])[advocate.program_id].version.document
    offer = document.offer(advocate.offer) or document.offers[0]
    counted = [reward for reward in offer.advocate if reward.schedule != "each"]
    if not counted:
        return []
    return near(referrals.of_advocates([advocate_id]), documents, counted)


def counts_by_state() -> dict[str, int]:
    """How many rewards there are in each state."""
    return dict(Reward.objects.values_list("state").annotate(Count("id")).order_by())


class Promised(msgspec.Struct, frozen=True, kw_only=True):
    """What the store owes in one unit: waiting for a hold, and given but not used yet. Amounts in
    minor units; for CPN the number of coupons."""

    unit: str
    pending: int
    due: int


def promised() -> list[Promised]:
    """What stands open, by unit."""
    rows = Reward.objects.filter(state__in=["pending", "due"]).values_list("unit", "state")
    found: dict[str, dict[str, int]] = {}
    for unit, state, count, value in rows.annotate(Count("id"), Sum("value")).order_by("unit"):
        found.setdefault(unit, {})[state] = count if unit == "CPN" else value
    return [
        Promised(unit=unit, pending=by.get("pending", 0), due=by.get("due", 0))
        for unit, by in found.items()
    ]


def budget_used(program: ProgramFacts) -> int:
    """What a programme has promised within its budget's period and still stands by, in minor
    units; 0 where it has no budget."""
    budget = program.version.document.limits.budget
    if budget is None:
        return 0
    return promised_since(program.id, clock.now() - timedelta(days=budget.days))


def redemption(redemption_id: str) -> RedemptionFacts:
    """What was bought from a wallet, by its id. Raises RedemptionNotFound."""
    row = Redemption.objects.filter(id=redemption_id).first()
    if row is None:
        raise RedemptionNotFound("There is no such redemption.")
    return redemption_facts(row)


def redemptions(
    *, advocate: str | None = None, limit: int = 50, starting_after: str | None = None
) -> list[RedemptionFacts]:
    """What was bought from wallets, newest first."""
    rows = Redemption.objects.order_by("-id")
    if advocate is not None:
        rows = rows.filter(advocate_id=advocate)
    if starting_after:
        rows = rows.filter(id__lt=starting_after)
    return [redemption_facts(row) for row in rows[:limit]]


def redemptions_by_ids(ids: Iterable[str]) -> dict[str, RedemptionFacts]:
    """Those redemptions by id."""
    return {row.id: redemption_facts(row) for row in Redemption.objects.filter(id__in=set(ids))}


def of_redemptions(redemption_ids: Iterable[str]) -> dict[str, RewardFacts]:
    """The rewards that were bought, by redemption."""
    found = read_facts(Reward, RewardFacts, redemption_id__in=redemption_ids)
    return {one.redemption_id: one for one in found if one.redemption_id}
