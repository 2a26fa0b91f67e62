"""``manage.py wordmouth_flush``: tell the engine what is due; meant for cron."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Max

from wordmouth_oscar.models import PendingSnapshot
from wordmouth_oscar.outbox import flush


class Command(BaseCommand):
    """Sends pending snapshots once."""

    help = "Send what the referral engine has not yet been told and what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--status", action="store_true", help="only show what is pending; send nothing"
        )
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, report, and fail if the engine could not be reached."""
        if options["status"]:
            self._report(_pending(), options["json"])
            return
        done = flush()
        facts = {"sent": done.sent, "gone": done.gone, "failed": done.failed, **_pending()}
        self._report(facts, options["json"])
        if done.stopped_by:
            raise CommandError(f"the engine did not accept: {done.stopped_by}")

    def _report(self, facts: dict[str, Any], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(facts))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name}: {value}")


def _pending() -> dict[str, Any]:
    counted = PendingSnapshot.objects.aggregate(pending=Count("pk"), most_attempts=Max("attempts"))
    failing = PendingSnapshot.objects.exclude(last_error="").order_by("-attempts").first()
    return {
        "pending": counted["pending"],
        "most_attempts": counted["most_attempts"] or 0,
        "last_error": failing.last_error if failing else "",
    }
