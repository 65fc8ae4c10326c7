"""`follow_up CPR --municipality CODE`: what is known of a citizen's follow-up and why, when next."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.command import OutreachCommand
from registry.selectors.reference import municipality_by_code

from ...selectors.follow_up_view import follow_up_view
from ..named_citizens import named_citizen, named_programme


class Command(OutreachCommand):
    """Reads only, and logs the look (A3)."""

    help = "Show a citizen's follow-up."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("cpr", metavar="CPR", help="or - to read it from standard input")
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--programme", metavar="P")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        municipality = municipality_by_code(options["municipality"])
        programme = named_programme(options["programme"])
        cpr = self.secret_argument(options["cpr"])
        with self.acting_as_job("follow-up-command", [municipality.code]) as by:
            citizen = named_citizen(by, cpr)
            record(
                by=by,
                action=Action.LOOK,
                subject_kind="citizen",
                subject_id=citizen.pk,
                municipality_id=municipality.code,
                purpose="Opslag fra kommandolinjen",
                at=now,
            )
            return follow_up_view(citizen, now, programme.pk if programme else None)
