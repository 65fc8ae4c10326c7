"""The rows of a review in words: who, earlier answer, what happens next, and what there is to choose. Never queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.design.formats import date_da, day_month, time_da, weekday_da
from outreach.privacy.masking import mask_cpr
from outreach.privacy.sealing import unseal

from ..models import (
    Citizen,
    ClosedReason,
    FollowUp,
    FollowUpStatus,
    ListRow,
    NextStepKind,
    Outcome,
    RowClass,
)
from ..row_problems import SKIP_ONLY, message
from ..selectors.reask import row_sentence
from .list_comparisons import Comparison, compare, explanation
from .lists import Mark

IMPORT, SKIP = "import", "skip"
_DANGER = {Outcome.DECLINED, Outcome.DO_NOT_CONTACT}
_WARNING = {Outcome.UNDECIDED, Outcome.HEALTH_DIALOGUE, Outcome.LANGUAGE}
_PLAIN = {Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.WRONG_NUMBER, Outcome.CALL_BACK}


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button: the value that is posted, its words, whether it is the one chosen, the key that presses it."""

    value: str
    text: str
    chosen: bool
    key: str = ""


@dataclass(frozen=True, slots=True)
class RowLine:
    """One row, or several with the same CPR number, as the review shows it."""

    id: int
    numbers: str
    name: str
    cpr: str
    protected: bool
    group: str
    week: str
    answer: Mark | None
    answer_detail: str
    what_next: str
    problem: str
    column: str
    choices: list[Choice] = field(default_factory=list)
    decided_by: str = ""
    explanation: str = ""
    comparison: Comparison | None = None
    waits: bool = False

    @property
    def spoken(self) -> str:
        """What a screen reader calls the row's choices."""
        return _("Vælg for række %(numbers)s, %(name)s") % {"numbers": self.numbers, "name": self.name or "–"}


def row_lines(
    rows: list[ListRow], follow_ups: Mapping[int, FollowUp], *, today: date, may_decide: bool
) -> list[RowLine]:
    """Lines for the rows of one page; siblings of one CPR number (behind the others) join the first one's line."""
    siblings: dict[int, list[ListRow]] = {}
    heads: list[ListRow] = []
    for row in rows:
        if row.row_class == RowClass.NEEDS_DECISION and row.same_as_row is not None:
            siblings.setdefault(row.same_as_row, []).append(row)
            if row.row_number != row.same_as_row:
                continue
        heads.append(row)
    return [
        _line(
            row,
            siblings.get(row.same_as_row or 0, [row]) if row.row_class == RowClass.NEEDS_DECISION else [row],
            follow_ups.get(row.citizen_id or 0),
            today,
            may_decide,
        )
        for row in heads
    ]


def choices_of(row: ListRow, together: list[ListRow]) -> list[Choice]:
    """What a person may choose for a row; of rows with one CPR number, at most one is imported (IC02)."""
    skip = Choice(SKIP, _skip_words(row, together), all(each.decision == SKIP for each in together), "s")
    if row.problem_code in SKIP_ONLY:
        return [skip]
    if len(together) > 1:
        earliest = min(together, key=_group_order)
        return [
            *(
                Choice(f"{IMPORT}-{each.pk}", _sibling_words(each, earliest), each.decision == IMPORT, str(position))
                for position, each in enumerate(together, start=1)
            ),
            skip,
        ]
    take = Choice(f"{IMPORT}-{row.pk}", _import_words(row), row.decision == IMPORT, "i")
    return [skip, take] if row.row_class == RowClass.MOVED else [take, skip]


def answer_mark(outcome: str) -> Mark | None:
    """The earlier answer as a badge; no answer at all is None."""
    if not outcome:
        return None
    known = Outcome(outcome)
    if known in _PLAIN:
        return Mark(str(known.label))
    return Mark(str(known.label), "danger" if known in _DANGER else "warning" if known in _WARNING else "success")


def _line(row: ListRow, together: list[ListRow], follow_up: FollowUp | None, today: date, may_decide: bool) -> RowLine:
    citizen = row.citizen
    decidable = row.row_class in (RowClass.NEEDS_DECISION, RowClass.MOVED)
    masked = _masked(row, citizen)
    return RowLine(
        id=row.pk,
        numbers=", ".join(str(each.row_number) for each in together if each.row_number is not None),
        name=citizen.name if citizen is not None else row.name,
        cpr=masked,
        protected=citizen is not None and citizen.is_protected(today),
        group=row.target_group,
        week=_("%(week)s.") % {"week": row.week} if row.row_class != RowClass.UNREADABLE else "",
        answer=answer_mark(row.earlier_outcome),
        answer_detail=_answer_detail(row, follow_up),
        what_next=_what_next(row, follow_up, today),
        problem=message(row.problem_code) if row.problem_code else "",
        column=column_words(row.problem_column),
        choices=choices_of(row, together) if decidable and may_decide else [],
        decided_by=_decided(together),
        explanation=explanation(row, follow_up, masked),
        comparison=compare(together) if decidable else None,
        waits=row.row_class == RowClass.NEEDS_DECISION and not any(each.decision for each in together),
    )


def column_words(name: str) -> str:
    """Our name of a column in words."""
    words = {
        "cpr": _("CPR-nummer"),
        "name": _("Navn"),
        "target_group": _("Målgruppe"),
        "invited_on": _("Inviteret"),
        "municipality": _("Kommunekode"),
        "municipality_code": _("Kommunekode"),
        "programme": _("Vaccinationsprogram"),
    }
    return words.get(name, name)


def _masked(row: ListRow, citizen: Citizen | None) -> str:
    if row.cpr_ciphertext is not None and row.cpr_index is not None:
        return mask_cpr(unseal("cpr", bytes(row.cpr_ciphertext), bytes(row.cpr_index)))
    return citizen.cpr_masked if citizen is not None else ""


def _answer_detail(row: ListRow, follow_up: FollowUp | None) -> str:
    if not row.earlier_outcome:
        return ""
    parts = [day_month(timezone.localtime(row.earlier_outcome_at)) if row.earlier_outcome_at else ""]
    if follow_up is not None and follow_up.barrier and follow_up.outcome == row.earlier_outcome:
        parts.append(str(follow_up.get_barrier_display()).lower())
    if row.earlier_outcome == Outcome.NO_ANSWER and follow_up is not None and follow_up.call_attempts > 1:
        parts.insert(0, f"×{follow_up.call_attempts}")
    return " · ".join(part for part in parts if part)


def _what_next(row: ListRow, follow_up: FollowUp | None, today: date) -> str:
    if row.row_class == RowClass.DUPLICATE:
        return _("Samme borger som række %(row)s. Tæller én gang") % {"row": row.same_as_row}
    if row.row_class == RowClass.GONE:
        return _gone_words(follow_up)
    if follow_up is None and row.row_class == RowClass.WAITING:
        return _("Spørges ikke: har svaret i et andet program")
    if follow_up is None or row.row_class == RowClass.NEW:
        return _("Planlægges, når listen er godkendt")
    if follow_up.status == FollowUpStatus.OPEN:
        return f"{NextStepKind(follow_up.next_step_kind).label} · {_moment(follow_up.next_step_at)}"
    if follow_up.closed_reason == ClosedReason.DO_NOT_CONTACT:
        return _("Vil ikke kontaktes igen")
    if words := row_sentence(row.reask_code, follow_up, row.target_group):
        return words
    if follow_up.reopen_on is not None:
        if follow_up.reopen_on <= today:
            return _("Kan spørges igen. Planlægges, når listen er godkendt")
        return _("Spørges ikke igen før %(day)s") % {"day": date_da(follow_up.reopen_on)}
    return str(ClosedReason(follow_up.closed_reason).label)


def _gone_words(follow_up: FollowUp | None) -> str:
    if follow_up is None or follow_up.status == FollowUpStatus.OPEN:
        return _("Afsluttes, når listen er godkendt")
    return _("Er afsluttet: %(reason)s") % {"reason": str(ClosedReason(follow_up.closed_reason).label).lower()}


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    local = timezone.localtime(at)
    return _("%(day)s kl. %(clock)s") % {"day": weekday_da(local.date()), "clock": time_da(local)}


def _group_order(row: ListRow) -> tuple[int, str]:
    digits = "".join(sign for sign in row.target_group if sign.isdecimal())
    return (int(digits) if digits else 99, row.target_group)


def _sibling_words(row: ListRow, earliest: ListRow) -> str:
    parts = [_("Række %(row)s") % {"row": row.row_number}]
    if row.target_group:
        words = _("målgruppe %(code)s (den tidligste)") if row is earliest else _("målgruppe %(code)s")
        parts.append(words % {"code": row.target_group})
    if row.invited_on:
        parts.append(_("inviteret %(day)s") % {"day": day_month(row.invited_on)})
    return " · ".join(parts)


def _import_words(row: ListRow) -> str:
    if row.row_class == RowClass.MOVED:
        return _("Indlæs alligevel")
    if row.problem_code == "leading_zero":
        return _("Nullet skal med: indlæs")
    return _("Indlæs rækken")


def _skip_words(row: ListRow, together: list[ListRow]) -> str:
    if row.row_class == RowClass.MOVED:
        return _("Indlæs ikke")
    return _("Spring alle over") if len(together) > 1 else _("Spring rækken over")


def _decided(together: list[ListRow]) -> str:
    name = next((each.decided_by_name for each in together if each.decision and each.decided_by_name), "")
    return _("Valgt af %(name)s") % {"name": name} if name else ""
