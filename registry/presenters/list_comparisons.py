"""Rows side by side: those with one CPR number, a proposed number, a citizen who changed, a corrected list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, day_month
from outreach.privacy.masking import DOTS

from ..models import Citizen, CitizenStatus, ClosedReason, FollowUp, FollowUpStatus, ListRow
from ..row_problems import CHANGED_SINCE, message

LEADING_ZERO = "leading_zero"


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """One value; `differs` when the rows do not agree on it."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """A small table: a column for each row of the file, a line for each thing they say."""

    heads: list[str]
    lines: list[tuple[str, list[ComparedCell]]]


def compare(rows: Sequence[ListRow]) -> Comparison | None:
    """What rows with the same CPR number say, differences marked; None for a single row."""
    if len(rows) < 2:
        return None
    questions: list[tuple[str, Callable[[ListRow], str]]] = [
        (_("Navn"), lambda row: row.name),
        (_("Målgruppe"), lambda row: row.target_group),
        (_("Inviteret"), lambda row: date_da(row.invited_on) if row.invited_on else ""),
    ]
    lines = []
    for label, answer in questions:
        answers = [answer(row) for row in rows]
        if any(answers):
            differs = len(set(answers)) > 1
            lines.append((label, [ComparedCell(text or "–", differs) for text in answers]))
    if not any(cell.differs for _label, cells in lines for cell in cells):
        # They can only differ in what the list does not keep.
        lines.append((_("Kommune"), [ComparedCell(_("forskellig"), True) for _row in rows]))
    return Comparison([_("Række %(row)s") % {"row": row.row_number} for row in rows], lines)


def explanation(row: ListRow, follow_up: FollowUp | None, masked: str) -> str:
    """What helps to decide one row, below the problem: the number proposed, or what the citizen is now."""
    if row.problem_code == LEADING_ZERO:
        return _proposed(row, masked)
    if row.problem_code in CHANGED_SINCE:
        return _now(row.citizen, follow_up)
    if row.problem_code == "citizen_status" and row.citizen is not None:
        return _("Registret siger: %(status)s.") % {"status": CitizenStatus(row.citizen.status).label}
    return ""


def _proposed(row: ListRow, masked: str) -> str:
    # In the file the number began with its second digit: the birth date's first six tell whether the zero is right.
    parts = [_("Filen: %(file)s. Forslag: %(number)s") % {"file": f"{masked[1:6]}-{DOTS}", "number": masked}]
    if row.birth_date is not None:
        parts.append(_("født %(day)s") % {"day": date_da(row.birth_date)})
    if row.citizen is None:
        parts.append(_("findes ikke i registret"))
    else:
        parts.append(_("i registret: %(name)s") % {"name": row.citizen.name})
    return ", ".join(parts) + "."


def _now(citizen: Citizen | None, follow_up: FollowUp | None) -> str:
    parts = []
    if citizen is not None:
        parts.append(_("Registret siger nu: %(status)s.") % {"status": CitizenStatus(citizen.status).label})
    if follow_up is None:
        parts.append(_("Ingen opfølgning endnu."))
    elif follow_up.status == FollowUpStatus.OPEN:
        parts.append(_("Opfølgningen er nu åben."))
    else:
        reason = str(ClosedReason(follow_up.closed_reason).label).lower()
        parts.append(_("Opfølgningen er nu afsluttet: %(reason)s.") % {"reason": reason})
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """One citizen whom the corrected list says something else about."""

    number: str
    name: str
    protected: bool
    before: str
    after: str


def corrected_lines(rows: Sequence[Any], *, today: date) -> list[CorrectedLine]:
    """What the corrected list changes, group and date, for rows of `changed_in_place`."""
    return [
        CorrectedLine(
            number=str(row.row_number or ""),
            name=row.citizen.name if row.citizen is not None else row.name,
            protected=row.citizen is not None and row.citizen.is_protected(today),
            before=_said(row.group_before, row.invited_before),
            after=_said(row.target_group or row.group_before, row.invited_on or row.invited_before),
        )
        for row in rows
    ]


def _said(group: str, invited_on: date | None) -> str:
    parts = [_("målgruppe %(code)s") % {"code": group} if group else ""]
    if invited_on is not None:
        parts.append(_("inviteret %(day)s") % {"day": day_month(invited_on)})
    return ", ".join(part for part in parts if part)


def problem_words(code: str) -> str:
    """The sentence of a problem, up to its first full stop: short enough for a filter or a heading."""
    return message(code).partition(".")[0]
