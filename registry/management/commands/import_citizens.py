"""`import_citizens FILE …`: citizens from the municipality's own system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.access.selectors import actor_by_username
from outreach.command import OutreachCommand
from outreach.errors import UserError

from ...imports.citizens import import_citizens
from ...selectors.reference import municipality_by_code
from ...services.citizen_gates import answers, every_gate
from .import_list import parse_mapping


class Command(OutreachCommand):
    """Answers the receipt: rows, added, changed, unchanged, unreadable, errors."""

    help = "Import citizens from a CSV or spreadsheet file."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS")
        parser.add_argument("--confirmed-by", metavar="USER", help="who answers for changes of very many people")
        parser.add_argument("--reason", default="", metavar="TEXT", help="why it is right all the same")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        municipality = municipality_by_code(options["municipality"])
        path: Path = options["file"]
        if not path.is_file():
            raise UserError("file_missing", _("Filen %(path)s findes ikke.") % {"path": path.name})
        now = self.moment(options)
        with self.acting(options["by"], municipality.pk) as by:
            second = options["confirmed_by"]
            overrides = (
                answers(
                    every_gate(),
                    by=actor_by_username(second, municipality_code=municipality.pk),
                    uploaded_by_id=by.user_id,
                    reason=options["reason"],
                    now=now,
                )
                if second
                else ()
            )
            done = import_citizens(
                by=by,
                municipality=municipality,
                path=path,
                display_name=path.name,
                now=now,
                mapping=parse_mapping(options["map"], "citizens"),
                overrides=overrides,
            )
        return {
            "import_id": done.pk,
            "municipality": municipality.code_text,
            "rows": done.rows,
            "counts": done.counts,
            "errors": done.errors,
        }
