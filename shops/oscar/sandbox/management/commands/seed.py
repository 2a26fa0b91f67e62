"""``manage.py seed``: fill the sandbox and print what can be bought."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from sandbox import stock


class Command(BaseCommand):
    """Fills the sandbox."""

    help = "Make the sandbox's products, countries and staff; prints product keys by article."

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill and print."""
        self.stdout.write(json.dumps(stock.fill()))
