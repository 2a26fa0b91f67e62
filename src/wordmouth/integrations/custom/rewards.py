"""The merchant's own program, asked to carry out a reward or to take it back."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from wordmouth.fulfilment.ports import CustomSpec, CustomState, Refused, Unreachable
from wordmouth.integrations.signed import Sender, is_json
from wordmouth.kit.http import Answer, Http

ISSUE_STATES = frozenset({"issued", "pending", "used", "revoked"})
REVOKE_STATES = frozenset({"revoked", "used", "pending"})
PASSING = frozenset({401, 408, 425, 429})
"""Client errors that say nothing about the reward: a secret being changed, haste."""
GATES = frozenset({403, 404, 405})
"""What a wall or another program in front answers too: a no only where it is said in JSON."""


class _Reply(msgspec.Struct, frozen=True):
    """Fields that are not named here are ignored; those for the holder are bounded."""

    state: str
    reference: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    code: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    text: Annotated[str, msgspec.Meta(max_length=2000)] | None = None
    url: Annotated[str, msgspec.Meta(max_length=1000, pattern=r"^https?://\S+$")] | None = None


class CustomRewards:
    """The program at one address."""

    def __init__(self, http: Http, url: str, secret: str) -> None:
        self._sender = Sender(http, "The program", url, secret)

    def issue(self, spec: CustomSpec, key: str) -> CustomState:
        """Have it carried out; the same id again tells how it stands. Raises Refused,
        Unreachable."""
        data = msgspec.to_builtins(spec)
        if spec.email is None:
            del data["email"]
        answer = self._asked("reward.issue", data, key)
        return self._state(answer, ISSUE_STATES)

    def revoke(self, reward_id: str, key: str) -> CustomState | None:
        """Have it taken back; None where the program knows no such reward. Raises Refused,
        Unreachable."""
        answer = self._sender.ask("reward.revoke", {"id": reward_id}, key)
        if answer.status == 404 and is_json(answer):
            return None
        return self._state(self._judged(answer), REVOKE_STATES)

    def _asked(self, kind: str, data: dict[str, Any], key: str) -> Answer:
        return self._judged(self._sender.ask(kind, data, key))

    def _judged(self, answer: Answer) -> Answer:
        if answer.status in (200, 201, 202):
            return answer
        gate = answer.status in GATES and not is_json(answer)
        if 400 <= answer.status < 500 and answer.status not in PASSING and not gate:
            raise Refused(self._sender.words(answer))
        raise self._sender.unreachable(answer)

    def _state(self, answer: Answer, allowed: frozenset[str]) -> CustomState:
        try:
            reply = msgspec.json.decode(answer.body, type=_Reply)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unreachable(f"The program's answer is not as agreed: {error}") from error
        if reply.state not in allowed:
            known = ", ".join(sorted(allowed))
            raise Unreachable(
                f"The program's answer has the state {reply.state[:40]!r}; allowed are {known}."
            )
        return CustomState(
            state=reply.state,
            reference=_plain(reply.reference),
            code=_plain(reply.code),
            text=_plain(reply.text),
            url=reply.url or "",
        )


def _plain(text: str | None) -> str:
    """A text that every database and page takes."""
    kept = (sign if sign.isprintable() or sign == "\n" else " " for sign in text or "")
    return "".join(kept).strip()
