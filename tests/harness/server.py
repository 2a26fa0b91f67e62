"""The real server as a process group of its own, and plain connections to it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.harness.patience import PATIENCE, START_SECONDS


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`command` with the port as its last argument, started in a process group of its own.

    `port`: one that was chosen before; `ready`: the path that answers 200 once it is ready.
    """

    def __init__(
        self,
        command: list[str],
        environment: Mapping[str, str],
        log: Path,
        *,
        port: int | None = None,
        ready: str = "/readyz",
    ) -> None:
        self.port = port or free_port()
        self._ready = ready
        self._command = [*command, str(self.port)]
        self._environment = dict(environment)
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.get(self._ready)[0] == 200:
                    return
            time.sleep(0.05)
        said = self.said()
        self.kill()
        raise AssertionError(f"the server did not become ready; it said:\n{said}")

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one GET."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def said(self) -> str:
        """What it wrote to its log."""
        return self._log.read_text(errors="replace")[-4000:]

    @property
    def group(self) -> int:
        """The id of its process group."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL to the whole group at once, as when the machine's memory is full."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = PATIENCE) -> int:
        """Ask it to end and give its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(seconds)

    def alive(self) -> bool:
        """Whether any process of the group is left."""
        if self._process is not None:
            self._process.poll()
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return False
        return True


def python(script: str | Path) -> list[str]:
    """The command for a Python script in this environment."""
    return [sys.executable, str(script)]
