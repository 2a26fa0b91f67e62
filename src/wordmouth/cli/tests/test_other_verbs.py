"""Serving, proof and the doctor, and how failures are told."""

import socket

import click
import pytest

from wordmouth.cli import serving
from wordmouth.cli.main import COMMANDS, build
from wordmouth.cli.project import Check
from wordmouth.cli.tests.door import Door, Stage, finding


@pytest.fixture
def plain() -> Door:
    """The commands without a database."""
    return Door()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serve_and_demo_hand_over(plain, free_port) -> None:
    plain("serve", "--port", str(free_port), "--no-worker")
    plain("demo", "--port", str(free_port))
    assert plain.stage.calls == [
        ("serve", "127.0.0.1", free_port, False),
        ("demo", "127.0.0.1", free_port),
    ]


def test_host_and_port_come_from_the_environment(plain, free_port, monkeypatch) -> None:
    monkeypatch.setenv("WORDMOUTH_PORT", str(free_port))
    monkeypatch.setenv("WORDMOUTH_HOST", "localhost")
    plain("serve")
    assert plain.stage.calls == [("serve", "localhost", free_port, True)]


def test_a_port_that_is_taken_is_said_before_anything_starts(plain) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = plain.refusal("serve", "--port", str(port))
    assert said.startswith(f"Port {port} on 127.0.0.1 is taken by another program.")
    assert plain.stage.calls == []


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("--port", "0"), 2, "1<=x<=65535"),
        (("--port", "http"), 2, "not a valid integer"),
        (("--host", "no.such.host.invalid"), 1, "is no address of this machine"),
    ],
)
def test_places_where_nobody_can_listen(plain, words, status, complaint) -> None:
    assert complaint in plain.refusal("serve", *words, status=status)


def test_privileged_ports_are_explained() -> None:
    assert "1024 to 65535" in serving._why(PermissionError(13, "Permission denied"), "::", 80)


def test_proof_of_all_stores_or_one(door, made) -> None:
    door("store", "create", "Coffee")
    said = door("verify").stdout
    assert said.count("all is as it must be") == 2
    assert [each["store"] for each in door.facts("replay", "--store", "coffee")] == ["coffee"]


@pytest.mark.parametrize("verb", ["verify", "replay"])
def test_a_finding_is_told_and_fails(door, made, verb) -> None:
    door.stage.report = finding("rwd_1", "is promised twice")
    said = door(verb, status=1).stdout
    assert "4 postings" in said
    assert "1 thing is not as it must be." in said
    assert "rwd_1: is promised twice" in said


def test_the_doctor_fails_only_for_what_is_broken(plain) -> None:
    plain.stage.checks = [
        Check(name="mail", state="warning", text="No answer.", mend="Start it."),
        Check(name="disk", state="ok", text="There is room."),
    ]
    said = plain("doctor").stdout
    assert "warning mail: No answer.\n        Start it." in said
    plain.stage.checks.append(Check(name="clock", state="broken", text="It is late.", mend="Run."))
    assert "BROKEN  clock: It is late." in plain("doctor", status=1).stdout


class Surprised(Stage):
    """A wiring in which everything goes wrong."""

    def load(self) -> None:
        raise RuntimeError("the roof leaks")


def test_a_surprise_is_words_too(plain, monkeypatch) -> None:
    monkeypatch.delenv("WORDMOUTH_TRACEBACK", raising=False)
    plain.stage = Surprised()
    assert plain.refusal("store", "list") == (
        "Something went wrong here: RuntimeError: the roof leaks. "
        "Set WORDMOUTH_TRACEBACK=1 to see where.\n"
    )


def test_a_traceback_is_shown_where_asked_for(monkeypatch) -> None:
    monkeypatch.setenv("WORDMOUTH_TRACEBACK", "1")
    with pytest.raises(RuntimeError, match="the roof leaks"):
        build(Surprised())(["store", "list"], standalone_mode=False)


def all_commands(commands=COMMANDS, path=()):
    for command in commands:
        here = (*path, command.name)
        if isinstance(command, click.Group):
            yield here, command
            yield from all_commands(command.commands.values(), here)
        else:
            yield here, command


@pytest.mark.parametrize(("path", "command"), list(all_commands()), ids=lambda value: str(value))
def test_every_command_explains_itself_with_an_example(plain, path, command) -> None:
    said = plain(*path, "--help").stdout
    assert "Example: wordmouth" in said
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{path} {parameter.name}"
