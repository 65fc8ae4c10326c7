"""The citizen's page: who, what next and why, each programme, and what one may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from registry.models import CitizenStatus

from ..contact_signs import NO_SIGNS, ContactSigns
from ..models import CallTask, CallTaskState
from ..reasons import NOT_ON_A_LIST
from ..selectors.citizen_case import CitizenCase
from .moments import moment_words
from .people import PersonView, person_view
from .programmes import ProgrammeView, programme_view, step_moment


@dataclass(frozen=True)
class CitizenPage:
    """`headline` is the next step over all programmes; `explanation` says why, or why nothing happens."""

    person: PersonView
    programmes: list[ProgrammeView]
    headline: str
    explanation: str
    call_task_id: int | None
    call_is_mine: bool
    call_text: str
    may_answer: bool
    may_edit: bool
    may_open_case: bool

    @property
    def several_programmes(self) -> bool:
        return len(self.programmes) > 1


def citizen_page(case: CitizenCase, *, actor: Actor, now: datetime, signs: ContactSigns = NO_SIGNS) -> CitizenPage:
    """The page for one case at `now`; `signs` are what keeps the citizen from being contacted just now."""
    headline, explanation = _next(case, now)
    return CitizenPage(
        person=person_view(case, now=now),
        programmes=[programme_view(each, case.citizen, now=now, signs=signs) for each in case.follow_ups],
        headline=headline,
        explanation=explanation,
        call_task_id=_task_to_take(case, actor, now),
        call_is_mine=case.call_task is not None
        and _is_held(case.call_task, now)
        and case.call_task.claimed_by_id == actor.user_id,
        call_text=_call_text(case, actor, now),
        may_answer=actor.may(Permission.WORK_CALLS) and bool(case.open_follow_ups),
        may_edit=actor.may(Permission.EDIT_CITIZENS),
        may_open_case=actor.may(Permission.EDIT_CITIZENS)
        and not case.open_follow_ups
        and case.citizen.status == CitizenStatus.ACTIVE
        and case.citizen.do_not_contact_since is None,
    )


def _next(case: CitizenCase, now: datetime) -> tuple[str, str]:
    """The soonest next step in words and why; or why nobody contacts the citizen (K1)."""
    waiting = case.open_follow_ups
    if waiting:
        first = programme_view(min(waiting, key=step_moment), case.citizen, now=now)
        return f"{first.next_step} {first.next_step_when}", first.reason
    if case.citizen.status != CitizenStatus.ACTIVE:
        return _("Ingen kontakt"), str(case.citizen.get_status_display())
    if not case.follow_ups:
        return _("Ingen kontakt"), str(NOT_ON_A_LIST)
    reasons = [programme_view(each, case.citizen, now=now).not_contacted for each in case.follow_ups]
    return _("Ingen kontakt"), " ".join(dict.fromkeys(reason for reason in reasons if reason))


def _task_to_take(case: CitizenCase, actor: Actor, now: datetime) -> int | None:
    """The waiting call, unless a colleague holds it or the reader makes no calls."""
    task = case.call_task
    if task is None or not actor.may(Permission.WORK_CALLS):
        return None
    return None if _is_held(task, now) and task.claimed_by_id != actor.user_id else task.pk


def _is_held(task: CallTask, now: datetime) -> bool:
    return task.state == CallTaskState.CLAIMED and task.claimed_until is not None and task.claimed_until > now


def _call_text(case: CitizenCase, actor: Actor, now: datetime) -> str:
    task = case.call_task
    if task is None:
        return ""
    if _is_held(task, now):
        return "" if task.claimed_by_id == actor.user_id else _("En kollega taler med borgeren lige nu.")
    return _("Står i køen fra %(when)s.") % {"when": moment_words(task.due_at, now)}
