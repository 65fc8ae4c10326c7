"""Sampled outcomes as pages show them: what was noted, what follows, and what was said about it (K13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from registry.models import Barrier, NextStepKind, Outcome

from ..models import ContactAnswer, ContactKind, QualityCheck, QualityVerdict, SpokeWith
from .moments import local_day, moment_words
from .people import age_words

TONES = {QualityVerdict.FINE: "success", QualityVerdict.TO_CORRECT: "warning", QualityVerdict.FOLLOW_UP: "danger"}


@dataclass(frozen=True)
class AnswerLine:
    """The answer for one programme and the step it led to."""

    programme: str
    outcome: str
    barrier: str
    step: str


@dataclass(frozen=True)
class QualityRow:
    """One outcome. `verdict` is empty while it waits."""

    id: int
    citizen_id: int
    name: str
    age: str
    cpr_masked: str
    caller: str
    when: str
    contact: str
    because: str
    note: str
    answers: list[AnswerLine]
    verdict: str
    tone: str
    comment: str
    by: str
    is_new: bool
    caller_id: int
    task: str
    late: bool


def quality_row(check: QualityCheck, *, now: datetime) -> QualityRow:
    """A row; attempt, citizen, answers and their programmes must be loaded."""
    attempt, citizen = check.attempt, check.attempt.citizen
    minutes = _("%(minutes)s min.") % {"minutes": attempt.minutes} if attempt.minutes else ""
    contact = [str(ContactKind(attempt.kind).label), _talked_with(attempt.spoke_with), minutes]
    judged = check.checked_at
    return QualityRow(
        id=check.pk,
        citizen_id=citizen.pk,
        name=citizen.name,
        age=age_words(citizen, local_day(now)),
        cpr_masked=citizen.cpr_masked,
        caller=check.caller_name,
        when=moment_words(attempt.at, now),
        contact=" · ".join(part for part in contact if part),
        because=str(check.get_because_display()),
        note=attempt.note or "",
        answers=[_answer_line(answer, now) for answer in attempt.answers.all()],
        verdict=str(QualityVerdict(check.verdict).label) if check.verdict else "",
        tone=TONES[QualityVerdict(check.verdict)] if check.verdict else "",
        comment=check.comment or "",
        by=f"{check.checked_by_name}, {moment_words(judged, now)}" if judged else "",
        is_new=check.seen_at is None,
        caller_id=check.caller_id,
        task=_task(check),
        late=check.follow_up_due is not None and check.follow_up_due < local_day(now),
    )


def _task(check: QualityCheck) -> str:
    """`Følges op af Mette Holm senest 21.04.2021`; empty where nobody is to follow up."""
    if check.follow_up_due is None:
        return ""
    return _("Følges op af %(name)s senest %(day)s") % {
        "name": check.follow_up_name,
        "day": date_da(check.follow_up_due),
    }


def _talked_with(spoke_with: str) -> str:
    if spoke_with == SpokeWith.NOBODY:
        return _("ikke truffet")
    return _("talte med: %(whom)s") % {"whom": str(SpokeWith(spoke_with).label).lower()}


def _answer_line(answer: ContactAnswer, now: datetime) -> AnswerLine:
    step = ""
    if answer.next_step_kind and answer.next_step_at:
        step = f"{NextStepKind(answer.next_step_kind).label} {moment_words(answer.next_step_at, now)}"
    return AnswerLine(
        programme=answer.follow_up.programme.name,
        outcome=str(Outcome(answer.outcome).label),
        barrier=str(Barrier(answer.barrier).label) if answer.barrier else "",
        step=step or _("Sagen er afsluttet"),
    )
