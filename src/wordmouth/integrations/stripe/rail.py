"""Stripe transfers as a rail (see the package for the protocol)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote, urlencode

import msgspec

from wordmouth.integrations.rails import Unpayable, told, unreachable_when_silent
from wordmouth.integrations.rest import Calls, Denied, Silent, decoded, one_line, read
from wordmouth.integrations.stripe import amounts
from wordmouth.integrations.stripe.wire import Fault, Listed, Made, Problem
from wordmouth.kit.http import Http
from wordmouth.payouts.ports import RailRefused, Transfer, TransferState

WHO = "Stripe"
VERSION = "2024-06-20"
PAYOUT = "wordmouth_payout"
"""The key under which a transfer's metadata carries our payout."""
PAGE = 100
AT_ONCE = 4


class StripeAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Whose calls they are, and where they go."""

    api: str
    key: str

    def __repr__(self) -> str:
        """Without the key."""
        return f"StripeAccount(api={self.api!r})"

    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {
            "authorization": f"Bearer {self.key}",
            "stripe-version": VERSION,
            "accept": "application/json",
        }


class StripeRail:
    """One store's Stripe account, which pays its connected accounts. Stripe lists transfers by our
    names for as long as there are any."""

    name = "stripe"
    remembers = timedelta(days=365)

    def __init__(self, http: Http, account: StripeAccount) -> None:
        self._http = http
        self._account = account

    def send(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """Send those that Stripe does not have yet. Raises RailRefused, RailUnreachable."""
        with unreachable_when_silent():
            calls = self._calls()
            made = self._listed(calls, batch)
            missing = [each for each in transfers if each.id not in made]
            fresh = {state.id: state for state in self._pay_all(calls, batch, missing)}
        return [fresh.get(each.id) or _state(each, made[each.id]) for each in transfers]

    def look(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        """How they stand. Unknown where Stripe has made no transfer. Raises RailRefused,
        RailUnreachable."""
        with unreachable_when_silent():
            made = self._listed(self._calls(), batch)
        missing = f"{WHO} has no transfer for this payment."
        return [
            _state(each, made[each.id])
            if each.id in made
            else told(each, "unknown", problem=missing)
            for each in transfers
        ]

    def _calls(self) -> Calls:
        return Calls(self._http, WHO, self._account.api)

    def _listed(self, calls: Calls, batch: str) -> Mapping[str, Made]:
        """What Stripe made of a batch, by payout."""
        found: dict[str, Made] = {}
        for one in self._pages(calls, batch):
            payout = one.metadata.get(PAYOUT, "")
            # Of several, which only hands other than ours can make, one that still stands counts.
            if payout and (payout not in found or found[payout].reversed):
                found[payout] = one
        return found

    def _pages(self, calls: Calls, batch: str) -> Iterator[Made]:
        after = ""
        while True:
            asked = f"transfer_group={quote(batch, safe='')}&limit={PAGE}{after}"
            try:
                answer = calls.get(f"/v1/transfers?{asked}", self._account.headers())
            except Denied as denied:
                raise RailRefused(
                    f"{WHO} does not show its transfers: {_words(denied)}."
                ) from denied
            page = decoded(answer, Listed, WHO)
            yield from page.data
            if not page.has_more or not page.data:
                return
            after = f"&starting_after={quote(page.data[-1].id, safe='')}"

    def _pay_all(
        self, calls: Calls, batch: str, transfers: Sequence[Transfer]
    ) -> list[TransferState]:
        """Some at a time. The first answer that is missing ends it: they are looked at then."""
        states: list[TransferState] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for start in range(0, len(transfers), AT_ONCE):
                some = transfers[start : start + AT_ONCE]
                tries = [pool.submit(self._pay, calls, batch, each) for each in some]
                denied = [error for each in tries if isinstance(error := each.exception(), Denied)]
                states += [each.result() for each in tries if each.exception() not in denied]
                if denied:
                    raise _not_allowed(denied[0], states)
        return states

    def _pay(self, calls: Calls, batch: str, transfer: Transfer) -> TransferState:
        try:
            form = _form(batch, transfer)
        except Unpayable as error:
            return told(transfer, "refused", problem=str(error))
        headers = {
            **self._account.headers(),
            "content-type": "application/x-www-form-urlencoded",
            "idempotency-key": transfer.id,
        }
        try:
            answer = calls.post("/v1/transfers", form, headers)
        except Denied as denied:
            return _denied(transfer, denied)
        return _state(transfer, decoded(answer, Made, WHO))


def _form(batch: str, transfer: Transfer) -> bytes:
    """Nothing in it may change between tries, or Stripe refuses the key: so not the note, which
    names the store."""
    return urlencode(
        {
            "amount": amounts.units(transfer.amount, transfer.currency),
            "currency": transfer.currency.lower(),
            "destination": transfer.account.strip(),
            "transfer_group": batch,
            f"metadata[{PAYOUT}]": transfer.id,
        }
    ).encode()


def _not_allowed(denied: Denied, states: Sequence[TransferState]) -> RailRefused | Silent:
    """Stripe does not let this account pay, now or any more."""
    words = f"{WHO} does not let this account pay: {_words(denied)}."
    sent = any(state.state != "refused" for state in states)
    return Silent(words) if sent else RailRefused(words)


def _denied(transfer: Transfer, denied: Denied) -> TransferState:
    """What a refusal means. Stripe gives the same one again for the same key, and does nothing."""
    fault = _fault(denied)
    if denied.status in (401, 403):
        raise denied
    if denied.status == 409 or fault.code == "idempotency_key_in_use":
        raise Silent(f"{WHO} is still at work on this payment.")
    if fault.type == "idempotency_error":
        why = f"{WHO} was asked for this payment before, with other details: {_words(denied)}."
        return told(transfer, "unknown", problem=why)
    return told(transfer, "refused", problem=f"{WHO} did not pay: {_words(denied)}.")


def _fault(denied: Denied) -> Fault:
    return (read(denied.body, Problem) or Problem()).error


def _words(denied: Denied) -> str:
    return one_line(_fault(denied).words()) or f"status {denied.status}"


def _state(transfer: Transfer, made: Made) -> TransferState:
    if made.reversed:
        return told(
            transfer,
            "returned",
            reference=made.id,
            problem="The transfer was reversed in Stripe.",
        )
    problem = ""
    if made.amount_reversed:
        problem = f"A part ({made.amount_reversed} of {made.amount}) was reversed in Stripe."
    return told(transfer, "settled", reference=made.id, problem=problem)
