"""`import_boundaries FILE`: parish boundaries from DAGI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.command import OutreachCommand, parse_day
from outreach.errors import UserError

from ...imports.boundaries import DEFAULT_SOURCE, import_boundaries


class Command(OutreachCommand):
    """Answers the receipt: rows, added, changed, unchanged, repaired, unknown and missing parishes."""

    help = "Import parish boundaries from a DAGI file: GeoJSON or GeoPackage, EPSG:25832 or EPSG:4326."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", help="the day the boundaries are from; today when not given")
        parser.add_argument("--source", default=DEFAULT_SOURCE, help="printed under maps")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise UserError("file_missing", _("Filen %(path)s findes ikke.") % {"path": path.name})
        with self.acting_as_job("boundary-import") as by:
            return import_boundaries(
                by=by,
                path=path,
                display_name=path.name,
                now=self.moment(options),
                as_of=parse_day(options["as_of"]),
                source=options["source"],
            )
