"""`demo` and `serve`."""

from __future__ import annotations

import errno
import socket

import click

from wordmouth.cli.output import Refused
from wordmouth.cli.project import Project

HOST = click.option(
    "--host",
    envvar="WORDMOUTH_HOST",
    default="127.0.0.1",
    show_default=True,
    show_envvar=True,
    help="Address to listen on; 0.0.0.0 listens on all.",
)
PORT = click.option(
    "--port",
    envvar="WORDMOUTH_PORT",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    show_envvar=True,
    help="Port to listen on.",
)


@click.command(epilog="Example: wordmouth demo --port 8080")
@HOST
@PORT
@click.pass_obj
def demo(project: Project, host: str, port: int) -> None:
    """Serve the demo: a shop, a mail inbox and the engine.

    The first start makes the demo's store; its data is kept in the data folder (WORDMOUTH_DATA,
    default ./data).
    """
    check_free(host, port)
    project.demo(host, port)


@click.command(epilog="Example: wordmouth serve --host 0.0.0.0 --port 8000")
@HOST
@PORT
@click.option(
    "--no-worker",
    is_flag=True,
    help="Answer requests only; on PostgreSQL other processes may do the work.",
)
@click.pass_obj
def serve(project: Project, host: str, port: int, no_worker: bool) -> None:
    """Serve web pages, API and deliveries, and do the work behind them.

    An empty or older database is migrated first. SIGTERM or Ctrl+C ends it; what is under way is
    finished.
    """
    check_free(host, port)
    project.serve(host, port, worker=not no_worker)


def check_free(host: str, port: int) -> None:
    """Raise Refused, in words, when nobody can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise Refused(f"{host!r} is no address of this machine ({error.strerror}).") from error
    except OSError as error:
        raise Refused(_why(error, host, port)) from error


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program. Stop it, or choose another port "
            f"with --port or WORDMOUTH_PORT, such as {port + 1 if port < 65535 else 8000}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used by this user; choose one from 1024 to 65535."
    return f"Nothing can listen on {host}, port {port}: {error.strerror}."
