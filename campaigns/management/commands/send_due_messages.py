"""`send_due_messages [--now T] [--limit N]`: one dispatcher pass."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand

from ...services.messages import dispatch_due


class Command(OutreachCommand):
    """Prints how many messages ended in which status; `queued` are held until later."""

    help = "Hand over the messages that are due."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, int]:
        return dispatch_due(now=self.moment(options), limit=options["limit"])
