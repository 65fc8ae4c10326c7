"""`plan_contacts [--now T]`: restore the one-next-step invariant."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand

from ...services.planning import plan


class Command(OutreachCommand):
    """Over every municipality served here, in one transaction."""

    help = "Give every open follow-up its one next step."

    def add_options(self, parser: CommandParser) -> None:
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now, started = self.moment(options), time.monotonic()
        with self.acting_as_job("planner") as by:
            result = plan(by=by, now=now)
        return {
            "open": result.open,
            "planned": result.planned,
            "unchanged": result.unchanged,
            "breaches": result.breaches,
            "seconds": round(time.monotonic() - started, 2),
        }
