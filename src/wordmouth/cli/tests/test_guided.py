"""A person is led through connecting a shop, and through letting it go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from wordmouth.cli import guided
from wordmouth.cli.tests.door import Door
from wordmouth.inbox import queries as inbox
from wordmouth.integrations import following
from wordmouth.integrations.twins import running
from wordmouth.integrations.woocommerce.adapter import WooCommerce
from wordmouth.integrations.woocommerce.twin import WooTwin
from wordmouth.kit.http import Http
from wordmouth.outbox import queries as outbox
from wordmouth.project import adapters
from wordmouth.project.effects import Lane
from wordmouth.project.settle import settle_store
from wordmouth.stores import queries
from wordmouth.stores.transactions import store_read

Rest = Callable[[Callable[[], object]], None]


@pytest.fixture
def woo(monkeypatch: pytest.MonkeyPatch) -> Iterator[WooTwin]:
    """A shop on this machine, which this installation may call."""
    known = WooCommerce(Http(allow_private=True))
    monkeypatch.setitem(adapters.SHOPS, "woocommerce", known)
    monkeypatch.setitem(adapters.ADAPTERS, "woocommerce", known)
    with running(WooTwin()) as twin:
        yield twin


@pytest.fixture
def rest(monkeypatch: pytest.MonkeyPatch) -> Rest:
    """What happens between two looks, instead of time passing."""

    def instead(happens: Callable[[], object]) -> None:
        monkeypatch.setattr(time, "sleep", lambda seconds: happens())

    return instead


def work(store_id: str) -> None:
    lane = Lane()
    while lane.step() or settle_store(store_id):
        pass


def test_a_person_is_asked_and_sees_the_history_being_read(door: Door, made, woo, rest) -> None:
    store_id = made["store"]["id"]
    woo.order(status="processing")
    rest(lambda: work(store_id))
    answers = f"woocommerce\n{woo.url}\nck_1\ncs_wrong\n\n\n\ncs_1\n"
    told = door("connect", given=answers)
    assert "does not accept the key" in told.stderr
    assert "Nothing was changed." in told.stderr
    assert "Once more" in told.stderr
    assert f"[{woo.url}]" in told.stderr, "what was entered is offered again"
    assert "Read so far: 0 orders, 0 customers" in told.stderr
    assert "Read so far: 1 orders" in told.stderr
    assert "All of it was read" in told.stderr
    assert "cs_1" not in told.output
    found = queries.connection(store_id, "woocommerce")
    assert found is not None
    assert found.credentials == {"consumer_secret": "cs_1"}


def test_giving_up_before_the_shop_lets_us_in_changes_nothing(door: Door, made, woo) -> None:
    told = door("connect", "woocommerce", given=f"{woo.url}\nck_1\ncs_wrong\nn\n", status=1)
    assert "Aborted" in told.stderr
    assert queries.connection(made["store"]["id"], "woocommerce") is None


def test_ctrl_c_ends_the_watching_and_not_the_reading(door: Door, made, woo, rest) -> None:
    def press() -> None:
        raise KeyboardInterrupt

    rest(press)
    told = door("connect", "woocommerce", given=f"{woo.url}\nck_1\ncs_1\n")
    assert "It is read on by `wordmouth serve`" in told.stderr
    store_id = made["store"]["id"]
    with store_read(store_id):
        assert {feed.caught_up_at for feed in inbox.feeds("woocommerce")} == {None}
    work(store_id)
    with store_read(store_id):
        assert all(feed.done_at for feed in inbox.feeds("woocommerce"))


def test_when_nothing_moves_it_is_said_who_does_the_work(door: Door, made, woo, rest) -> None:
    looks = iter(range(guided.PATIENCE + 1))

    def wait() -> None:
        if next(looks, None) is None:
            work(made["store"]["id"])

    rest(wait)
    told = door("connect", "woocommerce", given=f"{woo.url}\nck_1\ncs_1\n")
    assert told.stderr.count("does it run?") == 1
    assert "All of it was read" in told.stderr


def test_a_shop_with_a_plugin_is_told_what_to_enter_in_it(door: Door, made) -> None:
    store_id = made["store"]["id"]
    told = door("connect", "oscar")
    connection = queries.connection(store_id, "oscar")
    assert connection is not None
    assert connection.secrets[0] in told.stdout
    assert f"/in/{store_id}/oscar" in told.stdout
    again = door("connect", "oscar").stdout
    assert connection.secrets[0] not in again
    assert "unchanged; a new one: wordmouth store secret tea-house --adapter oscar" in again


def test_a_shop_that_there_is_not_is_refused_with_those_there_are(door: Door, made) -> None:
    refusal = door.refusal("connect", "nonesuch")
    assert "There is no shop 'nonesuch'" in refusal
    assert "shopify" in refusal


def test_a_shop_is_let_go_after_a_question(door: Door, made, woo, rest) -> None:
    store_id = made["store"]["id"]
    rest(lambda: work(store_id))
    door("connect", "woocommerce", given=f"{woo.url}\nck_1\ncs_1\n")
    leave = ("store", "disconnect", "tea-house", "woocommerce")
    kept = door(*leave, given="n\n", status=1)
    assert "Orders, people, referrals and rewards stay" in kept.stderr
    assert queries.connection(store_id, "woocommerce") is not None
    assert "It is disconnected." in door(*leave, "--yes").stderr
    assert queries.connection(store_id, "woocommerce") is None
    with store_read(store_id):
        assert inbox.feeds("woocommerce") == []
        assert not [one for one in outbox.page() if one.kind.startswith("shop.")]
    assert "no account named" in door.refusal(*leave)


def test_the_doctor_has_a_shop_mended_in_which_something_is_wrong(
    door: Door, made, woo, rest
) -> None:
    store_id = made["store"]["id"]
    rest(lambda: work(store_id))
    door("connect", "woocommerce", given=f"{woo.url}\nck_1\ncs_1\n")
    assert "No shop needs to be looked at." in door("doctor", "--mend").stderr
    woo.secret = "cs_2"
    following.begin(store_id, "woocommerce")
    work(store_id)
    woo.secret = "cs_1"
    for hook in woo.hooks.values():
        hook["status"] = "disabled"
    told = door("doctor", "--mend").stderr
    assert "shop tea-house (woocommerce) is looked at by `wordmouth serve`" in told
    work(store_id)
    assert {hook["status"] for hook in woo.hooks.values()} == {"active"}
    assert "No shop needs to be looked at." in door("doctor", "--mend").stderr
