"""The hook writes a row; what it is about is sent later, until the engine has taken it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.harness.server import free_port
from tests.prestashop.driver import HERE, MODULE, Receiver, Shop, run_php


def test_checkout_only_writes_rows(any_shop: Shop, receiver: Receiver) -> None:
    number = any_shop.buy("PAYMENT")
    assert receiver.requests == []
    waiting = {(row["kind"], row["id_object"]) for row in any_shop.outbox()}
    assert waiting == {("customer", "1"), ("order", str(number))}
    # Hooks fire before all of a change is stored: it is told some seconds later.
    assert all(int(row["due_at"]) > time.time() for row in any_shop.outbox())
    assert any_shop.act("flush", seconds=5)["sent"] == 0


def test_a_change_is_told_once_and_forgotten(any_shop: Shop, receiver: Receiver) -> None:
    number = any_shop.buy("PAYMENT")
    done = any_shop.flush()
    assert (done["status"], done["sent"], done["pending"]) == (200, 2, 0)
    (order,) = receiver.told("order")
    assert order["id"] == str(number)
    assert order["paid_at"] is not None
    assert any_shop.flush()["sent"] == 0
    assert any_shop.log() == []


def test_a_payment_is_told_though_its_hooks_come_before_it_is_stored(
    any_shop: Shop, receiver: Receiver
) -> None:
    number = any_shop.buy()
    any_shop.flush()
    receiver.requests.clear()
    any_shop.act("state", order=number, state="PAYMENT")
    any_shop.flush()
    (order,) = receiver.told("order")
    assert order["paid_at"] is not None


def test_a_refund_is_told(any_shop: Shop, receiver: Receiver) -> None:
    number = any_shop.buy("PAYMENT")
    any_shop.flush()
    any_shop.act("slip", order=number, told={"amount": "30.000000"}, lines=[])
    (row,) = any_shop.outbox()
    assert (row["kind"], row["id_object"]) == ("order", str(number))


def test_staff_and_the_webservice_are_heard_too(any_shop: Shop) -> None:
    """What is stored elsewhere than at the checkout fires the object's own hooks alone."""
    number = any_shop.buy()
    any_shop.flush()
    any_shop.act("save", what="Customer", id=1, values={"firstname": "Mai"})
    any_shop.act("save", what="Product", id=1, values={"price": "24.000000"})
    any_shop.act("save", what="OrderDetail", id=1, values={"product_quantity": 1})
    waiting = {(row["kind"], row["id_object"]) for row in any_shop.outbox()}
    assert waiting == {("customer", "1"), ("product", "1"), ("order", str(number))}


def test_what_the_engine_does_not_take_is_kept(shop: Shop, receiver: Receiver) -> None:
    shop.buy()
    receiver.status, receiver.answer = 503, b'{"detail": "try again later"}'
    done = shop.flush()
    # The first trouble ends it: the next one would fare no better now.
    assert (done["status"], done["failed"], done["pending"]) == (502, 1, 2)
    assert done["stopped_by"] == done["last_error"] == "503: try again later"
    assert len(receiver.requests) == 1
    first = receiver.ids()[0]

    receiver.status = 202
    assert shop.flush()["sent"] == 2
    assert receiver.ids()[1:].count(first) == 1, "the repetition names the same change"


@pytest.mark.parametrize("lost", [0.1, 0.5])
def test_nothing_is_lost_though_the_way_loses_it(
    shop: Shop, receiver: Receiver, lost: float
) -> None:
    numbers = [shop.buy("PAYMENT") for _ in range(10)]
    chance = random.Random(7)
    receiver.fate = lambda: 503 if chance.random() < lost else 202
    flushes = 0
    while shop.flush()["pending"]:
        flushes += 1
        assert flushes < 100, "it does not converge"
    assert flushes > 0, "something was lost on the way"
    told = [json.loads(body)["data"]["id"] for body in receiver.taken if b"order.snapshot" in body]
    assert sorted(map(int, told)) == numbers


def test_it_waits_longer_each_time(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    receiver.status = 500
    waits = []
    for _ in range(14):
        shop.flush()
        (row,) = shop.outbox()
        waits.append(round(int(row["due_at"]) - time.time()))
    grown = [5 * 2**n for n in range(10)]
    assert waits == pytest.approx([*grown, 3600, 3600, 3600, 3600], abs=2)


def test_the_engine_says_how_long_to_wait(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    receiver.status, receiver.headers = 429, {"Retry-After": "90"}
    shop.flush()
    (row,) = shop.outbox()
    assert int(row["due_at"]) - time.time() == pytest.approx(90, abs=2)


def test_one_bad_snapshot_holds_up_no_other(shop: Shop, receiver: Receiver) -> None:
    shop.buy()
    receiver.status, receiver.answer = 413, b'{"detail": "too large"}'
    done = shop.flush()
    assert (done["status"], done["failed"], done["pending"]) == (200, 2, 2)


def test_a_redirect_is_not_followed(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.1:1/"}
    assert shop.flush()["status"] == 502
    assert len(receiver.requests) == 1


def test_no_engine_at_all(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    shop.connect(f"http://127.0.0.1:{free_port()}")
    done = shop.flush()
    assert done["status"] == 502
    assert "refused" in done["stopped_by"] or "connect" in done["stopped_by"].lower()
    shop.connect(receiver.url)
    assert shop.flush()["sent"] == 1


def test_a_change_while_it_is_sent_is_told_again(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    (row,) = shop.outbox()
    # Another process has taken the row; meanwhile the customer changes.
    later = int(time.time()) + 100
    shop.sql(f"UPDATE ps_wordmouth_outbox SET leased_until = {later}")
    shop.act("save", what="Customer", id=1, values={"firstname": "Mai"})
    (renewed,) = shop.outbox()
    assert renewed["mark"] != row["mark"]
    assert renewed["leased_until"] == str(later)


def test_two_at_once_send_each_once(shop: Shop, receiver: Receiver) -> None:
    for number in range(12):
        shop.customer(f"c{number}@example.com")
    shop.ripen()
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: shop.act("flush", seconds=20), range(3)))
    assert sum(one["sent"] for one in done) == 12
    assert len(set(receiver.ids())) == len(receiver.ids()) == 12


def test_a_lease_of_a_dead_process_runs_out(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    now = int(time.time())
    shop.sql(f"UPDATE ps_wordmouth_outbox SET due_at = 0, leased_until = {now + 100}")
    assert shop.act("flush", seconds=5)["sent"] == 0
    shop.sql(f"UPDATE ps_wordmouth_outbox SET leased_until = {now - 1}")
    assert shop.act("flush", seconds=5)["sent"] == 1


def test_it_sends_for_as_long_as_it_may(shop: Shop) -> None:
    shop.customer()
    shop.ripen()
    assert shop.act("flush", seconds=0)["sent"] == 0
    assert len(shop.outbox()) == 1


def test_where_the_server_can_it_is_sent_after_the_answer(
    open_shop: Callable[..., Shop], receiver: Receiver
) -> None:
    shop = open_shop(SHOP_FPM="1")
    shop.buy("PAYMENT")
    (order,) = receiver.told("order")
    # At the end of the request all of it is stored, so nothing needs to wait.
    assert order["paid_at"] is not None
    assert shop.outbox() == []


def test_after_an_answer_an_engine_that_is_away_is_left_alone(
    open_shop: Callable[..., Shop], receiver: Receiver
) -> None:
    shop = open_shop(SHOP_FPM="1")
    receiver.status = 503
    shop.customer("one@example.com")
    shop.customer("two@example.com")
    assert len(receiver.requests) == 1
    assert len(shop.outbox()) == 2
    receiver.status = 202
    assert shop.flush()["sent"] == 2


def test_a_shop_that_is_not_connected_notes_nothing(shop: Shop, receiver: Receiver) -> None:
    shop.connect("")
    shop.buy("PAYMENT")
    assert shop.outbox() == []


def test_a_failing_module_does_not_stop_a_purchase(shop: Shop) -> None:
    shop.sql("DROP TABLE ps_wordmouth_outbox")
    number = shop.buy("PAYMENT")
    assert shop.sql(f"SELECT id_order FROM ps_orders WHERE id_order = {number}")
    assert any("no such table: ps_wordmouth_outbox" in line for line in shop.log())


def test_not_even_without_a_log(shop: Shop) -> None:
    shop.sql("DROP TABLE ps_wordmouth_outbox")
    shop.act("configure", values={"LOG_IS_BROKEN": "1"})
    assert shop.buy("PAYMENT") == 1
    assert shop.log() == []


def test_each_shop_is_told_to_its_own_store(shop: Shop, receiver: Receiver) -> None:
    away = f"http://127.0.0.1:{free_port()}"
    shop.act("configure", values={"WORDMOUTH_URL": away}, shop=2)
    shop.customer("far@example.com", id_shop=2)
    shop.customer("near@example.com")
    done = shop.flush()
    assert (done["sent"], done["failed"]) == (1, 1)
    (near,) = receiver.told("customer")
    assert near["email"] == "near@example.com"


def test_what_is_gone_is_not_told(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    shop.sql("DELETE FROM ps_customer")
    assert shop.flush()["gone"] == 1
    assert (receiver.requests, shop.outbox()) == ([], [])


def test_broken_letters_are_told_as_well_as_can_be(shop: Shop, receiver: Receiver) -> None:
    shop.customer(firstname="Ann")
    shop.sql("UPDATE ps_customer SET firstname = CAST(x'41FF42' AS TEXT), lastname = 'Õie 🌼'")
    assert shop.flush()["sent"] == 1
    (customer,) = receiver.told("customer")
    assert (customer["first_name"], customer["last_name"]) == ("", "Õie 🌼")


def history(shop: Shop, *more: str) -> dict[str, Any]:
    """Tell the past on the command line, as a merchant does."""
    environment = {**shop.environment, "WORDMOUTH_SHOP": str(HERE / "shop")}
    told = run_php([str(MODULE / "bin" / "wordmouth.php"), "history", *more], environment)
    return dict(json.loads(told))


def test_the_past_is_told_oldest_first_behind_the_news(shop: Shop, receiver: Receiver) -> None:
    numbers = [shop.buy("PAYMENT") for _ in range(3)]
    shop.sql("DELETE FROM ps_wordmouth_outbox")
    shop.customer("new@example.com")
    shop.ripen()
    done = history(shop)
    # One product is for sale; the new customer is news first, and then part of the past.
    assert (done["sent"], done["pending"]) == (1 + 1 + 4 + 3, 0)
    kinds = [json.loads(body)["type"] for _, _, body in receiver.requests]
    assert kinds[0] == "customer.snapshot"
    assert kinds[1:] == ["product.snapshot"] + ["customer.snapshot"] * 4 + ["order.snapshot"] * 3
    assert [one["id"] for one in receiver.told("order")] == [str(one) for one in numbers]


def test_an_interrupted_history_goes_on_where_it_was(shop: Shop, receiver: Receiver) -> None:
    for _ in range(3):
        shop.buy("PAYMENT")
    shop.sql("DELETE FROM ps_wordmouth_outbox")
    shop.act("page", historyWordmouth="1")
    receiver.status = 503
    assert shop.flush()["status"] == 502
    before = len(receiver.requests)
    receiver.status = 202
    shop.sql("UPDATE ps_wordmouth_outbox SET due_at = 0")
    done = history(shop)
    assert (done["sent"], done["pending"]) == (1 + 3 + 3, 0)
    assert len(receiver.requests) == before + 7
    assert "left" not in json.dumps(shop.act("page"))


def test_the_command_line_says_what_waits(shop: Shop, receiver: Receiver) -> None:
    shop.customer()
    environment = {**shop.environment, "WORDMOUTH_SHOP": str(HERE / "shop")}
    program = str(MODULE / "bin" / "wordmouth.php")
    assert json.loads(run_php([program, "status"], environment))["pending"] == 1
    shop.ripen()
    assert json.loads(run_php([program, "flush"], environment))["sent"] == 1
    with pytest.raises(AssertionError, match="usage"):
        run_php([program], environment)


def sweep(shop: Shop) -> dict[str, Any]:
    """Let ten minutes pass, and the cron job run twice: it finds, and later it sends."""
    for _ in range(2):
        shop.sql('UPDATE ps_configuration SET value = REPLACE(value, \'"at":\', \'"at":0,"was":\')')
        done = shop.flush()
    return done


def test_what_no_hook_has_told_of_is_found(any_shop: Shop, receiver: Receiver) -> None:
    before = any_shop.buy()
    sweep(any_shop)
    receiver.requests.clear()
    any_shop.sql("DELETE FROM ps_hook_module")
    any_shop.act("state", order=before, state="PAYMENT")
    after = any_shop.buy("PAYMENT")
    any_shop.act("slip", order=after, told={"amount": "30.000000"}, lines=[])
    assert any_shop.outbox() == []
    done = sweep(any_shop)
    assert (done["failed"], done["pending"]) == (0, 0)
    orders = {one["id"]: one for one in receiver.told("order")}
    assert orders[str(before)]["paid_at"] is not None
    assert orders[str(after)]["refunds"][0]["amount"] == 3000
    assert [one["id"] for one in receiver.told("customer")] == ["2"]


def test_the_past_is_nothing_that_was_missed(shop: Shop, receiver: Receiver) -> None:
    shop.sql("DELETE FROM ps_hook_module")
    shop.buy()
    sweep(shop)
    assert receiver.requests == []


def test_it_is_looked_for_every_ten_minutes(shop: Shop, receiver: Receiver) -> None:
    shop.flush()
    shop.sql("DELETE FROM ps_hook_module")
    shop.buy()
    shop.flush()
    assert (receiver.requests, shop.outbox()) == ([], [])


def test_the_cron_address_wants_its_token(any_shop: Shop, receiver: Receiver) -> None:
    any_shop.customer()
    any_shop.ripen()
    assert any_shop.get("/module/wordmouth/cron?token=guess").status_code == 403
    assert any_shop.get("/module/wordmouth/cron").status_code == 403
    assert receiver.requests == []
    name = "WORDMOUTH_CRON_TOKEN"
    (row,) = any_shop.sql(f"SELECT value FROM ps_configuration WHERE name = '{name}'")
    answer = any_shop.get(f"/module/wordmouth/cron?token={row['value']}")
    assert (answer.status_code, answer.json()["sent"]) == (200, 1)
