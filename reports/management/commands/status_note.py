"""Print or save the status note of a municipality (D5)."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from outreach.command import OutreachCommand, parse_day
from outreach.design.spreadsheets import BYTE_ORDER_MARK
from outreach.errors import UserError
from registry.selectors.reference import municipality_by_code, programme_by_code
from reports.notes import StatusNote
from reports.presenters.tables import status_note_csv
from reports.selectors.status_note import status_note


class Command(OutreachCommand):
    help = "The status note: per target group in the group, vaccinated, not reacted; declined and undecided."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True)
        parser.add_argument("--programme", required=True)
        parser.add_argument("--as-of", help="default today")
        parser.add_argument("--format", choices=["json", "csv", "docx", "pdf"])
        parser.add_argument("--output", type=Path, help="save the note here")
        self.add_now(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options | {"json": options["json"] or options["format"] == "json"})

    def answer(self, options: dict[str, Any]) -> Any:
        if options["format"] in {"docx", "pdf"}:
            raise UserError(
                "format_not_yet",
                "Notatet findes i denne version som side, JSON og CSV. Vælg --format json eller csv, "
                "eller udskriv siden.",
            )
        municipality = municipality_by_code(options["municipality"])
        programme = programme_by_code(options["programme"])
        as_of = parse_day(options["as_of"]) or timezone.localtime(self.moment(options)).date()
        with self.acting_as_job("status-note", [municipality.code]):
            note = status_note(municipality, programme, as_of)
        if options["output"]:
            self._save(note, options)
        return note.as_contract() if options["json"] else note

    def lines(self, answer: StatusNote) -> list[str]:
        return [status_note_csv(answer)]

    def _save(self, note: StatusNote, options: dict[str, Any]) -> None:
        text = json_text(note) if options["json"] else BYTE_ORDER_MARK + status_note_csv(note)
        try:
            options["output"].write_text(text, encoding="utf-8")
        except OSError:
            raise UserError(
                "cannot_write", f"Filen »{options['output'].name}« kan ikke skrives dér. Vælg en anden mappe."
            ) from None
        self.progress(f"Gemt som {options['output']}")


def json_text(note: StatusNote) -> str:
    """The note as the JSON of the contract."""
    return json.dumps(note.as_contract(), ensure_ascii=False, indent=2) + "\n"
