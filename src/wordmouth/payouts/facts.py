"""What other rooms are told about payouts. Amounts are minor units of their currency."""

from __future__ import annotations

from datetime import datetime

import msgspec


class PayeeFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Where an advocate is paid; of the details only a hint such as `DE89 … 3000`."""

    advocate_id: str
    method: str
    hint: str
    set_at: datetime
    set_by: str


class PayingAccountFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The account a store pays from. `form` is the version of pain.001 that its bank takes."""

    name: str
    hint: str
    form: str
    set_at: datetime
    set_by: str


class ApprovalFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Who approved a batch, and when."""

    by: str
    at: datetime


class BatchFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Payouts that go out together. `total` and `count` are those of its making; `counts` says
    how many of its payouts are in each state; `in_doubt`, how many need somebody to look;
    `problem`, why it cannot go now ("": it can, or has gone)."""

    id: str
    rail: str
    currency: str
    state: str
    total: int
    count: int
    needs_second: bool
    made_by: str
    made_at: datetime
    approvals: tuple[ApprovalFacts, ...]
    approved_at: datetime | None
    sent_by: str
    sent_at: datetime | None
    done_at: datetime | None
    cancelled_by: str
    cancelled_at: datetime | None
    file_name: str
    counts: dict[str, int]
    in_doubt: int
    problem: str


class PayoutFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One advocate's part of a batch. `told` is what the rail last said of one that is under way
    (`unknown`: it could not say); `disputed`, that its answers contradict each other."""

    id: str
    batch_id: str
    advocate_id: str
    person_id: str
    amount: int
    currency: str
    method: str
    hint: str
    state: str
    told: str
    reference: str
    problem: str
    disputed: bool
    requested_at: datetime
    settled_at: datetime | None
    changed_at: datetime

    @property
    def in_doubt(self) -> bool:
        """Whether a person has to find out what became of it."""
        return self.disputed or (self.state == "sent" and self.told == "unknown")


class StepFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a payout: `what` is moved, told (by the rail) or ruled (by a
    person)."""

    at: datetime
    what: str
    state: str
    reason: str
    by: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch made now would pay an advocate; `reason` says why it would not ("": it
    would). `hint` is where to, `method` how; both "" where there is no payee."""

    advocate_id: str
    person_id: str
    program_id: str
    amount: int
    method: str
    hint: str
    reason: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch made now would be. `problem` says why it cannot be made at all ("": it can)."""

    rail: str
    currency: str
    total: int
    needs_second: bool
    problem: str
    paid: tuple[Line, ...]
    held: tuple[Line, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a bank or a payment service says of a payout: `state` is one of `states.ANSWERS`;
    `line` is where it stood, for whoever has to mend it."""

    payout_id: str
    state: str
    reason: str = ""
    reference: str = ""
    line: int = 0


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer did. `news` is False where it was known already."""

    payout_id: str
    state: str
    news: bool
    disputed: bool


class YearTotal(msgspec.Struct, frozen=True, kw_only=True):
    """What a human was paid in a calendar year (UTC), in one currency, over all their
    memberships; `under_way` is reserved and not settled yet."""

    person_id: str
    year: int
    currency: str
    settled: int
    count: int
    under_way: int
    papers: bool


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A file for the bank."""

    name: str
    media: str
    content: bytes
