"""Import an uptake file: per target group, parish, municipality, region, age and sex, or institution."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from outreach.access.permissions import Permission
from outreach.command import OutreachCommand, parse_day
from outreach.errors import UserError
from registry.selectors.reference import municipality_by_code, programme_by_code
from reports.services.uptake_import import import_uptake, receipt


class Command(OutreachCommand):
    help = "Import SSI's or the municipality's own uptake figures; the kind of file is read from its header."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as-of", help="the day the figures are from; else the day in the file name")
        parser.add_argument("--municipality", help="needed for figures per target group")
        parser.add_argument("--programme", default="covid-19")
        parser.add_argument("--source", default="", help="printed under the figures")
        parser.add_argument("--invented", action="store_true", help="demo figures, labelled as such")
        parser.add_argument("--by", help="user name; without one a system job imports")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise UserError("no_such_file", f"Filen »{path.name}« findes ikke. Se efter, om stien er rigtig.")
        code = municipality_by_code(options["municipality"]).code if options["municipality"] else None
        context = (
            self.acting(options["by"], code)
            if options["by"]
            else self.acting_as_job("uptake-import", [code] if code else [])
        )
        with context as by:
            if not by.may(Permission.IMPORT_UPTAKE):
                raise UserError(
                    "not_allowed", f"{by.name} må ikke indlæse tilslutningstal. Det kan en listeadministrator."
                )
            snapshot = import_uptake(
                by=by,
                path=path,
                display_name=path.name,
                as_of=parse_day(options["as_of"]),
                programme=programme_by_code(options["programme"]),
                municipality=municipality_by_code(code) if code is not None else None,
                now=self.moment(options),
                invented=options["invented"],
                source=options["source"],
            )
            return receipt(snapshot)
