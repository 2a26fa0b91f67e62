"""The engine as a program of its own and a shop on thirty bees: from the invitation to the reward
and back, over HTTP alone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx2
import pytest

from tests.harness.asgi import PHONE
from tests.harness.patience import PATIENCE
from tests.harness.server import Server, free_port
from tests.oscar.running import PROGRAM, WORDMOUTH, eventually, wordmouth
from tests.prestashop.driver import Shop

SLUG = "tea"


class Engine:
    """A running engine with the shop's store in it."""

    def __init__(self, url: str, made: dict[str, Any]) -> None:
        self.url, self.made = url, made
        key = {"authorization": f"Bearer {made['api_key']}"}
        self._http = httpx2.Client(headers=key, timeout=PATIENCE)

    def close(self) -> None:
        self._http.close()

    def api(self, path: str, **query: str) -> Any:
        answer = self._http.get(f"{self.url}/api/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def the_one(self, path: str, status: str, **query: str) -> dict[str, Any]:
        """The one thing that is found, as soon as it has this status."""
        found = eventually(
            f"{path} {query} to be {status}",
            lambda: self.api(path, **query)["data"],
            lambda seen: [one["status"] for one in seen] == [status],
        )
        return dict(found[0])


@pytest.fixture
def engine(
    open_shop: Callable[..., Shop], program_environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[Engine, Shop]]:
    """Both, connected as a merchant connects them."""
    shop = open_shop()
    port = free_port()
    environment = {
        **program_environment,
        "WORDMOUTH_PORT": str(port),
        "WORDMOUTH_ALLOW_PRIVATE_SHOPS": "1",
        # Nobody takes mails there, whatever else runs on this machine.
        "WORDMOUTH_SMTP_PORT": str(free_port()),
    }
    made = wordmouth(
        environment,
        *("store", "create", "Tea", "--adapter", "prestashop", "--slug", SLUG, "--json"),
        *("--shop-url", f"{shop.url}/", "--coupon-url", f"{shop.url}/module/wordmouth/coupons"),
    )
    program = tmp_path / "program.toml"
    program.write_text(PROGRAM)
    wordmouth(environment, "program", "apply", str(program), "--store", SLUG, "--json")
    serve = [WORDMOUTH, "serve", "--port"]
    server = Server(serve, environment, tmp_path / "engine.log", port=port)
    server.start()
    running = Engine(f"http://127.0.0.1:{port}", made)
    shop.connect(running.url, STORE_ID=made["store"]["id"], SECRET=made["webhook_secret"])
    try:
        yield running, shop
    finally:
        running.close()
        server.kill()


class Visitor:
    """Somebody with a browser of their own; follows no redirect."""

    def __init__(self, email: str) -> None:
        self.email = email
        self._http = httpx2.Client(headers={"user-agent": PHONE}, timeout=PATIENCE)

    def close(self) -> None:
        self._http.close()

    def join(self, address: str) -> str:
        """Follow an invitation; the link to give to friends."""
        (token,) = parse_qs(urlsplit(address).query)["customer"]
        entered = self._send(address, {"customer": token})
        portal = self._http.get(urljoin(address, entered.headers["location"])).text
        return self._found(portal, r'value="(http[^"]+/r/[^"]+)"')

    def take_offer(self, link: str) -> dict[str, str]:
        """Open a friend's link, leave the address, wait for the code; what the shop is told."""
        page_address = urljoin(link, self._http.get(link).headers["location"])
        touch = self._found(self._http.get(page_address).text, r'name="wm" value="([^"]+)"')
        taken = self._send(page_address, {"email": self.email, "wm": touch})
        claimed = urljoin(page_address, taken.headers["location"])
        page = eventually(
            "the code to be in the shop",
            lambda: self._http.get(claimed).text,
            lambda seen: "Shop now" in seen,
        )
        way = self._found(page.replace("&amp;", "&"), r'href="([^"]+\?wm=[^"]+coupon=[^"]+)"')
        return {name: values[0] for name, values in parse_qs(urlsplit(way).query).items()}

    def _send(self, address: str, fields: dict[str, str]) -> httpx2.Response:
        page = self._http.get(address).text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        if found:
            fields = {**fields, "csrfmiddlewaretoken": found[1]}
        answer = self._http.post(address, data=fields, headers={"referer": address})
        assert answer.status_code == 302, answer.text
        return answer

    def _found(self, page: str, pattern: str) -> str:
        found = re.search(pattern, page)
        assert found, f"{pattern} is not in:\n{page}"
        return html.unescape(found[1])


@pytest.fixture
def visitors() -> Iterator[Callable[[str], Visitor]]:
    """Makes visitors."""
    made: list[Visitor] = []

    def make(email: str) -> Visitor:
        made.append(Visitor(email))
        return made[-1]

    yield make
    for one in made:
        one.close()


def bought(shop: Shop, email: str, visit: dict[str, Any] | None = None) -> int:
    """Come to the shop, perhaps from a friend, put tea into the cart, pay; the order."""
    cart = shop.cart(shop.customer(email))
    if visit:
        page = shop.visit("/", **visit)
        jar = {n: line.partition(";")[0].partition("=")[2] for n, line in page.cookies.items()}
        assert set(jar) == {"wordmouth_wm", "wordmouth_coupon"}
        shop.visit("/order", jar, cart=cart)
    number = shop.buy("PAYMENT", cart=cart)
    assert shop.flush()["failed"] == 0
    return number


def test_a_recommendation_and_its_undoing(
    engine: tuple[Engine, Shop], visitors: Callable[[str], Visitor]
) -> None:
    running, shop = engine
    ana = visitors("ana@example.com")
    first = bought(shop, ana.email)
    (shown,) = [
        one
        for one in shop.visit("/order-confirmation", order=first).shown()
        if "wordmouth_invitation" in one
    ]
    link = ana.join(shown["wordmouth_invitation"])

    ben = visitors("ben@example.com")
    way = ben.take_offer(link)
    (rule,) = shop.rules(way["coupon"])
    assert (rule["reduction_percent"], rule["active"]) == ("10", "1")
    number = bought(shop, ben.email, way)
    order = shop.order(number)
    assert order["discount_codes"] == [way["coupon"]]
    assert order["attribution"]["token"] == way["wm"]

    referral = running.the_one("referrals", "approved", order=str(number))
    reward = running.the_one("rewards", "issued", referral=referral["id"])
    (thanks,) = shop.rules(reward["code"])
    assert (thanks["reduction_amount"], thanks["active"]) == ("10.00", "1")

    shop.act("state", order=number, state="CANCELED")
    assert shop.flush()["failed"] == 0
    running.the_one("rewards", "withdrawn", referral=referral["id"])
    eventually(
        "the reward's coupon to be switched off",
        lambda: shop.rules(reward["code"]),
        lambda rules: [rule["active"] for rule in rules] == ["0"],
    )
    secret = running.made["webhook_secret"]
    told = shop.ask("coupon.lookup", {"code": reward["code"]}, secret=secret).json()
    assert (told["state"], told["times_used"]) == ("revoked", 0)
