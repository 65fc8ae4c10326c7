"""Rows and figures of the call queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from outreach.access.models import User

from ..models import CallTask, CallTaskState
from .languages import language_name
from .moments import clock, local_day, moment_words
from .people import age_words
from .programmes import DeadlineTag, due_tag

AGREED, MANDATORY = 0, 1


@dataclass(frozen=True)
class QueueRow:
    """One waiting call. `holder` says who has it or shall have it."""

    task_id: int
    citizen_id: int
    name: str
    age: str
    cpr_masked: str
    group: str
    kind: str
    deadline: DeadlineTag | None
    due: str
    is_due: bool
    language: str
    attempts: int
    holder: str
    claimed: bool
    promise: str


def queue_row(task: CallTask, *, now: datetime, callers: Mapping[int, str] = MappingProxyType({})) -> QueueRow:
    """A row; citizen, callers and the citizen's open follow-ups must be loaded. `callers`: names by user key."""
    today = local_day(now)
    claimed = task.state == CallTaskState.CLAIMED and task.claimed_until is not None and task.claimed_until > now
    groups = dict.fromkeys(each.target_group for each in task.citizen.follow_ups.all() if each.target_group)
    return QueueRow(
        task_id=task.pk,
        citizen_id=task.citizen_id,
        name=task.citizen.name,
        age=age_words(task.citizen, today),
        cpr_masked=task.citizen.cpr_masked,
        group=", ".join(groups),
        kind=_kind(task),
        deadline=due_tag(task.deadline, today) if task.deadline else None,
        due=_("nu") if task.due_at <= now else moment_words(task.due_at, now),
        is_due=task.due_at <= now,
        language="" if task.language == "da" else language_name(task.language),
        attempts=task.attempts,
        holder=_holder(task, claimed),
        claimed=claimed,
        promise=_promise(task, callers),
    )


def _kind(task: CallTask) -> str:
    if task.agreed_time:
        return _("Aftalt tid")
    return _("Pligt") if task.priority <= MANDATORY else _("Frivillig")


def _holder(task: CallTask, claimed: bool) -> str:
    if claimed and task.claimed_by and task.claimed_until:
        return _("%(name)s taler nu, til %(time)s") % {
            "name": _first_name(task.claimed_by),
            "time": clock(task.claimed_until),
        }
    return _("Tildelt %(name)s") % {"name": _first_name(task.assigned_to)} if task.assigned_to else ""


def _promise(task: CallTask, callers: Mapping[int, str]) -> str:
    """Who promised the citizen the time."""
    name = callers.get(task.promised_by_user_id or 0, "") if task.agreed_time else ""
    return _("lovet af %(name)s") % {"name": name.split(" ")[0]} if name else ""


def _first_name(user: User) -> str:
    return user.display_name.split(" ")[0]
