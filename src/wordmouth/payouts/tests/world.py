"""A store whose advocates have cash, banks and payment services that answer as they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

from wordmouth.advocates import services as advocates
from wordmouth.kit import clock
from wordmouth.kit.ids import new_id
from wordmouth.ledger import queries as ledger
from wordmouth.ledger import services as postings
from wordmouth.ledger.facts import Movement
from wordmouth.payouts import audit, queries, registry, services
from wordmouth.payouts.ports import RailRefused, RailUnreachable, Transfer, TransferState
from wordmouth.people.snapshot import CustomerSnapshot
from wordmouth.programs import services as programs
from wordmouth.programs.parse import parse_toml
from wordmouth.project.effects import HANDLERS, Lane
from wordmouth.rewards import accounts
from wordmouth.stores import services as stores
from wordmouth.stores.transactions import store_read, store_write

START = datetime(2026, 11, 21, 10, tzinfo=UTC)
NUMBERS = count(1)

IBANS = (
    "DE89370400440532013000",
    "EE382200221020145685",
    "FR1420041010050500013M02606",
    "NL91ABNA0417164300",
    "BE68539007547034",
    "AT611904300234573201",
)
OUTSIDE_SEPA = "SA0380000000608010167519"

PROGRAM = """
slug = "cash"
name = "Cash"
status = "live"
[eligibility]
currency = "EUR"
[[offers]]
key = "control"
[[offers.advocate]]
kind = "cash"
value = 1000
[payouts]
"""


class World:
    """One store; cash comes out of nowhere (the expense of its programme), by `earn`."""

    def __init__(self, payouts: str = "threshold = 2000", *, currency: str = "EUR") -> None:
        made = stores.create_store(f"Tea {next(NUMBERS)}", currency=currency)
        self.store, self.store_id = made.store, made.store.id
        with self.write():
            document = (PROGRAM + payouts).replace('"EUR"', f'"{currency}"')
            self.program_id = programs.apply_document(parse_toml(document), by="test").program_id
        self.currency = currency
        self.advocates: list[str] = []

    def write(self):
        return store_write(self.store_id)

    def read(self):
        return store_read(self.store_id)

    def advocate(
        self,
        cash: int = 0,
        *,
        iban: str | None = IBANS[0],
        program: str = "cash",
        **payee: str,
    ) -> str:
        """An advocate with cash, paid to `iban` unless `payee` or None say otherwise."""
        number = len(self.advocates) + 1
        standing = clock._clock
        if isinstance(standing, clock.SetClock):
            # Ids of different moments sort by them.
            standing.move(timedelta(milliseconds=1))
        told = CustomerSnapshot(email=f"a{number}@example.com", first_name=f"Ana {number}")
        with self.write():
            advocate = advocates.enrol(self.store_id, told, program).id
            if payee:
                services.set_payee(self.store_id, advocate, **payee, by="test")
            elif iban:
                named = f"Ana Tamm {number}"
                services.set_payee(
                    self.store_id, advocate, "iban", name=named, iban=iban, by="test"
                )
        self.advocates.append(advocate)
        if cash:
            self.earn(advocate, cash)
        return advocate

    def stop(self, slug: str = "cash") -> None:
        with self.write():
            programs.stop(slug, "A code leaked.", by="test")

    def resume(self, slug: str = "cash") -> None:
        with self.write():
            programs.resume(slug, by="test")

    def open(self, slug: str) -> None:
        """Another programme of the store."""
        document = PROGRAM.replace('"cash"\nname', f'"{slug}"\nname')
        with self.write():
            programs.apply_document(parse_toml(document), by="test")

    def earn(self, advocate: str, amount: int, currency: str = "") -> None:
        """Cash comes in; below zero it is taken back."""
        sides = [accounts.expense(self.program_id), accounts.available("cash", advocate)]
        source, destination = sides if amount > 0 else reversed(sides)
        movement = Movement(
            reference=new_id("tst"),
            source=source,
            destination=destination,
            amount=abs(amount),
            unit=currency or self.currency,
        )
        with self.write():
            postings.post(self.store_id, [movement])

    def account(self, **more: str) -> None:
        given = {"name": "Tea & Co", "iban": "DE02120300000000202051", **more}
        with self.write():
            services.set_paying_account(self.store_id, **given, by="test")

    def make(self, rail: str = "csv", by: str = "user ana", **more: str):
        with self.write():
            return services.make(self.store_id, rail, **more, by=by)

    def approve(self, batch, by: str = "user ana"):
        with self.write():
            return services.approve(self.store_id, batch.id, by=by)

    def cancel(self, batch, by: str = "user ana"):
        with self.write():
            return services.cancel(self.store_id, batch.id, by=by)

    def send(self, batch, by: str = "user ana"):
        with self.write():
            return services.send(self.store_id, batch.id, by=by)

    def export(self, batch, by: str = "user ana"):
        return services.export(self.store_id, batch.id, by=by)

    def sent(self, rail: str = "csv"):
        """A batch of everybody, on its way."""
        batch = self.make(rail)
        self.approve(batch)
        (self.export if rail in ("sepa", "csv") else self.send)(batch)
        return self.batch(batch.id)

    def hear(self, *answers):
        with self.write():
            return services.hear(self.store_id, answers, by="bank")

    def rule(self, payout_id: str, state: str):
        with self.write():
            return services.rule(self.store_id, payout_id, state, "looked", by="user ana")

    def batch(self, batch_id: str):
        with self.read():
            return queries.batch(batch_id)

    def payouts(self, batch=None):
        """The payouts, in the order of their advocates."""
        with self.read():
            found = queries.page(batch_id=batch.id if batch else None, limit=10_000)
        return sorted(found, key=lambda one: (self.advocates.index(one.advocate_id), one.id))

    def payout(self, payout_id: str):
        with self.read():
            return queries.payout(payout_id)

    def steps(self, payout_id: str) -> list[tuple[str, str]]:
        with self.read():
            return [(step.what, step.state) for step in queries.steps([payout_id])[payout_id]]

    def cash(self, advocate: str) -> int:
        return self.balance(accounts.available("cash", advocate))

    def bank(self) -> int:
        return self.balance(accounts.BANK)

    def transit(self) -> int:
        with self.read():
            return sum(ledger.balances_under("transit:").values())

    def balance(self, name: str) -> int:
        with self.read():
            return ledger.balances([name]).get((name, self.currency), 0)

    def total(self) -> int:
        """The sum over all accounts."""
        with self.read():
            return sum(ledger.all_balances().values())

    def findings(self) -> list[str]:
        with self.read():
            return [f"{found.where}: {found.what}" for found in audit.verify()]


class Service:
    """A twin of a payment service that keeps every promise of the port, and breaks the line as
    it is told: `plan` says for each call what happens to it.

    * `""`: it works; `"lost"`: it works and the answer is lost; `"down"`: nothing arrives;
    * `"refused"`: the whole call is refused; `"forgets"`: the answer leaves the last one out.
    """

    def __init__(self, name: str = "paypal", remembers: timedelta = timedelta(days=29)) -> None:
        self.name, self.remembers = name, remembers
        self.plan: list[str] = []
        self.calls: list[tuple[str, str, int]] = []
        self.paid: dict[str, int] = {}
        self.arrivals: dict[str, int] = {}
        self.states: dict[str, str] = {}
        self.keys: dict[str, datetime] = {}
        self.becomes: Callable[[Transfer], str] = lambda transfer: "settled"

    def send(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        fault = self._called("send", batch, transfers)
        if fault == "down":
            raise RailUnreachable("no answer")
        if fault == "refused":
            raise RailRefused("the service takes no more today")
        for transfer in transfers:
            self._take(transfer)
        if fault == "lost":
            raise RailUnreachable("the answer was lost", 5)
        told = [self._state(one) for one in transfers]
        return told[:-1] if fault == "forgets" else told

    def look(self, batch: str, transfers: Sequence[Transfer]) -> list[TransferState]:
        if self._called("look", batch, transfers) in ("down", "lost", "refused"):
            raise RailUnreachable("no answer")
        return [self._state(one) for one in transfers]

    def _called(self, what: str, batch: str, transfers: Sequence[Transfer]) -> str:
        self.calls.append((what, batch, len(transfers)))
        return self.plan.pop(0) if self.plan else ""

    def _take(self, transfer: Transfer) -> None:
        """A key that is remembered pays once; a forgotten one would pay again."""
        first = self.keys.setdefault(transfer.id, clock.now())
        if transfer.id in self.states and clock.now() - first < self.remembers:
            return
        state = self.becomes(transfer)
        self.states[transfer.id] = state
        if state != "refused":
            self.arrivals[transfer.id] = self.arrivals.get(transfer.id, 0) + 1
            self.paid[transfer.account] = self.paid.get(transfer.account, 0) + transfer.amount

    def _state(self, transfer: Transfer) -> TransferState:
        state = self.states.get(transfer.id, "unknown")
        return TransferState(id=transfer.id, state=state, reference=f"ref-{transfer.id[-4:]}")


def install(service: Service | None) -> None:
    """Make it the way to PayPal of all stores; None: they have none."""

    def find(store_id: str, name: str) -> Service:
        if service is None or name != service.name:
            raise RailRefused(f"{name} is not set up for this store.")
        return service

    registry.install(find)


@contextmanager
def set_clock(at: datetime = START):
    with clock.using(clock.SetClock(at)) as standing:
        yield standing


def work() -> None:
    """Carry out every effect that is due; mails go nowhere."""
    lane = Lane(handlers={**HANDLERS, "mail.send": lambda effect: {}})
    while lane.step():
        pass
