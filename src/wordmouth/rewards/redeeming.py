"""Verbs on redemptions: points and store credit become a coupon, a product or a gift card.

All are called inside a store write: the store's lock is what makes a balance be spent once.
"""

from __future__ import annotations

from wordmouth.advocates import queries as advocates
from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import clock
from wordmouth.kit.ids import derived_id, new_id
from wordmouth.ledger import queries as ledger
from wordmouth.programs import queries as programs
from wordmouth.programs.document import RedemptionOption
from wordmouth.programs.facts import ProgramFacts
from wordmouth.rewards import paying
from wordmouth.rewards.errors import (
    BadRedemption,
    NotEnough,
    RedemptionNotFound,
    RedemptionUsed,
)
from wordmouth.rewards.facts import RedemptionFacts
from wordmouth.rewards.gathering import redemption_grants
from wordmouth.rewards.granting import reconcile
from wordmouth.rewards.grants import redemption_facts
from wordmouth.rewards.models import Redemption, Reward
from wordmouth.rewards.rules import POINTS
from wordmouth.rewards.services import reconcile_rows
from wordmouth.stores import queries as stores


def redeem(
    store_id: str,
    advocate_id: str,
    *,
    option: str | None = None,
    amount: int | None = None,
    once: str = "",
) -> RedemptionFacts:
    """Buy something from a wallet: an `option` of the programme by its key, or a coupon for
    `amount` minor units of store credit. The same `once` buys once, however often it is sent.

    Raises NotFound for the advocate, BadRedemption, NotEnough.
    """
    advocate = advocates.advocate(advocate_id)
    redemption_id = derived_id("red", store_id, advocate_id, once) if once else new_id("red")
    known = Redemption.objects.filter(id=redemption_id).first()
    if known is not None:
        return redemption_facts(known)
    program = programs.programs([advocate.program_id])[advocate.program_id]
    if program.intake == "stopped":
        raise BadRedemption("The programme is stopped at the moment; nothing is lost, try later.")
    terms = _terms(program.version.document.wallet.redemptions, option, amount)
    row = _new_row(store_id, redemption_id, advocate, program, terms)
    row.option = option or ""
    _check_balance(store_id, row)
    row.save(force_insert=True)
    paying.pay(store_id, [row])
    reconcile(store_id, redemption_grants([row]))
    return redemption_facts(row)


def _new_row(
    store_id: str,
    redemption_id: str,
    advocate: AdvocateFacts,
    program: ProgramFacts,
    terms: RedemptionOption,
) -> Redemption:
    currency = program.version.document.currency or stores.store(store_id).currency
    return Redemption(
        id=redemption_id,
        store_id=store_id,
        advocate_id=advocate.id,
        person_id=advocate.person_id,
        program_id=program.id,
        version_id=program.version.id,
        pay_with=terms.pay_with,
        price=terms.price,
        unit=POINTS if terms.pay_with == "points" else currency,
        currency=currency,
        kind=terms.kind,
        value=terms.value,
        product=terms.product or "",
        expires_days=terms.expires_days,
        made_at=clock.now(),
    )


def cancel(store_id: str, redemption_id: str) -> RedemptionFacts:
    """Take back what was bought and give back what was paid; once is enough. If it turns out that
    it was used all the same, it stands again.

    Raises RedemptionNotFound; RedemptionUsed where what was bought was used already.
    """
    row = Redemption.objects.filter(id=redemption_id).first()
    if row is None:
        raise RedemptionNotFound("There is no such redemption.")
    if row.state == paying.CANCELLED:
        return redemption_facts(row)
    if _reward_of(row).state in ("redeemed", "expired"):
        raise RedemptionUsed("What was bought is used or out of date; it cannot be given back.")
    row.cancelled_at = clock.now()
    row.save(update_fields=["cancelled_at"])
    paying.follow_use(store_id, [row])
    reconcile(store_id, redemption_grants([row]))
    return redemption_facts(row)


def _terms(
    options: tuple[RedemptionOption, ...], key: str | None, amount: int | None
) -> RedemptionOption:
    if (key is None) == (amount is None):
        raise BadRedemption("Give either an option or an amount of store credit.")
    if amount is not None:
        if amount < 1:
            raise BadRedemption("The amount is in minor units and above 0.")
        return RedemptionOption(
            key="credit", pay_with="store_credit", price=amount, kind="amount_off", value=amount
        )
    found = next((one for one in options if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in options) or "none"
        raise BadRedemption(f"The programme has no option {key!r}; it has {known}.")
    return found


def _check_balance(store_id: str, row: Redemption) -> None:
    """What is out of date is taken out first: it can be spent no more."""
    late = Reward.objects.filter(holder=row.advocate_id, state="due", expires_at__lte=clock.now())
    reconcile_rows(store_id, late)
    name = paying.accounts_of(row)[0]
    has = ledger.balances([name]).get((name, row.unit), 0)
    if has < row.price:
        raise NotEnough(f"It costs {row.price} and {max(has, 0)} are there.", available=max(has, 0))


def _reward_of(row: Redemption) -> Reward:
    return Reward.objects.get(redemption_id=row.id)
