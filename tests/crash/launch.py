"""What the crash test starts: `launch.py set-up`, `launch.py serve PORT`, `launch.py wait SECONDS`,
`launch.py look STORE`.

With WORDMOUTH_TEST_HASTY=24 the server has a planted bug: it answers before the commit, and the
newest 24 answers are to things that it has not written yet.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec

from wordmouth.kit import group_commit, prompt_writer

BEHIND = int(os.environ.get("WORDMOUTH_TEST_HASTY", "0"))

if BEHIND:

    class Hasty(group_commit.GroupWriter):
        _late: list[Any] = []

        def _write(self, rows):
            self._tell(rows, None)
            self._late += rows
            ready = self._late[:-BEHIND]
            del self._late[:-BEHIND]
            if ready:
                super()._write(ready)

    class HastyLoop(prompt_writer.PromptWriter):
        _late: list[Any] = []

        async def _write(self, rows):
            group_commit.resolve([row.future for row, _ in rows], None)
            self._late += rows
            ready = self._late[:-BEHIND]
            del self._late[:-BEHIND]
            if ready:
                await super()._write(ready)

    group_commit.GroupWriter = Hasty  # type: ignore[misc]
    prompt_writer.PromptWriter = HastyLoop  # type: ignore[misc]


def set_up() -> object:
    """A store with a live programme and an advocate; what the test needs to know of them."""
    from wordmouth.advocates import services as advocates
    from wordmouth.people.snapshot import CustomerSnapshot
    from wordmouth.programs import services as programs
    from wordmouth.programs.tests.samples import give_10
    from wordmouth.stores import services as stores
    from wordmouth.stores.transactions import store_write

    made = stores.create_store("Teehaus", shop_url="https://teehaus.example/")
    with store_write(made.store.id):
        programs.apply_document(give_10(), by="test")
        ana = advocates.enrol(made.store.id, CustomerSnapshot(email="ana@example.com"))
    return {"store": made.store.id, "secret": made.webhook_secret, "code": ana.code}


def wait(seconds: str) -> object:
    """How many deliveries are still to be settled: none, or those left after so long."""
    from django_scopes import scopes_disabled

    from wordmouth.inbox.models import Delivery

    deadline = time.monotonic() + float(seconds)
    with scopes_disabled():
        waiting = Delivery.objects.filter(state="received")
        while (left := waiting.count()) and time.monotonic() < deadline:
            time.sleep(0.2)
    return left


def look(store_id: str) -> object:
    """What the database holds: deliveries, orders, referrals, clicks, and what `verify` finds."""
    from django_scopes import scopes_disabled

    from wordmouth.inbox.models import Delivery
    from wordmouth.ledger.verify import verify_store
    from wordmouth.orders.models import Order
    from wordmouth.referrals import queries as referrals
    from wordmouth.stores.transactions import store_read
    from wordmouth.visits.models import Visit

    with scopes_disabled():
        deliveries = list(Delivery.objects.values_list("key", "state", "problem"))
        orders = list(Order.objects.values_list("external_id", flat=True))
        clicks = list(Visit.objects.values_list("click", flat=True))
    with store_read(store_id):
        counts = referrals.counts_by_status()
        findings = [str(finding) for finding in verify_store()]
    return {
        "deliveries": deliveries,
        "orders": orders,
        "clicks": clicks,
        "referrals": sum(counts.values()),
        "findings": findings,
    }


def main() -> None:
    from wordmouth.project.serve import prepare, run

    verb, *arguments = sys.argv[1:]
    if verb == "serve":
        run("127.0.0.1", int(arguments[0]))
        return
    prepare()
    verbs: dict[str, Callable[..., object]] = {"set-up": set_up, "wait": wait, "look": look}
    result = verbs[verb](*arguments)
    sys.stdout.write(msgspec.json.encode(result).decode())


if __name__ == "__main__":
    main()
