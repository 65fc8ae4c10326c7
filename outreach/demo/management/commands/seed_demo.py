"""Make the demo's people, registry and files, without playing its weeks."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser
from django.db import connection

from outreach.command import OutreachCommand
from outreach.demo.seed import DEFAULT_RANDOM_SEED, seed
from registry.selectors.reference import municipality_by_code


class Command(OutreachCommand):
    help = "Synthetic people (day+60 CPR), registry, figures, and lists as files under demo/ in the data folder."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", default="0183")
        parser.add_argument("--scale", choices=["empty", "small", "municipality", "national"], default="municipality")
        parser.add_argument("--random-seed", type=int, default=DEFAULT_RANDOM_SEED)

    def answer(self, options: dict[str, Any]) -> Any:
        if not connection.introspection.table_names():  # often the first command in a new data folder
            call_command("migrate", verbosity=0, stdout=self.stderr)
        municipality = municipality_by_code(options["municipality"])
        seeded = seed(municipality_code=municipality.code, scale=options["scale"], random_seed=options["random_seed"])
        return seeded.as_answer()
