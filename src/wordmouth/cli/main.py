"""The command `wordmouth`: all verbs put together."""

from __future__ import annotations

import click

from wordmouth import __version__
from wordmouth.cli.audits import replay, verify
from wordmouth.cli.examination import doctor
from wordmouth.cli.guided import guided
from wordmouth.cli.imports import import_
from wordmouth.cli.ledger import ledger
from wordmouth.cli.output import Door
from wordmouth.cli.payout import payout
from wordmouth.cli.programs import program
from wordmouth.cli.project import Project
from wordmouth.cli.serving import demo, serve
from wordmouth.cli.setup import init
from wordmouth.cli.stores import store


def build(project: Project) -> click.Group:
    """The command, with the wiring that its verbs need."""

    @click.group(
        cls=Door,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        epilog="Each command has --help. Example: wordmouth demo",
    )
    @click.version_option(__version__, prog_name="wordmouth")
    @click.pass_context
    def wordmouth(context: click.Context) -> None:
        """Wordmouth, the self-hosted referral engine for online stores."""
        context.obj = project

    for command in COMMANDS:
        wordmouth.add_command(command)
    return wordmouth


COMMANDS: tuple[click.Command, ...] = (
    demo,
    init,
    serve,
    store,
    guided,
    program,
    import_,
    payout,
    ledger,
    verify,
    replay,
    doctor,
)
