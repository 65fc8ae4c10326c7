"""Where a citizen stands in each programme: status, deadline, last answer and the one next step (K1, C8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from outreach.design.formats import date_da, day_month
from registry.models import (
    Barrier,
    Citizen,
    ClosedReason,
    FollowUp,
    FollowUpStatus,
    NextStepKind,
    Outcome,
)

from ..contact_signs import NO_SIGNS, ContactSigns
from ..not_contacted import not_contacted_because, notes_on_contact
from ..outcomes import NOT_REACHED
from ..reasons import sentence
from ..services.reopening import may_reopen
from ..step_reasons import StepReason
from .moments import day_words, local_day, moment_words


@dataclass(frozen=True)
class DeadlineTag:
    """`Frist i morgen`; the tone is a colour of the design (empty, warning or danger)."""

    text: str
    tone: str


@dataclass(frozen=True)
class ProgrammeView:
    """One follow-up in words. `next_step` is empty when it is closed; then `standing` says why."""

    follow_up_id: int
    name: str
    group: str
    mandatory: bool
    is_open: bool
    standing: str
    deadline: DeadlineTag | None
    last_answer: str
    next_step: str
    next_step_when: str
    reason: str
    not_contacted: str
    notes: list[str]
    may_reopen: bool


def programme_view(
    follow_up: FollowUp, citizen: Citizen, *, now: datetime, signs: ContactSigns = NO_SIGNS
) -> ProgrammeView:
    """The follow-up as it stands at `now`, with what surrounds it (`signs`); the programme must be loaded."""
    is_open = follow_up.status == FollowUpStatus.OPEN
    return ProgrammeView(
        follow_up_id=follow_up.pk,
        name=follow_up.programme.name,
        group=_("Målgruppe %(code)s") % {"code": follow_up.target_group} if follow_up.target_group else "",
        mandatory=follow_up.mandatory,
        is_open=is_open,
        standing=_standing(follow_up),
        deadline=deadline_tag(follow_up, local_day(now)),
        last_answer=last_answer_words(follow_up),
        next_step=str(NextStepKind(follow_up.next_step_kind).label) if is_open else "",
        next_step_when=moment_words(step_moment(follow_up), now) if is_open else "",
        reason=reason_words(follow_up),
        not_contacted=not_contacted_because(follow_up, citizen, now, signs) or "",
        notes=notes_on_contact(follow_up, signs),
        may_reopen=may_reopen(follow_up, citizen),
    )


def step_moment(follow_up: FollowUp) -> datetime:
    """When the next step of an open follow-up falls; the database keeps it from being empty (K1)."""
    if follow_up.next_step_at is None:
        raise ValueError(f"{follow_up} is not open")
    return follow_up.next_step_at


def reason_words(follow_up: FollowUp, *, now: datetime | None = None) -> str:
    """Why the next step is what it is, in a sentence; empty for a closed follow-up. To whom calls at `now`, a call
    that is due is one for now, not for a day gone by."""
    if follow_up.status != FollowUpStatus.OPEN:
        return ""
    calls_now = now if follow_up.next_step_kind == NextStepKind.CALL else None
    return sentence(follow_up.next_step_reason, follow_up.next_step_detail, follow_up.next_step_at, now=calls_now)


def deadline_of(follow_up: FollowUp) -> date | None:
    """The deadline that counts now, as `selectors.deadlines` has it: first contact, then answer, none once kept."""
    if follow_up.status != FollowUpStatus.OPEN:
        return None
    if follow_up.first_contact_at is None:
        return follow_up.first_contact_due
    this_round = follow_up.outcome_at is None or follow_up.outcome_at >= follow_up.first_contact_at
    answered = this_round and follow_up.outcome and follow_up.outcome not in NOT_REACHED
    return None if answered or follow_up.next_step_reason == StepReason.ATTEMPTS_DONE else follow_up.answer_due


def deadline_tag(follow_up: FollowUp, today: date) -> DeadlineTag | None:
    """The deadline as a badge: red when it has passed, yellow today and tomorrow."""
    due = deadline_of(follow_up)
    return None if due is None else due_tag(due, today)


def due_tag(due: date, today: date) -> DeadlineTag:
    """A deadline as a badge, seen from today."""
    left = (due - today).days
    if left < 0:
        return DeadlineTag(_("Over fristen %(day)s") % {"day": day_month(due)}, "danger")
    return DeadlineTag(_("Frist %(day)s") % {"day": day_words(due, today)}, "warning" if left <= 1 else "")


def last_answer_words(follow_up: FollowUp) -> str:
    """`Ønsker ikke 08.04. · mistillid …`, or empty when nobody has answered yet."""
    if not follow_up.outcome or follow_up.outcome_at is None:
        return ""
    words = f"{Outcome(follow_up.outcome).label} {day_month(local_day(follow_up.outcome_at))}"
    return f"{words} · {Barrier(follow_up.barrier).label}" if follow_up.barrier else words


def _standing(follow_up: FollowUp) -> str:
    if follow_up.status == FollowUpStatus.OPEN:
        return _("På listen, %(week)s. uge") % {"week": follow_up.weeks_on_list} if follow_up.weeks_on_list else ""
    words = _("Afsluttet: %(reason)s") % {"reason": ClosedReason(follow_up.closed_reason).label}
    if follow_up.reopen_on:
        words = _("%(closed)s. Kan spørges igen fra %(day)s") % {"closed": words, "day": date_da(follow_up.reopen_on)}
    return words
