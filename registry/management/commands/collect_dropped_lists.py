"""`collect_dropped_lists [--municipality CODE]`: take in what lies in the drop folders, and read it to its review."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from outreach.access.selectors import served_municipality_codes
from outreach.command import OutreachCommand

from ...imports.drop_folder import collect
from ...imports.lists import advance
from ...selectors.reference import municipality_by_code


class Command(OutreachCommand):
    """As the periodic job does; no worker is needed."""

    help = "Take in the files in the drop folders that have stopped changing."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", metavar="CODE", help="by default every one served here")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        chosen = options["municipality"]
        codes = [municipality_by_code(chosen).pk] if chosen else served_municipality_codes()
        passes = [collect(code, now=now, real_now=timezone.now().timestamp()) for code in codes]
        lists = [advance(list_id, now=now) for each in passes for list_id in each.list_ids]
        return {
            "lists": [{"list_id": each.pk, "state": each.state, "waits_for": each.waits_for} for each in lists],
            "refused": [code for each in passes for code in each.refused],
            "waiting": sum(each.waiting for each in passes),
            "faults": sum(each.faults for each in passes),
        }
