"""`undo_list ID …`: undo a committed list, as long as nobody was contacted because of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand

from ...selectors.lists import receipt
from ...services.lists import undo
from ..named_lists import list_by_id


class Command(OutreachCommand):
    """Refused with a sentence when somebody was contacted, or a later list builds on it."""

    help = "Undo a committed list."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("list_id", type=int)
        parser.add_argument("--by", required=True, metavar="USER")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        named = list_by_id(options["list_id"])
        with self.acting(options["by"], named.municipality_id) as by:
            return receipt(undo(by=by, nonresponder_list=named, now=now))
