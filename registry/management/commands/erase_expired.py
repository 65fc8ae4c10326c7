"""`erase_expired [--dry-run]`: what would go, or went, by kind."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from outreach.command import OutreachCommand
from outreach.privacy.retention import erase_expired, retention_kinds


class Command(OutreachCommand):
    """Runs every kind of the retention registry."""

    help = "Erase what has had its time; with --dry-run only count it."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and erase nothing")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        dry_run = options["dry_run"]
        kinds = erase_expired(now=self.moment(options), real_now=timezone.now(), dry_run=dry_run)
        return {"dry_run": dry_run, "kinds": kinds}

    def lines(self, answer: dict[str, Any]) -> list[str]:
        return [f"{kind.title}: {answer['kinds'][kind.name]}" for kind in retention_kinds()]
