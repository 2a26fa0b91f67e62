"""A fake issuer of gift cards in this process, with faults, for the tests of this room."""

from collections import Counter, deque

import msgspec

from wordmouth.fulfilment.ports import GiftCardSpec, GiftCardState, Refused, Unreachable

FAULTS = ("lost_reply", "reset", "busy")
"""Done and not heard; not done; not done, with a pause asked for."""


class Issuer:
    """An account with an issuer. A `careless` one makes a card for every order, whatever its key.

    `slow` many times a card is said to be on its way before it is there.
    """

    def __init__(self, *, careless=False):
        self.careless = careless
        self.cards: list[GiftCardState] = []
        self.specs: list[GiftCardSpec] = []
        self.keys: list[str] = []
        self.faults: deque[str | None] = deque()
        self.slow = 0
        self.refuses = ""
        self.down = False

    def usable(self):
        """How many usable cards there are under each key."""
        pairs = zip(self.keys, self.cards, strict=True)
        return Counter(key for key, card in pairs if card.state in ("active", "pending"))

    def use(self, key):
        """The holder spends the card."""
        self._set(key, "used")

    def find(self, key):
        return self._heard(self._find(key))

    def issue(self, spec):
        if self.refuses:
            raise Refused(self.refuses)
        fault = self._fault()
        known = self._find(spec.key)
        if known is None or self.careless:
            self._make(spec)
        return self._answer(fault, self._find(spec.key))

    def cancel(self, key):
        fault = self._fault()
        known = self._find(key)
        if known is not None and known.state != "used":
            self._set(key, "cancelled")
        return self._answer(fault, self._find(key))

    def _make(self, spec):
        number = len(self.cards) + 1
        self.specs.append(spec)
        self.keys.append(spec.key)
        state = "pending" if self.slow else "active"
        self.cards.append(
            GiftCardState(
                reference=f"card-{number}",
                state=state,
                code=f"SECRET-{number}",
                url=f"https://cards.example/{number}",
                text="Enter the code at the till.",
            )
        )

    def _find(self, key):
        if key not in self.keys:
            return None
        place = self.keys.index(key)
        if self.cards[place].state == "pending":
            if self.slow:
                self.slow -= 1
            else:
                self._set(key, "active")
        return self.cards[place]

    def _set(self, key, state):
        for place, known in enumerate(self.keys):
            if known == key:
                self.cards[place] = msgspec.structs.replace(self.cards[place], state=state)

    def _fault(self):
        """What goes wrong with this request; what goes wrong before it is done goes wrong now."""
        fault = "busy" if self.down else self.faults.popleft() if self.faults else None
        if fault == "reset":
            raise Unreachable("The issuer could not be asked.")
        if fault == "busy":
            raise Unreachable("The issuer has no time.", 30.0)
        return fault

    def _heard(self, answer):
        return self._answer(self._fault(), answer)

    def _answer(self, fault, answer):
        if fault == "lost_reply":
            raise Unreachable("The issuer's answer was lost.")
        return answer
