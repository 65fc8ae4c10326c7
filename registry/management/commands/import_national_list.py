"""`import_national_list FILE …`: a file for the whole country, split into one list per municipality (L8b)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.access.actor import system_actor
from outreach.command import OutreachCommand
from outreach.errors import UserError

from ...imports.lists import advance
from ...imports.national_split import JOB, MOST_ATTEMPTS, list_ids, split
from ...models import NationalFile, NationalFileState, NonresponderList
from ...selectors.national_files import receipt
from ...selectors.reference import programme_by_code
from ...services.national_files import confirm_national_file, receive_national_file, withdraw_national_file
from .import_list import parse_day


class Command(OutreachCommand):
    """The operator's: nobody in a municipality may hold another municipality's rows. No worker is needed."""

    help = "Split a national file into one list per municipality, each up to its review."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--programme", metavar="P")
        parser.add_argument("--as-of", metavar="DATE")
        parser.add_argument("--waiting-days", type=int, metavar="N")
        parser.add_argument("--groups", default="", help="comma-separated; by default those in the file")
        parser.add_argument("--sender", default="SSI")
        parser.add_argument("--confirm", type=int, metavar="ID", help="split a held file all the same, with --reason")
        parser.add_argument("--reason", default="")
        parser.add_argument("--withdraw", type=int, metavar="ID", help="take back a file that is not split")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        by = system_actor(JOB)
        if options["withdraw"] is not None:
            found = _national_file(options["withdraw"])
            return receipt(withdraw_national_file(by=by, national_file=found, now=now))
        if options["confirm"] is not None:
            found = _national_file(options["confirm"])
            received = confirm_national_file(by=by, national_file=found, because=options["reason"], now=now)
        else:
            received = self._receive(options, now)
        self.progress(_("Filen er modtaget som landsdækkende fil %(id)s.") % {"id": received.pk})
        for _attempt in range(MOST_ATTEMPTS):
            received = split(received.pk, now=now)
            if received.state != NationalFileState.RECEIVED:
                break
        if received.state == NationalFileState.FAILED:
            raise UserError(received.error_code, received.error_message)
        for list_id in list_ids(received):
            current: NonresponderList = advance(list_id, now=now)
            self.progress(f"{current.municipality_id:04d}: {current.get_state_display()}")
        return receipt(received)

    def _receive(self, options: dict[str, Any], now: datetime) -> NationalFile:
        path: Path | None = options["file"]
        if path is None or not path.is_file():
            raise UserError("file_missing", _("Filen %(path)s findes ikke.") % {"path": path.name if path else ""})
        if not options["programme"] or not options["as_of"] or options["waiting_days"] is None:
            raise UserError("statement", _("Angiv --programme, --as-of og --waiting-days for filen."))
        with path.open("rb") as file:
            return receive_national_file(
                by=system_actor(JOB),
                programme=programme_by_code(options["programme"]),
                as_of=parse_day(options["as_of"]),
                waiting_days=options["waiting_days"],
                groups=[code.strip() for code in options["groups"].split(",") if code.strip()],
                file=file,
                display_name=path.name,
                now=now,
                sender=options["sender"],
            )


def _national_file(file_id: int) -> NationalFile:
    found = NationalFile.objects.filter(pk=file_id).first()
    if found is None:
        raise UserError("unknown_file", _("Der findes ingen landsdækkende fil med nummer %(id)s.") % {"id": file_id})
    return found
