"""A fake twin of a merchant's own program for rewards, for tests and simulations only.

It keeps the contract: an id is carried out once, and one that was taken back stays so whatever
comes later. A `careless` one forgets ids, as a program without a unique key does.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from wordmouth.integrations import twins
from wordmouth.integrations.twins import Reply, Request
from wordmouth.kit import clock, signing


class TwinProgram(twins.Twin):
    """The program; every attribute may be read and set by a test.

    `things` is what it handed out. `slow` many times it answers "pending" before it hands a thing
    out; `refuses` is what it says to every new reward, if anything.
    """

    def __init__(self, secret: str, *, careless: bool = False) -> None:
        super().__init__()
        self.secret = secret
        self.careless = careless
        self.things: list[dict[str, Any]] = []
        self.taken_back: set[str] = set()
        self.asked: Counter[str] = Counter()
        self.slow = 0
        self.refuses = ""
        self.answers: dict[str, str] = {}

    def standing(self) -> Counter[str]:
        """How many things of each id its holder can use."""
        return Counter(thing["id"] for thing in self.things if thing["state"] == "issued")

    def use(self, reward_id: str) -> None:
        """The holder uses what they got."""
        for thing in self._of(reward_id):
            thing["state"] = "used"

    def done(self, request: Request) -> Reply:
        """Carry out one request."""
        try:
            key = signing.secret_bytes(self.secret)
            signing.verify_webhook([key], request.headers, request.body, clock.now())
        except signing.BadSignature as error:
            return _problem(401, str(error))
        message = request.json()
        data = message["data"]
        if message["type"] == "reward.issue":
            return self._issue(data)
        if message["type"] == "reward.revoke":
            return self._revoke(data["id"])
        return _problem(422, f"{message['type']} is not known here")

    def _of(self, reward_id: str) -> list[dict[str, Any]]:
        return [thing for thing in self.things if thing["id"] == reward_id]

    def _issue(self, data: dict[str, Any]) -> Reply:
        known = self._of(data["id"])
        if data["id"] in self.taken_back:
            return twins.reply(200, {"state": "used" if self._used(known) else "revoked"})
        if known and not self.careless:
            return twins.reply(200, self._shown(known[0]))
        if self.refuses:
            return _problem(422, self.refuses)
        self.asked[data["id"]] += 1
        if self.asked[data["id"]] <= self.slow:
            return twins.reply(202, {"state": "pending"})
        thing = {**data, "state": "issued", "reference": f"thing-{len(self.things) + 1}"}
        self.things.append(thing)
        return twins.reply(200, self._shown(thing))

    def _revoke(self, reward_id: str) -> Reply:
        self.taken_back.add(reward_id)
        known = self._of(reward_id)
        if not known:
            return _problem(404, "There is no such reward here")
        if not self._used(known):
            for thing in known:
                thing["state"] = "revoked"
        return twins.reply(200, {"state": "used" if self._used(known) else "revoked"})

    def _used(self, known: list[dict[str, Any]]) -> bool:
        return any(thing["state"] == "used" for thing in known)

    def _shown(self, thing: dict[str, Any]) -> dict[str, str]:
        return {"state": thing["state"], "reference": thing["reference"], **self.answers}


def _problem(status: int, detail: str) -> Reply:
    document = {"type": "about:blank", "title": "No", "status": status, "detail": detail}
    answer = twins.reply(status, document)
    return Reply(status=status, body=answer.body, kind="application/problem+json")
