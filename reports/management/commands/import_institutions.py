"""Import the institution register, or institutions' uptake: the file's header says which."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand, parse_day
from outreach.errors import UserError
from registry.imports.institutions import import_institutions
from registry.selectors.reference import programme_by_code
from reports.models import UptakeKind
from reports.services.uptake_import import import_uptake, receipt


class Command(OutreachCommand):
    """Answers the receipt of the register, or of the uptake figures (D2)."""

    help = "Import the institution register (28 columns), or uptake figures per institution."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", metavar="USER", help="user name; without one a system job imports all of it")
        parser.add_argument(
            "--complete", action="store_true", help="the file is the whole register: close those it has left out"
        )
        parser.add_argument("--as-of", help="uptake figures: the day they are from; else the day in the file name")
        parser.add_argument("--programme", default="covid-19", help="uptake figures: the programme")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        if not path.is_file():
            raise UserError("no_such_file", f"Filen »{path.name}« findes ikke. Se efter, om stien er rigtig.")
        now = self.moment(options)
        context = self.acting(options["by"]) if options["by"] else self.acting_as_job("institution-import")
        with context as by:
            try:
                return import_institutions(
                    by=by, path=path, display_name=path.name, now=now, complete=options["complete"]
                )
            except UserError as error:
                if error.code != "no_header":
                    raise
                not_a_register = error
            try:
                snapshot = import_uptake(
                    by=by,
                    path=path,
                    display_name=path.name,
                    as_of=parse_day(options["as_of"]),
                    programme=programme_by_code(options["programme"]),
                    municipality=None,
                    now=now,
                )
            except UserError as error:
                raise (not_a_register if error.code == "unknown_uptake_file" else error) from None
            if snapshot.kind != UptakeKind.INSTITUTION:
                raise not_a_register
            return receipt(snapshot)
