"""`approve_list ID …`: commit a reviewed list, or override a gate as a second person."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand

from ...imports.lists import advance
from ...models import ListState
from ...selectors.lists import receipt
from ...services.lists import approve
from ..named_lists import list_by_id


class Command(OutreachCommand):
    """A held gate leaves the list reviewed; the receipt names it."""

    help = "Commit a reviewed list."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("list_id", type=int)
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--override", metavar="GATE")
        parser.add_argument("--reason", default="", metavar="TEXT")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        named = list_by_id(options["list_id"])
        with self.acting(options["by"], named.municipality_id) as by:
            approved = approve(
                by=by, nonresponder_list=named, now=now, override=options["override"], reason=options["reason"]
            )
        if approved.state == ListState.UPLOADED:
            # Another list was committed since the review: compared anew, and reviewed anew.
            approved = advance(approved.pk, now=now)
        with self.acting(options["by"], named.municipality_id):
            return receipt(approved)
