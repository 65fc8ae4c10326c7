"""What a team lead does with the queue: give calls to somebody, free them, take them over, and undo it (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.models import User
from outreach.access.permissions import Permission
from outreach.access.selectors import users_who_may
from outreach.errors import UserError

from ...models import CallTask, CallTaskChange, CallTaskState, QueueChangeKind
from .claiming import claim, locked_task, log, open_again, tasks_of

WAITING = (CallTaskState.OPEN, CallTaskState.CLAIMED)
# The page offers ten seconds, for many calls a minute; the way there and back takes some.
UNDO_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class HandedOn:
    """One press of a button: calls changed, and those left alone because they had ended meanwhile."""

    batch: UUID
    changed: int
    left: int


@transaction.atomic
def assign(*, by: Actor, task: CallTask, to_user: User | None, now: datetime) -> CallTask:
    """Reserve a task for one caller, or for nobody with None; a running claim of somebody else ends (K4).

    Raises UserError `task_gone` and, for a user who makes no calls in the municipality, `not_a_caller`.
    """
    by.require(Permission.MANAGE_CALL_QUEUE)
    locked = locked_task(by, task)
    if locked.state not in WAITING:
        raise UserError("task_gone", _("Opkaldet er afsluttet og kan ikke tildeles."))
    _require_caller(to_user, locked.municipality_id)
    _hand_on(locked, to_user, kind=QueueChangeKind.ASSIGNED, batch=uuid4(), by=by, now=now)
    return locked


@transaction.atomic
def assign_all(*, by: Actor, task_ids: Sequence[int], to_user: User | None, now: datetime) -> HandedOn:
    """Reserve several tasks for one caller, or for nobody; those that ended meanwhile are left alone.

    Raises UserError `none_chosen` or `not_a_caller`.
    """
    return _hand_all_on(by, task_ids, to_user, QueueChangeKind.ASSIGNED, now)


@transaction.atomic
def take_over_all(*, by: Actor, task_ids: Sequence[int], now: datetime) -> HandedOn:
    """Reserve several tasks for oneself, whoever has them: they come one after another by "Næste borger".

    Raises UserError `none_chosen` or `not_a_caller`.
    """
    if by.user_id is None:
        raise UserError("not_a_caller", _("Kun en bruger kan tage opkald over."))
    return _hand_all_on(by, task_ids, User.objects.get(pk=by.user_id), QueueChangeKind.TAKEN_OVER, now)


@transaction.atomic
def release_all(*, by: Actor, task_ids: Sequence[int], now: datetime) -> HandedOn:
    """End the claims on several tasks and whom they are reserved for: anybody gets them next.

    Raises UserError `none_chosen`.
    """
    return _hand_all_on(by, task_ids, None, QueueChangeKind.RELEASED, now)


@transaction.atomic
def take_over(*, by: Actor, task: CallTask, now: datetime) -> CallTask:
    """Claim a task that somebody else holds, e.g. because they went home. Needs the queue's permission."""
    by.require(Permission.MANAGE_CALL_QUEUE)
    locked = locked_task(by, task)
    if locked.state == CallTaskState.CLAIMED and locked.claimed_by_id != by.user_id:
        open_again(locked)
    return claim(by=by, task=locked, now=now)


@transaction.atomic
def undo_handing_on(*, by: Actor, batch: UUID, now: datetime) -> HandedOn:
    """Put the calls of one press back as they stood; those somebody has worked on or moved since are left alone.

    A claim that was ended is given back while its time lasts and nobody else has the household.
    Raises UserError `not_yours` or `too_late`; a second undo has no effect.
    """
    by.require(Permission.MANAGE_CALL_QUEUE)
    changes = list(
        CallTaskChange.objects.filter(batch=batch, municipality_id__in=by.municipality_codes, undone_at=None).order_by(
            "task_id"
        )
    )
    if any(change.by_user_id != by.user_id for change in changes):
        raise UserError("not_yours", _("Kun den, der har flyttet opkaldene, kan fortryde det."))
    if any(now - change.at > UNDO_WITHIN for change in changes):
        raise UserError("too_late", _("Det er for sent at fortryde. Tildel opkaldene på ny i stedet."))
    put_back = sum(_put_back(change, by, now) for change in changes)
    return HandedOn(batch, put_back, len(changes) - put_back)


def _hand_all_on(
    by: Actor, task_ids: Sequence[int], to_user: User | None, kind: QueueChangeKind, now: datetime
) -> HandedOn:
    by.require(Permission.MANAGE_CALL_QUEUE)
    if not task_ids:
        raise UserError("none_chosen", _("Sæt flueben ved de opkald, det gælder."))
    batch = uuid4()
    # Locked in the order of their keys: two leads at once wait for each other instead of deadlocking.
    locked = list(tasks_of(by).filter(pk__in=task_ids, state__in=WAITING).select_for_update().order_by("pk"))
    for municipality_id in {task.municipality_id for task in locked}:
        _require_caller(to_user, municipality_id)
    for task in locked:
        _hand_on(task, to_user, kind=kind, batch=batch, by=by, now=now)
    return HandedOn(batch, len(locked), len(set(task_ids)) - len(locked))


def _hand_on(
    task: CallTask, to_user: User | None, *, kind: QueueChangeKind, batch: UUID, by: Actor, now: datetime
) -> None:
    CallTaskChange.objects.create(
        municipality_id=task.municipality_id,
        task=task,
        batch=batch,
        kind=kind,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
        assigned_before=task.assigned_to_id,
        assigned_after=to_user.pk if to_user else None,
        claimed_before=task.claimed_by_id if task.state == CallTaskState.CLAIMED else None,
        claimed_until_before=task.claimed_until,
    )
    if task.state == CallTaskState.CLAIMED and (to_user is None or task.claimed_by_id != to_user.pk):
        open_again(task)
    task.assigned_to = to_user
    task.save(update_fields=["assigned_to"])
    log(by, task, str(kind.value), now)


def _put_back(change: CallTaskChange, by: Actor, now: datetime) -> bool:
    change.undone_at = now
    change.save(update_fields=["undone_at"])
    task = tasks_of(by).select_for_update().get(pk=change.task_id)
    if task.state not in WAITING or task.assigned_to_id != change.assigned_after:
        return False
    task.assigned_to_id = change.assigned_before
    task.save(update_fields=["assigned_to"])
    _give_claim_back(task, change, now)
    log(by, task, "undone", now)
    return True


def _give_claim_back(task: CallTask, change: CallTaskChange, now: datetime) -> None:
    until = change.claimed_until_before
    if change.claimed_before is None or until is None or until <= now or task.state != CallTaskState.OPEN:
        return
    task.state, task.claimed_by_id, task.claimed_until = CallTaskState.CLAIMED, change.claimed_before, until
    try:
        with transaction.atomic():
            task.save(update_fields=["state", "claimed_by", "claimed_until"])
    except IntegrityError:  # somebody took the household meanwhile, and keeps it
        task.refresh_from_db()


def _require_caller(user: User | None, municipality_id: int) -> None:
    if user is not None and not users_who_may(Permission.WORK_CALLS, [municipality_id]).filter(pk=user.pk).exists():
        raise UserError("not_a_caller", _("Brugeren ringer ikke for kommunen. Vælg en sagsbehandler eller teamleder."))
