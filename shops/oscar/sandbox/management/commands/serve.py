"""``manage.py serve``: migrate, fill and serve the sandbox in one go."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from sandbox import stock


class Command(BaseCommand):
    """Starts the sandbox from nothing."""

    help = "Migrate and fill the sandbox, then serve it until interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8080)

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, fill, serve; one thread per request."""
        call_command("migrate", verbosity=0)
        stock.fill()
        address = f"127.0.0.1:{options['port']}"
        call_command("runserver", address, use_reloader=False, use_threading=True)
