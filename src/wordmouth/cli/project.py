"""What the command line asks of the wiring, which is above it and hands this in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from wordmouth.integrations.accounts import Provider, ShopProvider


class Trouble(Protocol):
    """Something that is not as it must be: where, and what."""

    @property
    def where(self) -> str:
        """The thing, such as the id of a reward."""

    @property
    def what(self) -> str:
        """What is wrong with it, in words."""


class Report(Protocol):
    """What was looked at, and what was found wrong."""

    @property
    def referrals(self) -> int:
        """How many referrals were looked at."""

    @property
    def rewards(self) -> int:
        """How many rewards were looked at."""

    @property
    def postings(self) -> int:
        """How many postings of the ledger were looked at."""

    @property
    def findings(self) -> Sequence[Trouble]:
        """What is wrong."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One look of the doctor: `text` says what is so, `mend` what to do about it."""

    name: str
    state: Literal["ok", "warning", "broken"]
    text: str
    mend: str = ""


class Project(Protocol):
    """The verbs that only the wiring can carry out."""

    def load(self) -> None:
        """Load the settings and Django, and bring the database to this version."""

    def adapters(self) -> Sequence[str]:
        """The names of the shop adapters there are. After `load`."""

    def providers(self) -> Mapping[str, Provider]:
        """Whom a store can have an account with beside its shop, by name. After `load`."""

    def shops(self) -> Mapping[str, ShopProvider]:
        """Shops that are connected with what opens their API, by name. After `load`."""

    def follow(self, store_id: str, adapter: str) -> None:
        """Have the store's shop read from now on, by whoever does the work. After `load`."""

    def serve(self, host: str, port: int, *, worker: bool) -> None:
        """Serve until told to stop."""

    def demo(self, host: str, port: int) -> None:
        """Serve the demo until told to stop."""

    def verify(self, store_id: str, head: str | None = None) -> Report:
        """Prove the books of a store, up to a noted head where one is given. After `load`."""

    def replay(self, store_id: str) -> Report:
        """Decide a store anew and compare. After `load`."""

    def mend(self) -> Sequence[str]:
        """Have mended what mends by itself once it is looked at; what was asked for, in sentences.
        After `load`."""

    def examine(self) -> Sequence[Check]:
        """Look for what is broken. Loads what it can by itself."""
