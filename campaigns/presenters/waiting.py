"""The page between two calls, and the one that says why a call cannot be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor

from ..models import CallTask, CallTaskState
from ..selectors.ended_cases import EndedCase
from ..selectors.queue import QueueCounts
from .ended_cases import ended_title, ended_words
from .moments import clock, moment_words


@dataclass(frozen=True)
class WaitingPage:
    """`due` calls are ready; `next_at` says when there is one if there is none now."""

    due: int
    note: str
    next_at: str
    held_task_id: int | None
    held_name: str
    tally: str


@dataclass(frozen=True)
class TakenPage:
    """Why this call is not open to the reader, and whether they may take it."""

    task_id: int
    citizen_id: int
    name: str
    title: str
    text: str
    may_take: bool


def waiting_page(
    *, counts: QueueCounts, next_due: datetime | None, held: CallTask | None, tally: str, now: datetime
) -> WaitingPage:
    """What waits at `now`; `held` must have its citizen loaded."""
    parts = []
    if counts.deadline_today:
        parts.append(_("%(number)s har frist i dag") % {"number": counts.deadline_today})
    if counts.deadline_tomorrow:
        parts.append(_("%(number)s i morgen") % {"number": counts.deadline_tomorrow})
    if counts.agreed:
        parts.append(_("%(number)s er aftalt til et bestemt klokkeslæt") % {"number": counts.agreed})
    return WaitingPage(
        due=counts.due,
        note=" · ".join(parts),
        next_at=moment_words(next_due, now) if next_due else "",
        held_task_id=held.pk if held else None,
        held_name=held.citizen.name if held else "",
        tally=tally,
    )


def taken_page(task: CallTask, *, ended: EndedCase | None, actor: Actor, now: datetime) -> TakenPage:
    """Where a task stands that the reader does not hold; citizen and claimer must be loaded.

    `ended` when the citizen's whole case has been closed: then it is said why.
    """
    title, text, may_take = _standing(task, ended, actor, now)
    return TakenPage(task.pk, task.citizen_id, task.citizen.name, title, text, may_take)


def _standing(task: CallTask, ended: EndedCase | None, actor: Actor, now: datetime) -> tuple[str, str, bool]:
    if ended is not None and task.state != CallTaskState.DONE:
        return ended_title(ended), ended_words(ended, now), False
    if task.state in (CallTaskState.DONE, CallTaskState.CANCELLED):
        text = _("Der er gemt et svar, eller der er ikke længere brug for at ringe. Det hele står på borgerens side.")
        return _("Opkaldet er afsluttet"), text, False
    until = task.claimed_until
    if until and until > now and task.claimed_by and task.claimed_by_id != actor.user_id:
        words = {"name": task.claimed_by.display_name, "time": clock(until)}
        text = _("%(name)s har borgeren til %(time)s. Tag en anden imens, så bliver der ikke ringet to gange.") % words
        return _("%(name)s er i gang med borgeren") % words, text, False
    text = _("Enten er din halve time gået, eller også er opkaldet lagt tilbage i køen. Tag det igen for at gå videre.")
    return _("Opkaldet er ledigt"), text, True
