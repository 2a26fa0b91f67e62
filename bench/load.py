"""The load generator, a process of its own: `python -m bench.load` with a job on standard input.

Plain sockets that stay open, each asking again as soon as it is answered, in one loop without a
framework: the less a request costs here, the more of the machine is left for what is measured.
"""

from __future__ import annotations

import gc
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from bench.cpu import cpu_seconds
from bench.figures import percentile
from bench.traffic import KINDS, Kind, Shop

_PATIENCE = 30.0


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Ask a kind of question at a port for so many seconds, after a while of warming up.

    `watched`: the roots of the process trees whose processor time counts. `acknowledged`: the file
    to which everything is added that an answer acknowledged.
    """

    kind: str
    port: int
    shop: Shop
    name: str
    connections: int
    warm_up: float
    seconds: float
    watched: list[int]
    acknowledged: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `answered` counts what was measured, `wrong` every unexpected status;
    `busy` is the share of a processor that the generator itself used."""

    answered: int
    seconds: float
    cpu: float
    p50_ms: float
    p99_ms: float
    busy: float
    wrong: dict[str, int]


def answer_length(data: bytes) -> int | None:
    """How long the answer is that the data begins with; None while its end is not known."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return None
    lowered = data[:head].lower()
    mark = lowered.find(b"\r\ncontent-length:")
    if mark >= 0:
        return head + 4 + int(lowered[mark + 17 :].split(b"\r\n", 1)[0])
    if b"\r\ntransfer-encoding: chunked" in lowered:
        end = data.find(b"\r\n0\r\n\r\n", head + 2)
        return None if end < 0 else end + 7
    return head + 4


class Generator:
    """One load, from the first request to the last answer."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._kind = KINDS[job.kind]
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._asked: dict[int, float] = {}
        self._parts: dict[int, bytes] = {}
        self._times: list[float] = []
        self._answers: list[bytes] = []
        self._wrong: Counter[str] = Counter()

    def run(self) -> Outcome:
        """Drive the load; raises OSError when the server hangs up, TimeoutError when it hangs."""
        requests = self._kind.requests(self._job.shop, self._job.name)
        self._connect(requests)
        self._warm_up(requests)
        self._times = []
        cpu, own, began = self._cpu(), time.process_time(), time.perf_counter()
        self._until(began + self._job.seconds, requests)
        times, seconds = self._times, time.perf_counter() - began
        cpu, own = self._cpu() - cpu, time.process_time() - own
        self._until(time.perf_counter() + _PATIENCE, None)
        if self._asked:
            raise TimeoutError(f"{len(self._asked)} requests had no answer in {_PATIENCE:.0f} s")
        keep(self._kind, self._answers, self._job.acknowledged)
        return Outcome(
            answered=len(times),
            seconds=seconds,
            cpu=cpu,
            p50_ms=percentile(times, 0.5) * 1000,
            p99_ms=percentile(times, 0.99) * 1000,
            busy=own / seconds,
            wrong=dict(self._wrong),
        )

    def _warm_up(self, requests: Iterator[bytes]) -> None:
        """Ask for a while, and until every connection had a few answers: a server loads much of
        itself at the first questions."""
        end = time.perf_counter() + _PATIENCE
        self._until(time.perf_counter() + self._job.warm_up, requests)
        while len(self._times) < 3 * self._job.connections and time.perf_counter() < end:
            self._until(time.perf_counter() + self._job.warm_up, requests)

    def _cpu(self) -> float:
        return cpu_seconds(*self._job.watched)

    def _connect(self, requests: Iterator[bytes]) -> None:
        for _ in range(self._job.connections):
            opened = socket.create_connection(("127.0.0.1", self._job.port), _PATIENCE)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[opened.fileno()] = opened
            self._parts[opened.fileno()] = b""
            self._poll.register(opened.fileno(), select.EPOLLIN)
            self._ask(opened, requests)

    def _ask(self, opened: socket.socket, requests: Iterator[bytes]) -> None:
        self._asked[opened.fileno()] = time.perf_counter()
        opened.sendall(next(requests))

    def _until(self, end: float, requests: Iterator[bytes] | None) -> None:
        """Take answers until then, each followed by the next request where there are any."""
        while self._asked and (left := end - time.perf_counter()) > 0:
            for number, _ in self._poll.poll(left):
                opened = self._sockets[number]
                data = opened.recv(65536)
                if not data:
                    raise ConnectionError("the server closed a connection")
                if self._parts[number]:
                    data = self._parts[number] + data
                if answer_length(data) != len(data):
                    self._parts[number] = data
                    continue
                self._parts[number] = b""
                self._times.append(time.perf_counter() - self._asked.pop(number))
                self._note(data)
                if requests is not None:
                    self._ask(opened, requests)

    def _note(self, data: bytes) -> None:
        if data[9:12] != self._kind.status:
            self._wrong[data[9:12].decode("latin-1")] += 1
        elif self._kind.acknowledged is not None:
            self._answers.append(data)


def keep(kind: Kind, answers: Iterable[bytes], path: str) -> None:
    """Write down what was acknowledged; read only now, not to slow the load down."""
    if kind.acknowledged is None:
        return
    with Path(path).open("a") as file:
        for answer in answers:
            head, _, body = answer.partition(b"\r\n\r\n")
            file.write(kind.acknowledged(head, body) + "\n")


def main() -> None:
    """Do the job on standard input and write its outcome to standard output."""
    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    gc.disable()
    sys.stdout.buffer.write(msgspec.json.encode(Generator(job).run()))


if __name__ == "__main__":
    main()
