"""A load that does not wait to be answered: `python -m bench.open_loop`, a job on standard input.

People who open links do not slow down because a server is slow. So requests come at a fixed rate
whatever becomes of those before, each on a free connection; one that finds none free stays outside.
"""

from __future__ import annotations

import gc
import select
import socket
import sys
import time
from collections import Counter

import msgspec

from bench.figures import percentile
from bench.load import answer_length, keep
from bench.traffic import KINDS, Shop

REFUSALS = (b"429", b"503")
_PATIENCE = 60.0
_LONGEST_SLEEP = 0.1


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Ask a kind of question at a port, so many a second for so many seconds.

    `acknowledged`: the file to which everything is added that an answer acknowledged.
    """

    kind: str
    port: int
    shop: Shop
    name: str
    connections: int
    rate: float
    seconds: float
    acknowledged: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    `due` requests were due, `outside` of them found no free connection; `wrong` counts all answers
    that were neither right nor a refusal with Retry-After. Times are counted from when the request
    was due. `ended` and `last_bad` (the last answer that was refused or took longer than a second)
    are moments of the machine's monotonic clock.
    """

    due: int
    outside: int
    taken: int
    refused: int
    wrong: dict[str, int]
    p50_ms: float
    p99_ms: float
    ended: float
    last_bad: float


class Generator:
    """One load, from the first request to the last answer."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._kind = KINDS[job.kind]
        self._requests = self._kind.requests(job.shop, job.name)
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._free: list[int] = []
        self._asked: dict[int, float] = {}
        self._parts: dict[int, bytes] = {}
        self._taken: list[float] = []
        self._refused = 0
        self._answers: list[bytes] = []
        self._wrong: Counter[str] = Counter()
        self._last_bad = 0.0

    def run(self) -> Outcome:
        """Drive the load and wait for all answers."""
        for _ in range(self._job.connections):
            self._connect()
        began, due, outside = time.monotonic(), 0, 0
        end = began + self._job.seconds
        while (now := time.monotonic()) < end:
            while due < (now - began) * self._job.rate:
                if self._free:
                    self._ask(self._free.pop(), began + due / self._job.rate)
                else:
                    outside += 1
                due += 1
            self._take(min(began + due / self._job.rate, end) - now)
        ended = time.monotonic()
        while self._asked and time.monotonic() < ended + _PATIENCE:
            self._take(_LONGEST_SLEEP)
        self._wrong["no answer"] += len(self._asked)
        keep(self._kind, self._answers, self._job.acknowledged)
        return Outcome(
            due=due,
            outside=outside,
            taken=len(self._taken),
            refused=self._refused,
            wrong=dict(+self._wrong),
            p50_ms=percentile(self._taken, 0.5) * 1000,
            p99_ms=percentile(self._taken, 0.99) * 1000,
            ended=ended,
            last_bad=self._last_bad,
        )

    def _connect(self) -> None:
        opened = socket.create_connection(("127.0.0.1", self._job.port), _PATIENCE)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = opened.fileno()
        self._sockets[number] = opened
        self._parts[number] = b""
        self._poll.register(number, select.EPOLLIN)
        self._free.append(number)

    def _ask(self, number: int, due: float) -> None:
        self._asked[number] = due
        self._sockets[number].sendall(next(self._requests))

    def _take(self, seconds: float) -> None:
        """Take the answers that are there; wait for the first of them so long."""
        for number, _ in self._poll.poll(max(seconds, 0)):
            data = self._sockets[number].recv(65536)
            if not data:
                self._hung_up(number)
                continue
            if self._parts[number]:
                data = self._parts[number] + data
            if answer_length(data) != len(data):
                self._parts[number] = data
                continue
            self._parts[number] = b""
            self._note(data, self._asked.pop(number))
            self._free.append(number)

    def _hung_up(self, number: int) -> None:
        """The server closed a connection: open another one."""
        self._poll.unregister(number)
        self._sockets.pop(number).close()
        if self._asked.pop(number, None) is not None:
            self._wrong["closed without an answer"] += 1
        else:
            self._free.remove(number)
        self._connect()

    def _note(self, answer: bytes, due: float) -> None:
        now, status = time.monotonic(), answer[9:12]
        took = now - due
        refused = status in REFUSALS and b"\r\nretry-after:" in answer.lower()
        if refused or took > 1:
            self._last_bad = now
        if refused:
            self._refused += 1
        elif status == self._kind.status:
            self._taken.append(took)
            if self._kind.acknowledged is not None:
                self._answers.append(answer)
        else:
            self._wrong[status.decode("latin-1")] += 1


def main() -> None:
    """Do the job on standard input and write its outcome to standard output."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    gc.disable()
    sys.stdout.buffer.write(msgspec.json.encode(Generator(job).run()))


if __name__ == "__main__":
    main()
