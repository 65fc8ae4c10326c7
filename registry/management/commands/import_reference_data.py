"""`import_reference_data FILE --table KEY [--by USER] [--dry-run]`: a file of reference rows, as the pages take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.command import OutreachCommand
from outreach.errors import UserError

from ...resources.files import Trial, TriedRow, take_in
from ...resources.tables import ReferenceTable, tables
from ...selectors.reference import municipality_by_code
from ...services.received_files import remove, store
from ...services.reference_data import FOLDER

ERRORS_NAMED = 20


class Command(OutreachCommand):
    """Answers what each row did, or with `--dry-run` would do: everything, or nothing when a row is wrong."""

    help = (
        "Import a file of reference data with the columns of its page's export. With --by the rows of the user's "
        "municipality; without, as operations, those that hold for all municipalities."
    )

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--table", required=True, metavar="TABLE", help="e.g. institutions, reask_rules, programmes"
        )
        parser.add_argument("--by", metavar="USER", help="list administrator; their municipality's rows")
        parser.add_argument("--municipality", metavar="CODE", help="which of the user's municipalities")
        parser.add_argument("--dry-run", action="store_true", help="say what the file would do, and do nothing")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        path: Path = options["file"]
        table = _table(options["table"])
        if not path.is_file():
            raise UserError(
                "no_such_file", _("Filen »%(name)s« findes ikke. Se efter, om stien er rigtig.") % {"name": path.name}
            )
        with path.open("rb") as file:
            stored = store(file, folder=FOLDER, display_name=path.name)
        try:
            with self._acting(options, table) as by:
                trial = take_in(
                    by=by,
                    table=table,
                    stored_name=stored.stored_name,
                    display_name=stored.display_name,
                    now=self.moment(options),
                    dry_run=options["dry_run"],
                )
                wrong = [row for row in trial.rows if row.outcome == "error"]
                if wrong and not options["dry_run"]:
                    raise UserError("wrong_rows", _wrong_words(wrong))
        finally:
            remove(FOLDER, stored.stored_name)
        return _answer(table, trial, dry_run=options["dry_run"])

    def _acting(self, options: dict[str, Any], table: ReferenceTable) -> Any:
        if options["by"]:
            code = options["municipality"]
            return self.acting(options["by"], municipality_by_code(code).pk if code else None)
        if not table.holds_common_rows:
            raise UserError(
                "needs_user",
                _("Rækkerne i tabellen hører til en kommune. Skriv --by og en af dens listeadministratorer."),
            )
        return self.acting_as_job("reference-data", [])


def _table(key: str) -> ReferenceTable:
    found = {table.key: table for table in tables() if table.form is not None}
    if key not in found:
        raise UserError(
            "unknown_table",
            _("Tabellen »%(key)s« findes ikke. Vælg en af: %(known)s.")
            % {"key": key[:40], "known": ", ".join(sorted(found))},
        )
    return found[key]


def _answer(table: ReferenceTable, trial: Trial, *, dry_run: bool) -> dict[str, Any]:
    return {
        "table": table.key,
        "dry_run": dry_run,
        "done": trial.done,
        "rows": len(trial.rows),
        "counts": {outcome: trial.count(outcome) for outcome in ("new", "changed", "unchanged", "error")},
        "changes": [
            {
                "row": row.row_number,
                "name": row.words,
                "outcome": row.outcome,
                "fields": [list(each) for each in row.changes],
            }
            for row in trial.rows
            if row.outcome in ("new", "changed")
        ],
        "errors": [{"row": row.row_number, "message": row.problem} for row in trial.rows if row.outcome == "error"],
        "ignored_columns": trial.ignored_columns,
    }


def _wrong_words(wrong: list[TriedRow]) -> str:
    lines = [
        _("Række %(row)s: %(problem)s") % {"row": row.row_number, "problem": row.problem}
        for row in wrong[:ERRORS_NAMED]
    ]
    return " ".join([_("Intet er ændret. Ret rækkerne, og indlæs filen igen."), *lines])
