"""A merchant who grants keys by one click, in a shop that does as WooCommerce does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from wordmouth.integrations.woocommerce.twin import WooTwin

KIND = "application/json;charset=UTF-8"
PROBLEM = "application/problem+json"
Post = Callable[[str, bytes], tuple[int, str, bytes]]
"""From the path and the body to status, content type and body of the answer."""


class Merchant:
    """Somebody who is signed in to the shop behind the twin and grants what they are asked for:
    the shop makes a key, hands it over, and throws it away unless the answer is 200. `post` is how
    a request with a body gets from the shop to an address of ours."""

    def __init__(self, twin: WooTwin, post: Post | None = None) -> None:
        self.twin = twin
        self._post = post or _to_django
        self.told: dict[str, Any] = {}
        self.answer: Any = None
        self._number = 0

    def grant(self, address: str, **changes: Any) -> int:
        """What the shop was answered. `changes` are what it says otherwise than it should."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.twin.url}/wc-auth/v1/authorize?")
        assert set(asked) == {"app_name", "scope", "user_id", "return_url", "callback_url"}
        assert asked["scope"] in ("read", "write", "read_write")
        assert asked["callback_url"].startswith("https://"), "else the shop refuses to go on"
        self._number += 1
        before = self.twin.key, self.twin.secret
        made = f"ck_click{self._number}", f"cs_click{self._number}"
        self.twin.key, self.twin.secret = made
        self.told = {
            "key_id": self._number,
            "user_id": asked["user_id"],
            "consumer_key": made[0],
            "consumer_secret": made[1],
            "key_permissions": asked["scope"],
            **changes,
        }
        status = self.hand_over(urlsplit(asked["callback_url"]).path, self.told)
        if status != 200:
            self.twin.key, self.twin.secret = before
        return status

    def hand_over(self, path: str, told: Any) -> int:
        """Post what the shop says to an address of ours."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        status, kind, answer = self._post(path, body)
        assert status == 200 or kind == PROBLEM
        self.answer = json.loads(answer)
        return status


def _to_django(path: str, body: bytes) -> tuple[int, str, bytes]:
    answer = Client().post(path, body, content_type=KIND)
    return answer.status_code, answer.headers["content-type"], answer.content
