"""One recommendation through the running demo, from the first cup to the last cent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journey.conftest import Demo
from tests.journey.people import PATIENCE, Keeper, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(2400)]
Come = Callable[..., Any]
PHONE = {"viewport": {"width": 390, "height": 844}}
INVITATION = re.compile("Give 10% off, get €10.00 off")


def test_a_recommendation_from_the_first_cup_to_the_last_cent(demo: Demo, visitor: Come) -> None:
    ana = visitor(demo, "ana@example.com", "Ana", "Saar")
    ben = visitor(demo, "ben@example.com", "Ben", "Kask", **PHONE)
    keeper = visitor(demo, "keeper@example.com", "Kai", "Kuusk", who=Keeper)

    link = buys_and_joins(ana)
    order = claims_and_buys(ben, link)
    sees_the_friend_on_the_way(ana)
    cannot_be_her_own_friend(demo, visitor, ana, link)
    keeper.sign_in(*demo.desk_login())
    nothing_doubles(keeper, ana, order)
    coupon = earns_the_reward(keeper, ana, order)
    loses_the_reward(keeper, ana, order, coupon)
    reads_why(ben, link)
    tells_the_merchant(keeper, order)
    assert demo.proves_itself("verify")
    assert demo.proves_itself("replay")


def buys_and_joins(ana: Person) -> str:
    """Both ways in, from the mail and from the confirmation page, lead to the same link."""
    ana.open("/demo/")
    ana.photograph("01-guide")
    ana.fill_basket("Tilk", "Udu")
    ana.order()
    ana.photograph("02-confirmation")
    confirmation = ana.page.url
    invitation = ana.mail(INVITATION, "Hi Ana, thank you for your order at Kohvik.")
    ana.photograph("03-invitation")
    ana.follow_mail(invitation, "Get my link")
    ana.photograph("04-joining")
    link = ana.become_advocate()
    assert re.search(r"/r/ANA-[A-Z0-9]+$", link)
    assert ana.sees(link.rsplit("/", 1)[1]).is_visible()
    assert ana.page.locator(".qr svg").is_visible()
    ana.photograph("05-portal")
    ana.press("Sign out")
    ana.page.wait_for_url("**/s/kohvik")
    ana.photograph("06-landing")
    ana.open(confirmation)
    ana.follow("Recommend us")
    assert ana.become_advocate() == link
    return link


def claims_and_buys(ben: Person, link: str) -> str:
    """The friend sees who sent them, gets a code, and pays less."""
    ben.open(link)
    ben.sees("Ana recommends Kohvik to you.")
    ben.sees("10% off your first order")
    ben.photograph("07-friend")
    code = ben.claim()
    ben.photograph("08-code")
    ben.mail("Your code for Kohvik: 10% off", code)
    ben.photograph("09-code-by-mail")
    ben.open(link)
    ben.follow("Shop now")
    ben.page.wait_for_url("**/demo/shop/")
    ben.fill_basket("Põhjatuul", "Kruus")
    ben.sees("−€3.09")
    ben.photograph("10-basket")
    order = ben.order()
    ben.sees(code)
    ben.photograph("11-bought")
    return order


def sees_the_friend_on_the_way(ana: Person) -> None:
    """The advocate sees the friend, the steps and the day of release."""
    ana.open("/s/kohvik/me")
    ana.finds(re.compile(r"Your reward is released on \w+ \d+, if nothing is sent back"))
    friends = ana.page.locator(".friends article")
    expect(friends).to_have_count(1)
    expect(friends.locator(".chip")).to_have_text("On the way")
    ana.finds("visits by your link")
    ana.photograph("12-on-the-way")
    ana.mail("Your friend bought at Kohvik", "if nothing is sent back until then")
    ana.photograph("13-friend-bought")


def cannot_be_her_own_friend(demo: Demo, visitor: Come, ana: Person, link: str) -> None:
    """Neither with her own page open nor from a private window."""
    ana.open(link)
    ana.sees("This is your own link")
    ana.photograph("14-own-link")
    private = visitor(demo, "ana@example.com", "Ana", "Saar")
    private.open(link)
    private.claim()
    private.follow("Shop now")
    private.fill_basket("Tilk")
    private.order()
    ana.open("/s/kohvik/me")
    ana.finds("Your own orders do not count: the programme is for friends.")
    expect(ana.page.locator(".rewards .coupon")).to_have_count(1)
    ana.photograph("15-self-referral")


def nothing_doubles(keeper: Keeper, ana: Person, order: str) -> None:
    """What is told again changes nothing: neither coupons nor what the advocate sees."""
    before, shown = keeper.coupons(), portal_of(ana)
    keeper.does(f"Resend the last delivery of order {order}", "was sent once more")
    keeper.does(f"Report order {order} twice", "Nothing doubles")
    keeper.waits_for_settling()
    keeper.photograph("16-deliveries")
    assert keeper.coupons() == before
    assert portal_of(ana) == shown


def portal_of(ana: Person) -> str:
    """What stands on the advocate's page about friends and rewards."""
    ana.open("/s/kohvik/me")
    parts = ana.page.locator(".portal > section:not(.share)")
    return "\n".join(parts.all_inner_texts())


def earns_the_reward(keeper: Keeper, ana: Person, order: str) -> str:
    """Delivered and past the return window: a coupon in the shop, and a mail. Gives its code."""
    keeper.does(f"Ship order {order}", "is on its way")
    keeper.does(f"Deliver order {order}", "has arrived")
    ana.open("/s/kohvik/me")
    ana.finds("Arrived")
    keeper.waits_for_settling()
    keeper.does("+14 days", "The clock moved on")
    ana.mail("Your reward is ready: €10.00 off", "Thank you. This is yours.")
    ana.photograph("17-reward-by-mail")
    ana.open("/s/kohvik/me")
    ana.sees("Rewarded")
    coupon = ana.page.locator(".rewards .coupon .number").inner_text()
    ana.photograph("18-rewarded")
    keeper.open("/demo/control/")
    keeper.sees_coupon(coupon, "active")
    keeper.photograph("19-control-room")
    return coupon


def loses_the_reward(keeper: Keeper, ana: Person, order: str, coupon: str) -> None:
    """A full refund takes the reward back, in the shop too, and the advocate can read why."""
    keeper.does(f"Refund order {order} in full", "is given back")
    keeper.sees_coupon(coupon, "revoked")
    keeper.photograph("20-refunded")
    ana.mail("A reward at Kohvik was taken back", "The friend's order was refunded.")
    ana.photograph("21-taken-back-by-mail")
    ana.open("/s/kohvik/me")
    ana.sees("The friend's order was refunded.", ".rewards")
    ana.sees("The friend's order was refunded.", ".friends")
    ana.photograph("22-taken-back")


def reads_why(ben: Person, link: str) -> None:
    """The friend opens the link again and reads what became of the code."""
    ben.open(link)
    ben.finds("Your order was refunded.")
    ben.photograph("23-friend-reads-why")


def tells_the_merchant(keeper: Keeper, order: str) -> None:
    """The desk has the whole story of the referral, with its end and the reason."""
    keeper.open("/desk/kohvik")
    keeper.photograph("24-desk")
    keeper.open("/desk/kohvik/referrals")
    keeper.photograph("25-referrals")
    keeper.page.get_by_role("row").filter(has_text=order).get_by_role("link").click()
    for words in (
        "The friend placed an order.",
        "The order was shipped.",
        "The order was delivered.",
        "The return window has passed: the reward is released.",
        "The order was refunded: €31.81.",
        "The reward was taken back: The order was refunded.",
    ):
        keeper.sees(words, ".story")
    keeper.photograph("26-story")


def test_a_reward_that_nobody_fulfils_is_caught(forgetful_demo: Demo, visitor: Come) -> None:
    ana = visitor(forgetful_demo, "ana@example.com", "Ana", "Saar")
    ben = visitor(forgetful_demo, "ben@example.com", "Ben", "Kask")
    ana.fill_basket("Tilk")
    ana.order()
    ana.follow("Recommend us")
    ben.open(ana.become_advocate())
    ben.patience = 3_000
    with pytest.raises(AssertionError, match="to be visible"):
        ben.claim()
    ben.patience = PATIENCE
    ben.sees("Your code is on its way")
