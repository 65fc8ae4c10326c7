"""Take a call, and give it back: one caller per citizen and per household, whatever happens at once (K4).

The choice is made inside the database (migration 0011), in one statement: with 200 callers the questions and answers
between program and database, and the locks held meanwhile, were what took the time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import CallTask, CallTaskState, TriedPart
from ...sending_window import COPENHAGEN
from ...step_times import part_of_day
from ..planning import CALL_KINDS

CLAIM_MINUTES = 30
# So long an agreed time waits for the one who gave the promise, if they are at work.
PROMISE_GRACE = timedelta(minutes=5)
# At work is who holds a call or has finished one within this time.
AT_WORK_WITHIN = timedelta(minutes=45)
DANISH = "da"
CLAIM = """
    SELECT task_id, fresh FROM campaigns_claim_call(
        %(municipality)s, %(caller)s, %(languages)s, %(only)s, %(part)s, %(today)s, %(now)s, %(until)s, %(grace)s,
        %(at_work_since)s, %(kinds)s)
"""


@transaction.atomic
def claim_next(*, by: Actor, language: str | None = None, now: datetime) -> CallTask | None:
    """The most urgent task nobody else has, claimed for 30 minutes; None when nothing is due.

    A caller who has one already gets the same again. Agreed times come first: to the one who promised while they are
    at work, to anybody after five minutes. Then what is assigned to the caller; then mandatory groups, voluntary ones.
    Within each: languages the caller speaks, Danish, the rest; within these: deadlines that press, citizens nobody has
    tried, retries, and last the retries that failed at this time of day. With `language` only who speaks that one.
    """
    caller = _require_caller(by)
    question: dict[str, Any] = {
        "caller": caller,
        "languages": [each for each in by.languages if each != DANISH],
        "only": language,
        "part": TriedPart[part_of_day(now).upper()].value,
        "today": now.astimezone(COPENHAGEN).date(),
        "now": now,
        "until": now + timedelta(minutes=CLAIM_MINUTES),
        "grace": PROMISE_GRACE,
        "at_work_since": now - AT_WORK_WITHIN,
        "kinds": CALL_KINDS,
    }
    for municipality in sorted(by.municipality_codes):
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, question | {"municipality": municipality})
            task_id, fresh = cursor.fetchone()
        if task_id is not None:
            task = CallTask.objects.select_related("citizen").get(pk=task_id)
            if fresh:
                log(by, task, "claimed", now)
            return task
    return None


@transaction.atomic
def claim(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Claim this very task, due or not, e.g. because the citizen rang.

    Raises UserError `task_gone`, `task_claimed` or `household_claimed`.
    """
    _require_caller(by)
    locked = locked_task(by, task)
    held = locked.state == CallTaskState.CLAIMED and locked.claimed_until is not None and locked.claimed_until > now
    if held and locked.claimed_by_id == by.user_id:
        return locked
    if held:
        raise UserError("task_claimed", _("En kollega har borgeren lige nu. Prøv igen om lidt."))
    if locked.state not in (CallTaskState.OPEN, CallTaskState.CLAIMED):
        raise UserError("task_gone", _("Opkaldet er ikke længere nødvendigt. Åbn borgerens side for at se hvorfor."))
    _free_household(locked, now)
    if not take(locked, by, now):
        raise UserError("household_claimed", _("En kollega ringer til samme husstand lige nu. Prøv igen om lidt."))
    return locked


@transaction.atomic
def release(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Put a claimed task back into the queue. Others' claims only with the queue's permission. Again: no effect."""
    locked = locked_task(by, task)
    if locked.state != CallTaskState.CLAIMED:
        return locked
    if locked.claimed_by_id != by.user_id:
        by.require(Permission.MANAGE_CALL_QUEUE)
    open_again(locked)
    log(by, locked, "released", now)
    return locked


def tasks_of(by: Actor) -> QuerySet[CallTask]:
    """The queue the actor may work on."""
    return CallTask.objects.visible_to(by)


def locked_task(by: Actor, task: CallTask) -> CallTask:
    """The task as it stands now, kept from others until the transaction ends."""
    return tasks_of(by).select_for_update().get(pk=task.pk)


def take(task: CallTask, by: Actor, now: datetime) -> bool:
    """Claim a locked task; False when somebody has the household (unique index)."""
    task.state, task.claimed_by_id, task.claimed_at = CallTaskState.CLAIMED, by.user_id, now
    task.claimed_until = now + timedelta(minutes=CLAIM_MINUTES)
    try:
        with transaction.atomic():
            task.save(update_fields=["state", "claimed_by", "claimed_at", "claimed_until"])
    except IntegrityError:
        task.state, task.claimed_by_id, task.claimed_until = CallTaskState.OPEN, None, None
        return False
    log(by, task, "claimed", now)
    return True


def open_again(task: CallTask) -> None:
    """Nobody has the task any more."""
    task.state, task.claimed_by, task.claimed_until = CallTaskState.OPEN, None, None
    task.save(update_fields=["state", "claimed_by", "claimed_until"])


def log(by: Actor, task: CallTask, what: str, now: datetime) -> None:
    """One row of the access log about the task's citizen."""
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=task.citizen_id,
        municipality_id=task.municipality_id,
        purpose=_("Opringning"),
        detail={"call_task": task.pk, "what": what},
        at=now,
    )


def _require_caller(by: Actor) -> int:
    """The key of the person who calls."""
    by.require(Permission.WORK_CALLS)
    if by.user_id is None:
        raise UserError("not_a_person", _("Kun en bruger kan tage et opkald."))
    return by.user_id


def _free_household(task: CallTask, now: datetime) -> None:
    """A claim on the household that ran out holds nobody up."""
    CallTask.objects.filter(
        municipality=task.municipality_id,
        household_key=task.household_key,
        state=CallTaskState.CLAIMED,
        claimed_until__lte=now,
    ).exclude(pk=task.pk).update(state=CallTaskState.OPEN, claimed_by=None, claimed_until=None)
