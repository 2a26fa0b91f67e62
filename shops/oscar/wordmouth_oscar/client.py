"""The one way out: a signed POST to the engine."""

import json
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from wordmouth_oscar.conf import Config
from wordmouth_oscar.signing import signed_headers

# Answers that are about the engine or the connection, not about this one snapshot: another
# snapshot would fare no better now.
_ENGINE_TROUBLE = frozenset({401, 403, 404, 408, 429})


@dataclass(frozen=True)
class Answer:
    """How a delivery ended."""

    accepted: bool
    engine_trouble: bool
    text: str
    """What went wrong, in words; empty if accepted."""


class EngineClient:
    """Delivers snapshots over one kept-open connection; use it as a context manager."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._http = httpx2.Client(timeout=config.timeout, follow_redirects=False)

    def __enter__(self) -> "EngineClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def deliver(self, message_id: str, content: dict[str, Any]) -> Answer:
        """Send one snapshot. Never raises for what the network or the engine does."""
        body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        headers = signed_headers(self._config.keys[0], message_id, int(time.time()), body)
        headers["content-type"] = "application/json"
        try:
            response = self._http.post(self._config.deliveries_url, content=body, headers=headers)
        except httpx2.HTTPError as error:
            return Answer(False, True, f"{type(error).__name__}: {error}"[:300])
        if response.is_success:
            return Answer(True, False, "")
        trouble = response.status_code >= 500 or response.status_code in _ENGINE_TROUBLE
        trouble = trouble or response.is_redirect
        return Answer(False, trouble, f"{response.status_code}: {response.text}"[:300])
