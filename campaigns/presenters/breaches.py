"""The page of deadlines and its files: who is over, what has been done about it, how the clock stands (K3)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from outreach.design.formats import date_da, day_month
from outreach.design.spreadsheets import BYTE_ORDER_MARK, neutral
from registry.models import FollowUp

from ..models import ContactKind
from ..selectors.proof import Attempt
from ..selectors.timeline import REMINDER_AFTER
from .moments import local_day, stamp
from .people import age_words
from .programmes import DeadlineTag, due_tag, last_answer_words, reason_words

WIDTHS = (14, 14, 30, 16, 20, 12, 12, 26, 40, 70)


@dataclass(frozen=True)
class AttemptLine:
    """One attempt as proof: when, how and what came of it, by whom."""

    when: str
    text: str
    by_name: str
    before_this_round: bool


@dataclass(frozen=True)
class BreachRow:
    """One follow-up with its deadline and what has been done."""

    follow_up_id: int
    citizen_id: int
    name: str
    age: str
    cpr_masked: str
    programme: str
    group: str
    mandatory: bool
    deadline: DeadlineTag
    clock: str
    next_step: str
    last_answer: str
    letter: str
    protected: bool
    attempts: list[AttemptLine]
    attempts_text: str


def breach_row(follow_up: FollowUp, due: date, attempts: Sequence[Attempt], *, now: datetime) -> BreachRow:
    """A row; citizen and programme must be loaded. `due` is the deadline that counts now."""
    today = local_day(now)
    lines = [_attempt_line(each, follow_up) for each in attempts]
    count = sum(not line.before_this_round for line in lines)
    return BreachRow(
        follow_up_id=follow_up.pk,
        citizen_id=follow_up.citizen_id,
        name=follow_up.citizen.name,
        age=age_words(follow_up.citizen, today),
        cpr_masked=follow_up.citizen.cpr_masked,
        programme=follow_up.programme.name,
        group=follow_up.target_group,
        mandatory=follow_up.mandatory,
        deadline=due_tag(due, today),
        clock=clock_words(follow_up),
        next_step=reason_words(follow_up),
        last_answer=last_answer_words(follow_up),
        letter=_letter_words(follow_up, today),
        protected=follow_up.citizen.is_protected(today),
        attempts=lines,
        attempts_text=(
            ngettext("%(count)s forsøg", "%(count)s forsøg", count) % {"count": count} if count else _("intet forsøg")
        ),
    )


def clock_words(follow_up: FollowUp) -> str:
    """Which clock runs: the first contact's, or the answer's."""
    return _("Første kontakt") if follow_up.first_contact_at is None else _("Svar")


def breach_csv(rows: Iterable[BreachRow]) -> str:
    """One line for each follow-up, for a spreadsheet set to Danish."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerows(_lines(rows))
    return BYTE_ORDER_MARK + file.getvalue()


def breach_xlsx(rows: Iterable[BreachRow]) -> bytes:
    """The same as a workbook; cells are texts, never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Frister"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    lines = _lines(rows)
    sheet.append([_cell(sheet, word, bold=True) for word in next(lines)])
    for line in lines:
        sheet.append([_cell(sheet, word) for word in line])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lines(rows: Iterable[BreachRow]) -> Iterator[list[str]]:
    yield [
        _("Frist"), _("Ur"), _("Navn"), _("CPR-nummer"), _("Program"), _("Målgruppe"), _("Pligt"), _("Sidste svar"),
        _("Næste skridt"), _("Forsøg"),
    ]  # fmt: skip
    for row in rows:
        attempts = "\n".join(
            " · ".join(part for part in (line.when, line.text, line.by_name) if part) for line in row.attempts
        )
        cells = [
            row.deadline.text, row.clock, row.name, row.cpr_masked, row.programme, row.group,
            _("pligt") if row.mandatory else _("frivillig"), row.last_answer, row.next_step,
            attempts or _("intet forsøg"),
        ]  # fmt: skip
        yield [neutral(cell) for cell in cells]


def _cell(sheet: Any, value: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"  # a text, whatever it begins with
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _attempt_line(attempt: Attempt, follow_up: FollowUp) -> AttemptLine:
    since = min(filter(None, (follow_up.opened_at, follow_up.first_contact_at)))
    return AttemptLine(
        when=stamp(attempt.at),
        text=attempt.result,
        by_name=attempt.by_name or (_("Opsøg") if attempt.kind == ContactKind.SMS else ""),
        before_this_round=attempt.at < since,
    )


def _letter_words(follow_up: FollowUp, today: date) -> str:
    """The authority's own reminder, four weeks after the invitation [002]."""
    if follow_up.invited_on is None:
        return ""
    due: date = follow_up.invited_on + REMINDER_AFTER
    if due <= today:
        return _("Myndighedens påmindelsesbrev blev sendt %(day)s.") % {"day": day_month(due)}
    if due - today <= timedelta(days=14):
        return _("Myndighedens påmindelsesbrev sendes %(day)s.") % {"day": date_da(due)}
    return ""
