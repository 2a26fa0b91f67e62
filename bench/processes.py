"""The processes that a measurement starts: the server, the settler, the load, nginx."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.inside import Go, Settled
from bench.load import Job, Outcome
from bench.traffic import Shop
from tests.harness.server import Server, free_port

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60.0


class BenchFailed(Exception):
    """The measurement cannot go on; the text says why."""


def migrate(environment: Mapping[str, str]) -> None:
    """Make the tables of an empty database."""
    _inside(environment, "migrate")


def set_up(environment: Mapping[str, str], codes: int) -> Shop:
    """Make the stores, and the tables where there are none yet."""
    return msgspec.json.decode(_inside(environment, "set-up", str(codes)), type=Shop)


def _inside(environment: Mapping[str, str], *arguments: str) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"{arguments[0]} did not work:\n{done.stderr.decode()}")
    return done.stdout


def load(job: Job) -> Outcome:
    """Drive one load from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=ROOT,
        input=msgspec.json.encode(job),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"the load on {job.kind} broke off:\n{done.stderr.decode()}")
    return msgspec.json.decode(done.stdout, type=Outcome)


def serving(environment: Mapping[str, str], log: Path, *, worker: bool = False) -> Server:
    """`wordmouth serve` as a user starts it; mostly without the worker, which is measured alone."""
    command = [str(Path(sys.executable).with_name("wordmouth")), "serve"]
    command += ["--port"] if worker else ["--no-worker", "--port"]
    server = Server(command, environment, log)
    server.start()
    return server


class Settler:
    """A process that settles a store when it is told to, as the worker does in batches."""

    def __init__(self, environment: Mapping[str, str], store_id: str, log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.inside", "settle", store_id],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def go(self, seconds: float, batches: int = sys.maxsize) -> Settled:
        """Settle until the time is over, so many batches are done, or none waits."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = msgspec.json.encode(Go(seconds=seconds, batches=batches))
        self._process.stdin.write(order + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise BenchFailed(f"the settler has ended by itself; it said:\n{self.said()}")
        settled = msgspec.json.decode(answer, type=Settled)
        if not settled.batches:
            raise BenchFailed(f"nothing was settled; the settler said:\n{self.said()}")
        return settled

    def said(self) -> str:
        """The end of what it wrote to its log."""
        return self._log.read_text(errors="replace")[-4000:]

    def close(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


_NGINX = """\
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location /r/ {{ return 302 https://teehaus.example/?wm=token; }}
    location /static.json {{ default_type application/json; return 200 '{{"live": true}}'; }}
  }}
}}
"""


class Nginx:
    """nginx with one worker, a static redirect, a static JSON text and its access log."""

    def __init__(self, program: str, folder: Path) -> None:
        folder.mkdir()
        self.port = free_port()
        settings = folder / "nginx.conf"
        settings.write_text(_NGINX.format(folder=folder, port=self.port))
        self._process = subprocess.Popen(
            [program, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(settings)],
            stderr=subprocess.DEVNULL,
        )
        self._wait(folder / "error.log")

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                asked.request("GET", "/static.json")
                asked.getresponse().read()
                asked.close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        said = log.read_text() if log.exists() else ""
        self.stop()
        raise BenchFailed(f"nginx does not answer:\n{said}")

    @property
    def number(self) -> int:
        """The number of its first process."""
        return self._process.pid

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def installed_nginx() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
