"""The call queue: take the most urgent citizen under a lock with expiry, give them back, hand them on (K4)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.roles import ROLE_PERMISSIONS, Role
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import FollowUp

from ..models import CallTask, CallTaskState
from .planning import CALL_KINDS

CLAIM_MINUTES = 30
AGREED, MANDATORY, VOLUNTARY = 0, 1, 2
DANISH = "da"
# Two callers can reach for one household at the same moment; the loser looks again.
TRIES = 20


@transaction.atomic
def claim_next(*, by: Actor, language: str | None = None, now: datetime) -> CallTask | None:
    """The most urgent task nobody else has, claimed for 30 minutes; None when nothing is due.

    A caller who has one already gets the same again. Tasks assigned to the caller come first, then agreed times,
    mandatory groups, voluntary ones; within each, languages the caller speaks, then Danish, then the rest, by deadline.
    With `language` only citizens of that language.
    """
    user_id = _require_caller(by)
    # Two windows of one caller take turns, so that the second finds what the first took.
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    own = _claimed_by(by, now).order_by("claimed_until", "id").first()
    if own is not None and FollowUp.objects.open().filter(citizen=own.citizen_id).exists():
        return own
    if own is not None:
        _drop(own, now)
    _free_expired(by, now)
    conflicts = 0
    while conflicts < TRIES and (task := _most_urgent(by, language, now)):
        if not _still_wanted(task):
            _drop(task, now)
        elif _take(task, by, now):
            return task
        else:
            conflicts += 1
    return None


@transaction.atomic
def claim(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Claim this very task, due or not, e.g. because the citizen rang.

    Raises UserError `task_gone`, `task_claimed` or `household_claimed`.
    """
    _require_caller(by)
    _free_expired(by, now)
    locked = _locked(by, task)
    if locked.state == CallTaskState.CLAIMED and locked.claimed_by_id == by.user_id:
        return locked
    if locked.state == CallTaskState.CLAIMED:
        raise UserError("task_claimed", _("En kollega har borgeren lige nu. Prøv igen om lidt."))
    if locked.state != CallTaskState.OPEN:
        raise UserError("task_gone", _("Opkaldet er ikke længere nødvendigt. Åbn borgerens side for at se hvorfor."))
    if not _take(locked, by, now):
        raise UserError("household_claimed", _("En kollega ringer til samme husstand lige nu. Prøv igen om lidt."))
    return locked


@transaction.atomic
def release(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Put a claimed task back into the queue. Others' claims only with the queue's permission. Again: no effect."""
    locked = _locked(by, task)
    if locked.state != CallTaskState.CLAIMED:
        return locked
    if locked.claimed_by_id != by.user_id:
        by.require(Permission.MANAGE_CALL_QUEUE)
    _open_again(locked)
    _log(by, locked, "released", now)
    return locked


@transaction.atomic
def assign(*, by: Actor, task: CallTask, to_user: User | None, now: datetime) -> CallTask:
    """Reserve a task for one caller, or for nobody with None; a running claim of somebody else ends (K4).

    Raises UserError `task_gone` and, for a user who makes no calls in the municipality, `not_a_caller`.
    """
    by.require(Permission.MANAGE_CALL_QUEUE)
    locked = _locked(by, task)
    if locked.state not in (CallTaskState.OPEN, CallTaskState.CLAIMED):
        raise UserError("task_gone", _("Opkaldet er afsluttet og kan ikke tildeles."))
    if to_user is not None and not _calls_in(to_user, locked.municipality_id):
        raise UserError("not_a_caller", _("Brugeren ringer ikke for kommunen. Vælg en sagsbehandler eller teamleder."))
    if locked.state == CallTaskState.CLAIMED and (to_user is None or locked.claimed_by_id != to_user.pk):
        _open_again(locked)
    locked.assigned_to = to_user
    locked.save(update_fields=["assigned_to"])
    _log(by, locked, "assigned", now)
    return locked


@transaction.atomic
def take_over(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Claim a task that somebody else holds, e.g. because they went home. Needs the queue's permission."""
    by.require(Permission.MANAGE_CALL_QUEUE)
    locked = _locked(by, task)
    if locked.state == CallTaskState.CLAIMED and locked.claimed_by_id != by.user_id:
        _open_again(locked)
    return claim(by=by, task=locked, now=now)


def _require_caller(by: Actor) -> int:
    """The key of the person who calls."""
    by.require(Permission.WORK_CALLS)
    if by.user_id is None:
        raise UserError("not_a_person", _("Kun en bruger kan tage et opkald."))
    return by.user_id


def _tasks(by: Actor) -> QuerySet[CallTask]:
    return CallTask.objects.visible_to(by)


def _claimed_by(by: Actor, now: datetime) -> QuerySet[CallTask]:
    return _tasks(by).filter(state=CallTaskState.CLAIMED, claimed_by=by.user_id, claimed_until__gt=now)


def _locked(by: Actor, task: CallTask) -> CallTask:
    return _tasks(by).select_for_update().get(pk=task.pk)


def _free_expired(by: Actor, now: datetime) -> None:
    """Claims that ran out count as open from here on; locked ones are somebody's business at this moment."""
    expired = (
        _tasks(by)
        .filter(state=CallTaskState.CLAIMED, claimed_until__lte=now)
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)
    )
    if ids := list(expired):
        CallTask.objects.filter(pk__in=ids).update(state=CallTaskState.OPEN, claimed_by=None, claimed_until=None)


def _most_urgent(by: Actor, language: str | None, now: datetime) -> CallTask | None:
    """Lock and return the best candidate. One question for each group and language, so that each reads the index
    in its order and stops at the first row nobody has locked (100,000 tasks: 1 ms; sorted together 90 ms)."""
    household = CallTask.objects.filter(
        municipality=OuterRef("municipality"), household_key=OuterRef("household_key"), state=CallTaskState.CLAIMED
    )
    due = (
        _tasks(by)
        .filter(~Exists(household), state=CallTaskState.OPEN, due_at__lte=now)
        .select_for_update(skip_locked=True, of=("self",))
    )
    if language is not None:
        due = due.filter(language=language)
    assigned = due.filter(assigned_to=by.user_id).order_by("priority", "deadline", "due_at", "id").first()
    if assigned is not None:
        return assigned
    free = due.filter(assigned_to=None).order_by("deadline", "due_at", "id")
    for priority in (AGREED, MANDATORY, VOLUNTARY):
        for spoken in _language_groups(by, language):
            found = free.filter(spoken, priority=priority).first()
            if found is not None:
                return found
    return None


def _still_wanted(task: CallTask) -> bool:
    """A list may have been undone since the last plan: nobody is called without an open follow-up.

    Asked for the one task, not in the question for it, whose plan would then hang on the statistics of two tables.
    """
    return FollowUp.objects.open().filter(citizen=task.citizen_id, next_step_kind__in=CALL_KINDS).exists()


def _drop(task: CallTask, now: datetime) -> None:
    task.state, task.closed_at = CallTaskState.CANCELLED, now
    task.claimed_by, task.claimed_until = None, None
    task.save(update_fields=["state", "closed_at", "claimed_by", "claimed_until"])


def _language_groups(by: Actor, language: str | None) -> list[Q]:
    if language is not None:
        return [Q()]
    own = [each for each in by.languages if each != DANISH]
    groups = [Q(language__in=own)] if own else []
    # Nobody is left uncalled because nobody speaks their language: they come last, and are called with an interpreter.
    return [*groups, Q(language=DANISH), ~Q(language__in=[*own, DANISH])]


def _take(task: CallTask, by: Actor, now: datetime) -> bool:
    """Claim a locked task; False when somebody claimed the household in the same moment (unique index)."""
    task.state, task.claimed_by_id = CallTaskState.CLAIMED, by.user_id
    task.claimed_until = now + timedelta(minutes=CLAIM_MINUTES)
    try:
        with transaction.atomic():
            task.save(update_fields=["state", "claimed_by", "claimed_until"])
    except IntegrityError:
        task.state, task.claimed_by_id, task.claimed_until = CallTaskState.OPEN, None, None
        return False
    _log(by, task, "claimed", now)
    return True


def _open_again(task: CallTask) -> None:
    task.state, task.claimed_by, task.claimed_until = CallTaskState.OPEN, None, None
    task.save(update_fields=["state", "claimed_by", "claimed_until"])


def _calls_in(user: User, municipality_id: int) -> bool:
    roles = user.memberships.filter(
        ended_at=None, organisation__kind="municipality", organisation__code=municipality_id
    )
    return user.is_active and any(Permission.WORK_CALLS in ROLE_PERMISSIONS[Role(each.role)] for each in roles)


def _log(by: Actor, task: CallTask, what: str, now: datetime) -> None:
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
