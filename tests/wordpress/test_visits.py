"""Whoever comes by a friend's link is remembered, and their order and their cart know it."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.wordpress.driver import SET, needs_php, play
from wordmouth.integrations.woocommerce.parse import CODE_NOTE, TOKEN_NOTE

pytestmark = needs_php

LINK = ("visit", {"wm": "tok.en-1_~", "coupon": "wm-7k3q"})
COUPON = {"wm-7k3q": {"id": 5}}


@pytest.mark.parametrize("checkout", ["classic", "blocks"])
def test_an_order_is_noted_where_its_buyer_came_from(checkout: str) -> None:
    found = play(LINK, ("visit", {}), (checkout,))
    assert found["orders"] == {"7": {TOKEN_NOTE: "tok.en-1_~", CODE_NOTE: "WM-7K3Q"}}


@pytest.mark.parametrize("checkout", ["classic", "blocks"])
def test_of_anybody_else_nothing_is_noted_and_nothing_is_kept(checkout: str) -> None:
    found = play(("visit", {}), ("add", 50), (checkout,))
    assert found["orders"] == {"7": []}
    assert found["cookies"] == []


def test_a_visit_is_kept_for_its_days_where_only_the_shop_reads_it() -> None:
    found = play(LINK, entered={**SET, "days": 30})
    cookie = found["cookies"]["wordmouth_wm"]
    assert abs(cookie.pop("expires") - time.time() - 30 * 86400) < 60
    assert cookie == {
        "value": "tok.en-1_~",
        "path": "/",
        "domain": "",
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
    }
    plain = play(LINK, home="http://tea.example")["cookies"]["wordmouth_wm"]
    assert plain["secure"] is False


def test_the_first_friend_stays_and_the_newest_code_counts() -> None:
    found = play(LINK, ("visit", {"wm": "tok.2", "coupon": "WM-NEW"}), ("classic",))
    assert found["orders"] == {"7": {TOKEN_NOTE: "tok.en-1_~", CODE_NOTE: "WM-NEW"}}


@pytest.mark.parametrize(
    "query",
    [
        {"wm": "", "coupon": ""},
        {"wm": "a b", "coupon": "a b"},
        {"wm": "<script>", "coupon": "5'%"},
        {"wm": "x" * 1025, "coupon": "x" * 65},
        {"wm": ["tok.1"], "coupon": {"a": "b"}},
        {"wm": "tok.1\n", "coupon": "WM-1\n"},
        {"wm": "tok\\.1", "coupon": "ä"},
    ],
)
def test_what_no_link_of_ours_brings_is_not_kept(query: dict[str, Any]) -> None:
    found = play(("visit", query), ("classic",))
    assert found["cookies"] == []
    assert found["orders"] == {"7": []}


def test_the_back_office_keeps_no_visit() -> None:
    assert play(LINK, admin=True)["cookies"] == []


def test_a_page_that_is_under_way_sends_no_cookie_and_goes_on() -> None:
    found = play(LINK, ("classic",), sent=True)
    assert found["cookies"] == []
    assert found["orders"]["7"][TOKEN_NOTE] == "tok.en-1_~"


@pytest.mark.parametrize("checkout", ["classic", "blocks"])
def test_the_code_goes_with_its_order_and_the_friend_stays(checkout: str) -> None:
    found = play(LINK, (checkout,))
    assert found["cookies"]["wordmouth_coupon"]["value"] == ""
    assert found["cookies"]["wordmouth_coupon"]["expires"] < time.time()
    assert found["cookies"]["wordmouth_wm"]["value"] == "tok.en-1_~"


def test_the_coupon_is_put_into_the_cart_when_there_is_something_in_it() -> None:
    assert play(LINK, coupons=COUPON)["coupons"] == []
    found = play(LINK, ("add", 50), coupons=COUPON)
    assert found["coupons"] == ["wm-7k3q"]
    assert found["notices"] == [["success", "Coupon code applied successfully."]]
    assert play(("add", 50), LINK, coupons=COUPON)["coupons"] == ["wm-7k3q"]


def test_a_coupon_that_waits_for_more_in_the_cart_is_tried_again_without_a_word() -> None:
    least = {"wm-7k3q": {"id": 5, "least": 30}}
    found = play(LINK, ("add", 20), ("visit", {}), coupons=least)
    assert (found["coupons"], found["notices"]) == ([], [])
    assert play(LINK, ("add", 20), ("add", 20), coupons=least)["coupons"] == ["wm-7k3q"]


def test_who_takes_the_coupon_out_has_done_so_until_they_follow_the_link_again() -> None:
    out: tuple[Any, ...] = (LINK, ("add", 50), ("takeOut", "WM-7K3Q"), ("visit", {}), ("add", 5))
    assert play(*out, coupons=COUPON)["coupons"] == []
    assert play(*out, LINK, coupons=COUPON)["coupons"] == ["wm-7k3q"]


@pytest.mark.parametrize(
    "coupon",
    [{}, {"id": 5, "until": 946_684_800}, {"id": 5, "limit": 1, "used": 1}],
    ids=["there is none", "it ran out", "it was used"],
)
def test_a_coupon_that_is_over_leaves_no_error_on_any_page(coupon: dict[str, Any]) -> None:
    coupons = {"wm-7k3q": coupon} if coupon else {}
    found = play(LINK, ("add", 50), ("visit", {}), ("classic",), coupons=coupons)
    assert (found["coupons"], found["notices"]) == ([], [])
    assert found["orders"]["7"][CODE_NOTE] == "WM-7K3Q", "it still says who sent the buyer"


def test_a_coupon_whose_time_is_not_over_and_that_is_not_used_up_is_taken() -> None:
    coupon = {"id": 5, "until": int(time.time()) + 3600, "limit": 2, "used": 1}
    assert play(LINK, ("add", 50), coupons={"wm-7k3q": coupon})["coupons"] == ["wm-7k3q"]


def test_a_coupon_that_is_there_already_is_not_added_twice() -> None:
    found = play(LINK, ("add", 50), ("visit", {"coupon": "WM-7K3Q"}), coupons=COUPON)
    assert found["coupons"] == ["wm-7k3q"]
    assert len(found["notices"]) == 1


def test_a_shop_that_takes_no_coupons_is_left_alone() -> None:
    found = play(LINK, ("add", 50), coupons=COUPON, takes_coupons=False)
    assert (found["coupons"], found["notices"]) == ([], [])


def test_nothing_of_a_purchase_waits_for_anybody() -> None:
    found = play(
        LINK,
        ("add", 50),
        ("classic",),
        ("blocks",),
        ("shown", "woocommerce_thankyou", 7),
        ("shown", "wp_footer"),
        coupons=COUPON,
        placed={"email": "ana@tea.example"},
    )
    assert found["asked"] == []
