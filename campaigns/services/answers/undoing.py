"""Take an answer back within seconds, as if it had not been given (K5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, FollowUpChange
from registry.services.commit_lock import work_beside_commits
from registry.services.follow_up_steps import restore_summary
from registry.services.scope import require_municipality

from ...models import CallTask, CallTaskState, ContactAttempt
from ..calls import CLAIM_MINUTES
from ..planning import plan
from .person import restore_person

# The page offers ten seconds; the way there and back takes some.
UNDO_WITHIN = timedelta(seconds=15)


@transaction.atomic
def undo_answer(*, by: Actor, attempt: ContactAttempt, now: datetime) -> ContactAttempt:
    """Put every follow-up, phone and task back as they stood before the answer; the attempt is kept, marked undone.

    Household members' answers of the same call go with it. Raises UserError `not_yours`, `too_late`,
    `answered_since` or `changed_since`; a second undo has no effect.
    """
    require_municipality(by, attempt.municipality_id)
    work_beside_commits(attempt.municipality_id)
    Citizen.objects.select_for_update().get(pk=attempt.citizen_id)
    locked = ContactAttempt.objects.select_for_update().get(pk=attempt.pk)
    if locked.undone_at is not None:
        return locked
    _refuse(by, locked, now)
    together = [locked, *_same_call(locked)]
    _refuse_when_moved_on(together)
    for each in together:
        _undo_one(by, each, now)
    citizen_ids = [each.citizen_id for each in together]
    _give_task_back(by, locked, now)
    plan(by=by, now=now, citizen_ids=citizen_ids)
    return locked


def _refuse(by: Actor, attempt: ContactAttempt, now: datetime) -> None:
    if attempt.by_user_id != by.user_id:
        raise UserError("not_yours", _("Kun den, der har gemt svaret, kan fortryde det."))
    if now - attempt.at > UNDO_WITHIN:
        raise UserError("too_late", _("Det er for sent at fortryde. Registrér et nyt svar i stedet."))
    later = ContactAttempt.objects.filter(citizen=attempt.citizen_id, undone_at=None, pk__gt=attempt.pk)
    if later.exists():
        raise UserError("answered_since", _("Der er registreret noget nyt siden. Registrér et nyt svar i stedet."))


def _refuse_when_moved_on(attempts: list[ContactAttempt]) -> None:
    """A list, a death or a colleague has closed or opened a case since: putting it back would undo that as well."""
    for attempt in attempts:
        since = FollowUpChange.objects.filter(follow_up__in=attempt.answers.values("follow_up"), at__gt=attempt.at)
        if since.exclude(kind=FollowUpChange.Kind.SEEN_AGAIN).exists():
            raise UserError("changed_since", _("Sagen er ændret siden. Registrér et nyt svar i stedet."))


def _same_call(attempt: ContactAttempt) -> list[ContactAttempt]:
    ids = [pk for answer in attempt.answers.all() for pk in answer.before.get("also", [])]
    return list(ContactAttempt.objects.select_for_update().filter(pk__in=ids, undone_at=None).order_by("id"))


def _undo_one(by: Actor, attempt: ContactAttempt, now: datetime) -> None:
    for answer in attempt.answers.order_by("id"):
        before = {name: value for name, value in answer.before.items() if name not in ("citizen", "also")}
        follow_up = FollowUp.objects.select_for_update().get(pk=answer.follow_up_id)
        restore_summary(follow_up, before, by_name=by.name, now=now)
        restore_person(attempt.citizen, answer.before.get("citizen", {}))
    attempt.undone_at, attempt.undone_by_name = now, by.name
    attempt.save(update_fields=["undone_at", "undone_by_name"])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=attempt.citizen_id,
        municipality_id=attempt.municipality_id,
        purpose=_("Svar fortrudt"),
        detail={"attempt": attempt.pk},
        at=now,
    )


def _give_task_back(by: Actor, attempt: ContactAttempt, now: datetime) -> None:
    """The caller has the call again; a task the answer had led to falls away."""
    if attempt.call_task_id is None or by.user_id is None:
        return
    later = CallTask.objects.select_for_update().filter(citizen=attempt.citizen_id).waiting()
    if later.filter(state=CallTaskState.CLAIMED).exists():
        return
    later.update(state=CallTaskState.CANCELLED, closed_at=now)
    task = CallTask.objects.select_for_update().get(pk=attempt.call_task_id)
    household = CallTask.objects.filter(
        municipality=task.municipality_id, household_key=task.household_key, state=CallTaskState.CLAIMED
    )
    holds_another = CallTask.objects.filter(state=CallTaskState.CLAIMED, claimed_by=by.user_id, claimed_until__gt=now)
    task.closed_at = None
    if household.exists() or holds_another.exists():
        task.state, task.claimed_by, task.claimed_until = CallTaskState.OPEN, None, None
    else:
        task.state, task.claimed_by_id = CallTaskState.CLAIMED, by.user_id
        task.claimed_until = now + timedelta(minutes=CLAIM_MINUTES)
    task.save()
