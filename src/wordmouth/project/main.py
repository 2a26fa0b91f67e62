"""Where the command `wordmouth` begins."""

from __future__ import annotations

from wordmouth.cli.main import build
from wordmouth.project.commands import Wiring


def main() -> None:
    """Run the command line; ends with the exit status."""
    build(Wiring())(prog_name="wordmouth")
