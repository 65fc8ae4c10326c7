"""`create_list_order REF …`: write down an approved list order (L2)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from outreach.command import OutreachCommand

from ...selectors.reference import municipality_by_code, programme_by_code
from ...services.list_orders import create_list_order
from .import_list import parse_day


class Command(OutreachCommand):
    """Answers the order as it was written down."""

    help = "Create a list order."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("reference")
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--programme", required=True, metavar="P")
        parser.add_argument("--purpose", required=True, metavar="TEXT")
        parser.add_argument("--approved-on", required=True, metavar="DATE")
        parser.add_argument("--expires-on", required=True, metavar="DATE")
        parser.add_argument("--by", required=True, metavar="USER")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        municipality = municipality_by_code(options["municipality"])
        with self.acting(options["by"], municipality.pk) as by:
            order = create_list_order(
                by=by,
                municipality=municipality,
                programme=programme_by_code(options["programme"]),
                reference=options["reference"],
                purpose=options["purpose"],
                approved_on=parse_day(options["approved_on"]),
                expires_on=parse_day(options["expires_on"]),
                now=self.moment(options),
            )
        return {
            "reference": order.reference,
            "municipality": municipality.code_text,
            "programme": order.programme.code,
            "purpose": order.purpose,
            "approved_on": order.approved_on,
            "expires_on": order.expires_on,
        }
