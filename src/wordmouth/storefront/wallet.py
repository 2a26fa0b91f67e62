"""The wallet on the advocate's page: what it holds, what it buys, what moved it."""

from __future__ import annotations

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wordmouth.advocates.facts import AdvocateFacts
from wordmouth.kit import entropy
from wordmouth.messages import movements
from wordmouth.messages.voice import Voice
from wordmouth.payouts import queries as payouts
from wordmouth.programs.document import AdvocateReward, ProgramDocument, RedemptionOption
from wordmouth.programs.sentences import Wording
from wordmouth.rewards import queries as rewards
from wordmouth.rewards.queries import Balance
from wordmouth.rewards.schedules import Progress
from wordmouth.rewards.statement import Line, statement

MOST_LINES = 50


class Purse(msgspec.Struct, frozen=True, kw_only=True):
    """What one purse holds, in words; `pending` and `debt` are empty where there is none."""

    key: str
    name: str
    available: str
    pending: str
    debt: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the wallet buys. `once` makes that a form that is sent twice buys once;
    `missing` says what is not there yet, `percent` how much of the price is."""

    key: str
    value: str
    price: str
    missing: str
    percent: int
    once: str


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A reward that a few more friends earn."""

    value: str
    text: str
    reached: int
    needed: int


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the statement."""

    day: str
    text: str
    amount: str
    held: str
    waits: bool


class WalletView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole block. `credit` is what store credit can be turned into a coupon, in minor units;
    `step` the least amount that people write, such as 0.01."""

    purses: tuple[Purse, ...]
    choices: tuple[Choice, ...]
    near: tuple[Near, ...]
    lines: tuple[Movement, ...]
    credit: str
    credit_once: str
    currency: str
    pays_cash: bool
    paid_to: str


def wallet_view(advocate: AdvocateFacts, document: ProgramDocument, voice: Voice) -> WalletView:
    """The wallet of one advocate. Within the store's scope."""
    wording = voice.wording(document)
    held = [one for one in rewards.wallet(advocate.id, limit=0).balances if one.purse != "coupon"]
    has = {(one.purse, one.unit): one.available for one in held}
    currency = document.currency or voice.store.currency
    known = payouts.payees([advocate.id]).get(advocate.id)
    credit = max(has.get(("credit", currency), 0), 0)
    return WalletView(
        purses=tuple(_purse(one, voice) for one in held if _holds(one)),
        choices=tuple(_choice(one, has, currency, wording, voice) for one in _options(document)),
        near=tuple(_near(one, wording) for one in rewards.progress(advocate.id)),
        lines=tuple(_line(one, voice) for one in _told(statement(advocate.id, MOST_LINES))),
        credit=voice.money(credit, currency) if credit else "",
        credit_once=_once(),
        currency=currency,
        pays_cash=_pays_cash(document, held),
        paid_to=known.hint if known else "",
    )


def _pays_cash(document: ProgramDocument, held: list[Balance]) -> bool:
    promised = [reward for offer in document.offers for reward in offer.advocate]
    return any(one.kind == "cash" for one in promised) or any(
        one.purse == "cash" and _holds(one) for one in held
    )


def _holds(balance: Balance) -> bool:
    return bool(balance.available or balance.pending or balance.debt)


def _purse(balance: Balance, voice: Voice) -> Purse:
    names = {"points": _("Points"), "credit": _("Store credit"), "cash": _("Cash")}

    def shown(value: int) -> str:
        return voice.worth(value, balance.unit) if value else ""

    return Purse(
        key=balance.purse,
        name=names[balance.purse],
        available=voice.worth(max(balance.available, 0), balance.unit),
        pending=shown(balance.pending),
        debt=shown(balance.debt),
    )


def _options(document: ProgramDocument) -> tuple[RedemptionOption, ...]:
    """What the programme's wallets buy, the cheapest first."""
    options = document.wallet.redemptions
    return tuple(sorted(options, key=lambda one: (one.pay_with, one.price, one.key)))


def _choice(
    option: RedemptionOption,
    has: dict[tuple[str, str], int],
    currency: str,
    wording: Wording,
    voice: Voice,
) -> Choice:
    purse = ("points", "PTS") if option.pay_with == "points" else ("credit", currency)
    there = max(has.get(purse, 0), 0)
    missing = max(option.price - there, 0)
    return Choice(
        key=option.key,
        value=wording.reward(option),
        price=voice.worth(option.price, purse[1]),
        missing=voice.worth(missing, purse[1]) if missing else "",
        percent=min(100 * there // option.price, 100),
        once=_once(),
    )


def _once() -> str:
    return entropy.random_bytes(16).hex()


def _near(one: Progress, wording: Wording) -> Near:
    text = ngettext(
        "One more friend who buys earns it.",
        "{count} more friends who buy earn it.",
        one.missing,
    ).format(count=wording.number(one.missing))
    return Near(
        value=wording.reward(_alone(one.reward)),
        text=text,
        reached=one.reached,
        needed=one.reached + one.missing,
    )


def _alone(reward: AdvocateReward) -> AdvocateReward:
    """The reward without its schedule, which is told beside it."""
    plain = {"schedule": "each", "n": None, "from_": None, "to": None, "recurring": False}
    return msgspec.structs.replace(reward, **plain, starts=None, max_times=None)


def _told(lines: list[Line]) -> list[Line]:
    """A promise that was released, or taken back, in the same moment is told as one thing."""
    final = {
        (line.reward.id, line.at, line.undone)
        for line in lines
        if line.reward is not None and line.what == "release"
    }
    return [
        line
        for line in lines
        if line.what != "promise"
        or line.reward is None
        or (line.reward.id, line.at, line.undone) not in final
    ]


def _line(line: Line, voice: Voice) -> Movement:
    changed = line.available or line.pending or -line.debt
    sign = "+" if changed > 0 else "−"
    return Movement(
        day=voice.day(line.at),
        text=movements.text_of(line),
        amount=f"{sign}{voice.worth(abs(changed), line.unit)}",
        held=voice.worth(line.held, line.unit),
        waits=bool(line.pending and not line.available),
    )
