"""The page in the back office, and coming and going of the module."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.harness.server import free_port
from tests.prestashop.driver import SECRET, STORE, Receiver, Shop, coupon


def page(shop: Shop, **fields: Any) -> list[dict[str, Any]]:
    """What the page says, part by part, after these fields were sent."""
    return [json.loads(line) for line in shop.act("page", **fields).splitlines()]


def said(shop: Shop, **fields: Any) -> tuple[str, str]:
    """Whether it went well, and the words."""
    first = page(shop, **fields)[0]
    ((kind, words),) = first.items()
    return kind, words


def entered(url: str, **more: Any) -> dict[str, Any]:
    fields = {"URL": url, "STORE_ID": STORE, "STORE_SLUG": "tea", "SECRET": SECRET, **more}
    return {
        "submitWordmouth": "1",
        **{f"WORDMOUTH_{name}": value for name, value in fields.items()},
    }


def test_what_is_entered_is_kept_and_the_secret_not_shown(any_shop: Shop) -> None:
    kind, _ = said(any_shop, **entered("https://refer.example.com/", TEST="1", COOKIE_DAYS="30"))
    assert kind == "confirmation"
    form = page(any_shop)[-1]
    assert form["values"]["WORDMOUTH_URL"] == "https://refer.example.com"
    assert form["values"]["WORDMOUTH_COOKIE_DAYS"] == 30
    assert SECRET not in json.dumps(page(any_shop))
    # Left empty, the secret is the one that is there.
    assert said(any_shop, **entered("https://refer.example.com", SECRET=""))[0] == "confirmation"
    assert any_shop.ask("coupon.issue", coupon("KEPT-1234")).status_code == 200


def test_states_are_chosen_from_the_shops_own(shop: Shop) -> None:
    names = {field["name"] for field in page(shop)[-1]["form"]["input"]}
    assert "WORDMOUTH_STATES_DELIVERED[]" in names
    chosen = {"STATES_DELIVERED": ["3", "4"], "STATES_CANCELLED": ["5"], "STATES_CHARGED_BACK": []}
    said(shop, **entered("https://refer.example.com", **chosen))
    values = page(shop)[-1]["values"]
    assert values["WORDMOUTH_STATES_DELIVERED[]"] == [3, 4]
    assert values["WORDMOUTH_STATES_CHARGED_BACK[]"] == []


def test_until_then_states_are_found_by_name(any_shop: Shop) -> None:
    """Their numbers differ between the two shops."""
    values = page(any_shop)[-1]["values"]
    is_thirty_bees = any_shop.environment["SHOP_FLAVOUR"] == "thirtybees"
    assert values["WORDMOUTH_STATES_DELIVERED[]"] == ([4] if is_thirty_bees else [5])
    assert values["WORDMOUTH_STATES_CANCELLED[]"] == ([5, 6, 7] if is_thirty_bees else [6, 7, 8])


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("URL", "refer.example.com", "address of the engine"),
        ("URL", "ftp://refer.example.com", "address of the engine"),
        ("URL", "https://user@refer.example.com", "address of the engine"),
        ("STORE_ID", "tea", "str_"),
        ("SECRET", "secret", "whsec_"),
        ("SECRET", f"{SECRET} nonsense", "whsec_"),
        ("STORE_SLUG", "Tea House", "slug"),
        ("COOKIE_DAYS", "0", "1 to 400 days"),
        ("COOKIE_DAYS", "many", "1 to 400 days"),
    ],
)
def test_what_cannot_work_is_not_saved(
    shop: Shop, receiver: Receiver, field: str, value: str, words: str
) -> None:
    kind, told = said(shop, **entered("https://refer.example.com", **{field: value}))
    assert kind == "error"
    assert words in told
    assert page(shop)[-1]["values"]["WORDMOUTH_URL"] == receiver.url


def test_the_test_says_that_all_is_well(any_shop: Shop, receiver: Receiver) -> None:
    kind, words = said(any_shop, testWordmouth="1")
    assert (kind, words) == ("confirmation", "The engine answers and knows this shop.")
    (product,) = receiver.told("product")
    assert product["sku"] == "TEA-9"


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {}, "the secret is not that of this store, or a clock is wrong"),
        (404, {}, "compare address and store id"),
        (301, {"Location": "https://new.example/in"}, "sends on to https://new.example/in"),
        (503, {}, "busy"),
        (500, {}, "The engine answered 500: broken"),
        (202, {"Date": "Sun, 01 Nov 2026 10:00:00 GMT"}, "clocks of this shop and of the engine"),
    ],
)
def test_the_test_says_in_words_what_is_wrong(
    shop: Shop, receiver: Receiver, status: int, headers: dict[str, str], words: str
) -> None:
    receiver.status, receiver.headers = status, headers
    receiver.answer = b'{"detail": "broken"}'
    kind, told = said(shop, testWordmouth="1")
    assert kind == "error"
    assert words in told


def test_the_test_says_that_nobody_answers(shop: Shop) -> None:
    shop.connect(f"http://127.0.0.1:{free_port()}")
    assert "Nobody answers at 127.0.0.1" in said(shop, testWordmouth="1")[1]
    shop.connect("http://no-such-host.invalid")
    assert "There is no host no-such-host.invalid" in said(shop, testWordmouth="1")[1]


def test_what_the_engine_says_cannot_become_part_of_the_page(
    shop: Shop, receiver: Receiver
) -> None:
    receiver.status = 500
    receiver.answer = b'{"detail": "<script>alert(1)</script>"}'
    assert "<script>" not in said(shop, testWordmouth="1")[1]


def test_the_page_tells_what_waits_and_where_coupons_are_made(shop: Shop) -> None:
    shop.buy()
    status = page(shop)[0]
    assert status["wordmouth_status"]["pending"] == 2
    assert status["wordmouth_coupons"] == "https://shop.example/module/wordmouth/coupons"
    token = re.fullmatch(r".*/cron\?token=([0-9a-f]{32})", status["wordmouth_cron"])
    assert token is not None
    assert status["wordmouth_history"] is None
    said(shop, historyWordmouth="1")
    assert page(shop)[0]["wordmouth_history"] == {"told": 0, "left": 3}


def test_leaving_takes_everything_but_the_coupons(any_shop: Shop, receiver: Receiver) -> None:
    any_shop.ask("coupon.issue", coupon("STAY-1234"))
    any_shop.buy()
    assert any_shop.act("uninstall") is True
    kept = any_shop.sql("SELECT name FROM ps_configuration WHERE name LIKE 'WORDMOUTH%'")
    assert kept == []
    tables = any_shop.sql("SELECT name FROM sqlite_master WHERE name LIKE 'ps_wordmouth%'")
    assert [row["name"] for row in tables if "autoindex" not in row["name"]] == [
        "ps_wordmouth_coupon"
    ]
    any_shop.buy("PAYMENT")

    # It comes back, and knows what it has promised.
    assert any_shop.act("install") is True
    any_shop.connect(receiver.url)
    assert any_shop.ask("coupon.issue", coupon("STAY-1234")).json()["state"] == "active"
    assert len(any_shop.rules("STAY-1234")) == 1
    any_shop.buy("PAYMENT")
    assert any_shop.flush()["sent"] > 0


def test_installing_twice_changes_nothing_but_what_is_missing(any_shop: Shop) -> None:
    """So does an upgrade from a version that knew fewer hooks and tables."""
    hooks = "SELECT hook FROM ps_hook_module ORDER BY hook"
    before = any_shop.sql(hooks)
    number = any_shop.buy()
    any_shop.sql("DELETE FROM ps_hook_module WHERE hook = 'actionvalidateorder'")
    any_shop.sql("DROP TABLE ps_wordmouth_visit")
    waiting = any_shop.outbox()
    assert any_shop.act("install") is True
    assert any_shop.sql(hooks) == before
    assert any_shop.outbox() == waiting
    assert any_shop.order(number)["attribution"]["token"] is None
