"""The verbs of the command line that only the wiring can carry out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from wordmouth.cli.project import Check

if TYPE_CHECKING:
    from wordmouth.integrations.accounts import Provider, ShopProvider
    from wordmouth.project.audit import Report


class Wiring:
    """See `cli.project.Project`. Nothing is loaded before a verb needs it."""

    def load(self) -> None:
        """Load the settings and Django, and bring the database to this version."""
        from wordmouth.project.serve import prepare

        prepare()

    def adapters(self) -> Sequence[str]:
        """The names of the shop adapters there are."""
        from wordmouth.project.adapters import ADAPTERS

        return sorted(ADAPTERS)

    def providers(self) -> Mapping[str, Provider]:
        """Whom a store can have an account with beside its shop, by name."""
        from wordmouth.project.adapters import PROVIDERS

        return PROVIDERS

    def shops(self) -> Mapping[str, ShopProvider]:
        """Shops that are connected with what opens their API, by name."""
        from wordmouth.project.adapters import SHOPS

        return SHOPS

    def follow(self, store_id: str, adapter: str) -> None:
        """Have the store's shop read from now on, by whoever does the work."""
        from wordmouth.integrations import following

        following.begin(store_id, adapter)

    def serve(self, host: str, port: int, *, worker: bool) -> None:
        """Serve until told to stop."""
        _listen_on(host, port)
        from wordmouth.project.serve import run

        run(host, port, worker=worker)

    def demo(self, host: str, port: int) -> None:
        """Serve the demo until told to stop."""
        _listen_on(host, port)
        from wordmouth.project import demo
        from wordmouth.project.serve import prepare, run

        demo.choose_settings(host, port)
        prepare()
        demo.make_store()
        run(host, port, companion=partial(demo.Companion, demo.announce))

    def verify(self, store_id: str, head: str | None = None) -> Report:
        """Prove the books of a store, up to a noted head where one is given."""
        from wordmouth.project import audit

        return audit.verify(store_id, head)

    def replay(self, store_id: str) -> Report:
        """Decide a store anew and compare."""
        from wordmouth.project import audit

        return audit.replay(store_id)

    def mend(self) -> Sequence[str]:
        """Have shops looked at in which something is wrong; what was asked for, in sentences."""
        from wordmouth.project import shop_health

        return shop_health.mend()

    def examine(self) -> Sequence[Check]:
        """Look for what is broken."""
        from wordmouth.project.doctor import examine

        return examine()


def _listen_on(host: str, port: int) -> None:
    """The settings derive the site's address from these."""
    os.environ["WORDMOUTH_HOST"] = host
    os.environ["WORDMOUTH_PORT"] = str(port)
