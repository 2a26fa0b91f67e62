"""The fair queue of writers, and the size of batches."""

import threading
import time

import pytest

from tests.harness.patience import PATIENCE, until
from wordmouth.kit.gate import FairGate
from wordmouth.kit.pace import Pace


def waiting(gate: FairGate, count: int) -> None:
    until(lambda: len(gate._queue) >= count)


def test_first_come_first_served():
    gate = FairGate()
    order: list[int] = []

    def enter(number: int) -> None:
        with gate:
            order.append(number)

    threads = []
    with gate:
        for number in range(10):
            threads.append(threading.Thread(target=enter, args=(number,)))
            threads[-1].start()
            waiting(gate, number + 1)
    for thread in threads:
        thread.join(PATIENCE)
    assert order == list(range(10))


def test_one_who_asks_again_at_once_does_not_pass_one_who_waits():
    gate = FairGate()
    order: list[str] = []

    def wait_in_line() -> None:
        with gate:
            order.append("waiting")

    thread = threading.Thread(target=wait_in_line)
    with gate:
        thread.start()
        waiting(gate, 1)
        order.append("first")
    with gate:
        order.append("again")
    thread.join(PATIENCE)
    assert order == ["first", "waiting", "again"]


def test_the_holder_may_enter_again():
    gate = FairGate()
    with gate:
        with gate:
            pass
        inside = threading.Thread(target=lambda: gate.__enter__())
        inside.start()
        waiting(gate, 1)
        assert inside.is_alive(), "leaving the inner block must not open the gate"
    inside.join(PATIENCE)
    assert not inside.is_alive()


def test_an_error_inside_opens_the_gate():
    gate = FairGate()
    with pytest.raises(ValueError, match="no"), gate:
        raise ValueError("no")
    with gate:
        pass


def test_never_two_at_once():
    gate = FairGate()
    inside = 0
    most = 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(200):
            with gate:
                inside += 1
                most = max(most, inside)
                time.sleep(0)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (inside, most) == (0, 1)


def test_one_who_gives_up_waiting_does_not_keep_the_gate():
    gate = FairGate()
    gate.__enter__()
    turn = threading.Lock()
    gate._queue.append(turn)
    gate._give_up(turn)
    gate.__exit__(None, None, None)
    with gate:
        pass
    gate.__enter__()
    turn.acquire()
    gate._queue.append(turn)
    gate.__exit__(None, None, None)
    gate._give_up(turn)
    with gate:
        pass


def test_a_pace_finds_the_size_that_fits():
    pace = Pace(0.1, awaited=0.02, first=50, least=5, most=500)
    for _ in range(20):
        pace.note(pace.limit, pace.limit * 0.001)
    assert pace.limit == 100
    for _ in range(3):
        pace.note(pace.limit, pace.limit * 0.01)
    assert pace.limit == 10
    pace.note(10, 60.0)
    assert pace.limit == 5
    for _ in range(20):
        pace.note(pace.limit, 0.0)
    assert pace.limit == 500


def test_a_pace_is_quicker_while_somebody_waits():
    pace = Pace(0.1, awaited=0.02, first=50, least=5, most=500)
    for _ in range(20):
        pace.note(pace.limit, pace.limit * 0.001, is_awaited=True)
    assert pace.limit == 20
    for _ in range(20):
        pace.note(pace.limit, pace.limit * 0.001)
    assert pace.limit == 100


def test_a_gate_tells_whether_somebody_waits():
    gate = FairGate()
    with gate:
        told = [gate.is_awaited]
        behind = threading.Thread(target=lambda: gate.__enter__())
        behind.start()
        waiting(gate, 1)
        told.append(gate.is_awaited)
    behind.join(PATIENCE)
    assert [*told, gate.is_awaited] == [False, True, False]


def test_a_pace_is_not_misled_by_small_batches_or_none():
    pace = Pace(0.1, awaited=0.02, first=50, least=5, most=500)
    pace.note(0, 1.0)
    assert pace.limit == 50
    pace.note(1, 0.000001)
    assert pace.limit <= 100
    pace.note(1, 0.004)
    assert pace.limit >= 25
