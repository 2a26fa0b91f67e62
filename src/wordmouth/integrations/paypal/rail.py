"""PayPal Payouts as a rail (see the package for the protocol)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from wordmouth.integrations.paypal import amounts
from wordmouth.integrations.paypal.session import (
    WHO,
    PayPalAccount,
    Session,
    Tokens,
    words_of,
)
from wordmouth.integrations.paypal.wire import BatchHeader, Created, Item, Page, Problem
from wordmouth.integrations.rails import Unpayable, told, unreachable_when_silent
from wordmouth.integrations.rest import Denied, Silent, decoded, one_line, read
from wordmouth.kit.http import Http
from wordmouth.payouts.ports import (
    RailRefused,
    RailUnreachable,
    Transfer,
    TransferState,
)

MAX_ITEMS = 15_000
MAX_RECEIVER = 127
MAX_NOTE = 1000
PAGE = 500
ROUNDS = 3
"""How often a request is sent again without the items that PayPal named as malformed."""

STATES = {
    "SUCCESS": "settled",
    "PENDING": "requested",
    "PROCESSING": "requested",
    "UNCLAIMED": "requested",
    "ONHOLD": "requested",
    "ON_HOLD": "requested",
    # Whether a blocked payment comes back is not said; until it is, the money counts as gone.
    "BLOCKED": "requested",
    "RETURNED": "returned",
    "REFUNDED": "returned",
    "REVERSED": "returned",
    "CANCELED": "returned",
    "FAILED": "refused",
    "DENIED": "refused",
}
"""What a status of an item means. One that is not here is under way: PayPal has the item."""

PROBLEMS = {
    "UNCLAIMED": "The receiver has no PayPal account under this address yet; unclaimed, the money "
    "comes back after 30 days.",
    "ONHOLD": "PayPal is reviewing this payment.",
    "ON_HOLD": "PayPal is reviewing this payment.",
    "BLOCKED": "PayPal has blocked this payment; ask PayPal what becomes of the money.",
    "RETURNED": "Nobody claimed the payment, or it was cancelled.",
    "REFUNDED": "The receiver sent the payment back.",
    "REVERSED": "PayPal took the payment back.",
}
FINISHED = frozenset({"SUCCESS", "DENIED", "CANCELED"})


class PayPalRail:
    """One store's PayPal account. PayPal remembers names of batches for a day longer."""

    name = "paypal"
    remembers = timedelta(days=29)

    def __init__(self, http: Http, tokens: Tokens, account: PayPalAccount) -> None:
        self._http = http
        self._tokens = tokens
        self._account = account

    def send(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """Send them as one batch; the same batch again finds the one that is there.

        Raises RailRefused where PayPal says no to this request, RailUnreachable.
        """
        if any(transfer.reference for transfer in transfers):
            return self.look(batch, transfers)
        if len(transfers) > MAX_ITEMS:
            raise RailRefused(f"{WHO} takes at most {MAX_ITEMS:,} payments in a batch.")
        with unreachable_when_silent():
            return self._send(self._session(), batch, transfers)

    def look(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """How they stand. Unknown where no reference says which batch PayPal made of them."""
        known = sorted({each.reference.partition("/")[0] for each in transfers} - {""})
        states: dict[str, TransferState] = {}
        with unreachable_when_silent():
            session = self._session()
            for batch_id in known:
                for state in self._read(session, batch_id, batch, transfers):
                    if state.id not in states or states[state.id].state == "unknown":
                        states[state.id] = state
        missing = "What PayPal calls this batch is not known yet; sending it again asks for it."
        return [states.get(each.id) or told(each, "unknown", problem=missing) for each in transfers]

    def _session(self) -> Session:
        return Session(self._http, self._tokens, self._account)

    def _send(
        self, session: Session, batch: str, transfers: Sequence[Transfer]
    ) -> list[TransferState]:
        items, refused = _items(transfers)
        for _ in range(ROUNDS):
            if not items:
                return [told(each, "refused", problem=refused[each.id]) for each in transfers]
            try:
                made = _create(session, batch, list(items.values()))
            except Denied as denied:
                problem = read(denied.body, Problem) or Problem()
                if problem.is_duplicate():
                    return self._adopt(session, problem.batch_there(), batch, transfers)
                bad = problem.bad_items(len(items))
                if not bad:
                    words = f"{WHO} does not take this batch: {words_of(denied)}."
                    raise RailRefused(words) from denied
                for payout, why in _named(items, bad).items():
                    del items[payout]
                    refused[payout] = f"{WHO} does not take it: {one_line(why)}."
            else:
                return [
                    told(each, "requested", reference=made)
                    if each.id in items
                    else told(each, "refused", problem=refused[each.id])
                    for each in transfers
                ]
        raise RailUnreachable(f"{WHO} keeps finding malformed payments in this batch.")

    def _adopt(
        self, session: Session, batch_id: str, batch: str, transfers: Sequence[Transfer]
    ) -> list[TransferState]:
        """PayPal has this batch already: an earlier request went through."""
        if not batch_id:
            raise Silent(f"{WHO} has the batch {batch} already but does not say under which id.")
        try:
            return self._read(session, batch_id, batch, transfers)
        except Silent:
            return [told(each, "requested", reference=batch_id) for each in transfers]

    def _read(
        self, session: Session, batch_id: str, batch: str, transfers: Sequence[Transfer]
    ) -> list[TransferState]:
        try:
            header, items, whole = _batch(session, batch_id)
        except Denied as denied:
            if denied.status != 404:
                raise Silent(f"{WHO} does not show the batch ({words_of(denied)}).") from denied
            return _nothing(transfers, f"{WHO} does not know the batch {batch_id}.")
        if header.sender_batch_header.sender_batch_id != batch:
            return _nothing(transfers, f"{WHO} knows {batch_id} as another batch than {batch}.")
        return [_state(each, header, items.get(each.id), whole) for each in transfers]


def _nothing(transfers: Sequence[Transfer], why: str) -> list[TransferState]:
    return [told(each, "unknown", problem=why) for each in transfers]


def _items(transfers: Sequence[Transfer]) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The items of a request by payout, and why others can never be one."""
    items: dict[str, dict[str, Any]] = {}
    refused: dict[str, str] = {}
    for each in transfers:
        try:
            items[each.id] = _item(each)
        except Unpayable as error:
            refused[each.id] = str(error)
    return items, refused


def _named(items: Mapping[str, Any], bad: Mapping[int, str]) -> dict[str, str]:
    """The payouts that a refusal means by their places, and why."""
    return {payout: bad[place] for place, payout in enumerate(items) if place in bad}


def _create(session: Session, batch: str, items: Sequence[Any]) -> str:
    """Have PayPal make a batch; gives PayPal's id of it."""
    header = {"sender_batch_id": batch, "recipient_type": "EMAIL"}
    body = {"sender_batch_header": header, "items": items}
    answer = session.post("/v1/payments/payouts", body)
    return decoded(answer, Created, WHO).batch_header.payout_batch_id


def _item(transfer: Transfer) -> dict[str, Any]:
    receiver = transfer.account.strip()
    if not receiver or len(receiver.encode()) > MAX_RECEIVER:
        raise Unpayable(f"{WHO} takes an e-mail address of at most {MAX_RECEIVER} characters.")
    return {
        "sender_item_id": transfer.id,
        "recipient_type": "EMAIL",
        "receiver": receiver,
        "note": transfer.note[:MAX_NOTE],
        "amount": {
            "currency": transfer.currency,
            "value": amounts.text(transfer.amount, transfer.currency),
        },
    }


def _batch(session: Session, batch_id: str) -> tuple[BatchHeader, Mapping[str, Item], bool]:
    """A batch with its items by payout, and whether those are all it will ever have."""
    items: dict[str, Item] = {}
    seen, number = 0, 1
    while True:
        asked = f"page={number}&page_size={PAGE}&total_required=true"
        page = decoded(session.get(f"/v1/payments/payouts/{batch_id}?{asked}"), Page, WHO)
        seen += len(page.items)
        items.update((item.payout_item.sender_item_id, item) for item in page.items)
        number += 1
        if not page.items or number > (page.total_pages or 1):
            break
    whole = page.batch_header.batch_status in FINISHED and page.total_items == seen == len(items)
    return page.batch_header, items, whole


def _state(
    transfer: Transfer, header: BatchHeader, item: Item | None, whole: bool
) -> TransferState:
    batch_id = header.payout_batch_id
    if item is None:
        if not whole:
            return told(transfer, "requested", reference=batch_id)
        why = f"{WHO}'s batch {batch_id} ({header.batch_status}) does not hold this payment."
        return told(transfer, "refused", reference=batch_id, problem=why)
    status = item.transaction_status or ""
    if not status and header.batch_status in ("DENIED", "CANCELED"):
        status = "DENIED"
    state = STATES.get(status, "requested")
    said = one_line(item.errors.message or item.errors.name) + "." if item.errors else ""
    problem = PROBLEMS.get(status) or (said if state != "settled" else "")
    if state == "refused" and not problem:
        problem = f"{WHO} did not carry it out ({status})."
    reference = f"{batch_id}/{item.payout_item_id}".rstrip("/")
    return told(transfer, state, reference=reference, problem=problem)
