"""Print uptake by parish, institution, group, age, municipality or region: the dashboard's figures."""

from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand
from registry.selectors.reference import municipality_by_code, programme_by_code
from reports.models import UptakeKind
from reports.presenters.tables import uptake_csv
from reports.selectors.uptake import UptakeLine, uptake_rows


class Command(OutreachCommand):
    help = "Uptake rows of the newest figures imported; --shared after disclosure control."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, choices=UptakeKind.values, dest="breakdown")
        parser.add_argument("--municipality", required=True)
        parser.add_argument("--programme", default="covid-19")
        parser.add_argument("--shared", action="store_true", help="as another organisation may see them")
        parser.add_argument("--format", choices=["json", "csv"])

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"json": options["json"] or options["format"] == "json"})

    def answer(self, options: dict[str, Any]) -> Any:
        municipality = municipality_by_code(options["municipality"])
        programme = programme_by_code(options["programme"])
        with self.acting_as_job("uptake-report", [municipality.code]):
            table = uptake_rows(UptakeKind(options["breakdown"]), municipality, programme, shared=options["shared"])
        return [line.as_contract() for line in table.lines] if options["json"] else table.lines

    def lines(self, answer: list[UptakeLine]) -> list[str]:
        return [uptake_csv(answer)]
