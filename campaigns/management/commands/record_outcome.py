"""`record_outcome CPR --outcome CODE --by USER`: write down an answer as the call screen does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.command import OutreachCommand, parse_moment
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, Programme
from registry.selectors.reference import municipality_by_code

from ...models import SpokeWith
from ...selectors.follow_up_view import follow_up_view
from ...services.answers import record_answer
from ..named_citizens import named_citizen, named_programme


class Command(OutreachCommand):
    """Without `--programme` the answer holds for every open one."""

    help = "Record the outcome of a contact."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("cpr", metavar="CPR", help="or - to read it from standard input")
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--programme", metavar="P")
        parser.add_argument("--outcome", required=True, metavar="CODE")
        parser.add_argument("--reason", default="", metavar="CODE", help="the barrier")
        parser.add_argument("--spoke-with", default=SpokeWith.CITIZEN.value, metavar="WHO")
        parser.add_argument("--call-back-at", metavar="T")
        parser.add_argument("--by", required=True, metavar="USER")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        municipality = municipality_by_code(options["municipality"])
        programme = named_programme(options["programme"])
        cpr = self.secret_argument(options["cpr"])
        call_back_at = options["call_back_at"]
        with self.acting(options["by"], municipality.code) as by:
            citizen = named_citizen(by, cpr)
            record_answer(
                by=by,
                citizen=citizen,
                outcome=options["outcome"],
                now=now,
                follow_ups=_only(citizen, programme),
                barrier=options["reason"],
                spoke_with=options["spoke_with"],
                call_back_at=parse_moment(call_back_at) if call_back_at else None,
            )
            return follow_up_view(citizen, now, programme.pk if programme else None)


def _only(citizen: Citizen, programme: Programme | None) -> list[FollowUp] | None:
    if programme is None:
        return None
    found = list(FollowUp.objects.filter(citizen=citizen, programme=programme))
    if not found:
        raise UserError("nothing_open", _("Borgeren har ingen opfølgning i programmet %(name)s.") % {"name": programme})
    return found
