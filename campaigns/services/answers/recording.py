"""Write down what came of a contact, for every programme and person it answers, and plan on (K5, K6, K8, K9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from registry.models import Citizen, FollowUp, FollowUpStatus, Outcome, Phone
from registry.selectors.citizens import best_phone
from registry.services.commit_lock import work_beside_commits
from registry.services.follow_up_steps import end_follow_up, record_contact_summary, set_next_step, summary_of
from registry.services.scope import require_municipality

from ...models import CallTask, CallTaskState, ContactAnswer, ContactAttempt, ContactKind, SpokeWith
from ...next_steps import NextStep
from ...outcomes import NOT_REACHED, next_step_for
from ...selectors.follow_up_facts import nearest_session_end, outcome_context
from ..message_cancelling import cancel_queued
from ..planning import plan
from .checking import Answer, checked, locked_follow_ups, require_open, waiting_task
from .person import write_about_person


@transaction.atomic
def record_answer(
    *,
    by: Actor,
    citizen: Citizen,
    outcome: Outcome | str,
    now: datetime,
    follow_ups: Sequence[FollowUp] | None = None,
    barrier: str = "",
    spoke_with: str = SpokeWith.CITIZEN,
    call_back_at: datetime | None = None,
    note: str = "",
    minutes: int | None = None,
    call_task: CallTask | None = None,
    also: Iterable[Citizen] = (),
    kind: ContactKind | str = ContactKind.CALL,
) -> ContactAttempt:
    """Record an answer for the citizen's open follow-ups (or only `follow_ups`) and for household members in `also`.

    Ends the call task, cancels queued messages (K9), marks a wrong number, gives each follow-up its next step.
    What holds for the person and not for a programme (dead, moved, not reached …) is written on all of them.
    Returns the citizen's attempt, which `undo_answer` takes back within ten seconds. Raises UserError
    `unknown_outcome`, `unknown_barrier`, `call_back_time`, `nothing_open`, `member_ended`, `task_gone`, `task_claimed`.
    """
    answer = checked(
        by=by,
        outcome=outcome,
        barrier=barrier,
        spoke_with=spoke_with,
        kind=kind,
        call_back_at=call_back_at,
        note=note,
        minutes=minutes,
        now=now,
    )
    require_municipality(by, citizen.municipality_id)
    work_beside_commits(citizen.municipality_id)
    Citizen.objects.select_for_update().get(pk=citizen.pk)
    task = waiting_task(by, citizen, call_task, now)
    attempt = _answer_for(citizen, answer, follow_ups, task)
    _end_task(task, now)
    members = [member for member in also if member.pk != citizen.pk]
    for member in members:
        require_municipality(by, member.municipality_id)
        require_open(member)
    _keep_together(attempt, [_answer_for(member, answer, None, None) for member in members])
    plan(by=by, now=now, citizen_ids=[citizen.pk, *(member.pk for member in members)])
    return attempt


def _answer_for(
    citizen: Citizen, answer: Answer, follow_ups: Sequence[FollowUp] | None, task: CallTask | None
) -> ContactAttempt:
    """Attempt, answers, summaries and next steps of one person."""
    locked = locked_follow_ups(citizen, answer, follow_ups)
    phone = best_phone(citizen) if answer.is_call else None
    attempt = ContactAttempt.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        kind=answer.kind,
        at=answer.now,
        by_user_id=answer.by.user_id,
        by_name=answer.by.name,
        phone=phone,
        spoke_with=answer.spoke_with,
        minutes=answer.minutes,
        note=answer.note,
        call_task=task,
        nonresponder_list_id=locked[0].last_list_id if locked else None,
    )
    before_citizen = write_about_person(citizen, answer, phone)
    for follow_up in locked:
        _answer_one(follow_up, citizen, attempt, answer, phone, before_citizen)
    _touch_others(citizen, locked, answer)
    cancel_queued(citizen_ids=[citizen.pk], reason="contacted", now=answer.now)
    record(
        by=answer.by,
        action=Action.ADD,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=_("Svar registreret"),
        detail={"attempt": attempt.pk, "programmes": len(locked)},
        at=answer.now,
    )
    return attempt


def _answer_one(
    follow_up: FollowUp,
    citizen: Citizen,
    attempt: ContactAttempt,
    answer: Answer,
    phone: Phone | None,
    before_citizen: dict[str, Any],
) -> None:
    before = summary_of(follow_up) | ({"citizen": before_citizen} if before_citizen else {})
    context = outcome_context(
        follow_up,
        citizen,
        answer.now,
        call_back_at=answer.call_back_at,
        called=phone,
        session_at=nearest_session_end(citizen, follow_up, answer.outcome, actor=answer.by, now=answer.now),
    )
    step = next_step_for(answer.outcome, context)
    record_contact_summary(
        follow_up,
        now=answer.now,
        calls=int(answer.uses_attempt),
        outcome=_summary_outcome(follow_up, answer.outcome),
        barrier=answer.barrier,
    )
    _apply(follow_up, step, answer)
    ContactAnswer.objects.create(
        municipality_id=follow_up.municipality_id,
        attempt=attempt,
        follow_up=follow_up,
        outcome=answer.outcome,
        barrier=answer.barrier,
        next_step_kind=step.kind or "",
        next_step_at=step.at,
        next_step_reason=step.reason,
        before=before,
    )


def _apply(follow_up: FollowUp, step: NextStep, answer: Answer) -> None:
    if step.closes is not None:
        end_follow_up(follow_up, step.closes, by_name=answer.by.name, now=answer.now, reopen_on=step.reopen_on)
    elif step.kind is not None and step.at is not None:
        set_next_step(follow_up, step.kind, step.at, step.reason, step.detail, answer.now)


def _summary_outcome(follow_up: FollowUp, outcome: Outcome) -> str:
    """An answer once given is not forgotten because nobody picked up later; empty keeps it."""
    if outcome in NOT_REACHED and follow_up.outcome and follow_up.outcome not in NOT_REACHED:
        return ""
    return outcome


def _touch_others(citizen: Citizen, answered: Sequence[FollowUp], answer: Answer) -> None:
    """K9 is about the person: programmes that were not spoken of keep the distance to this contact too."""
    others = FollowUp.objects.filter(citizen=citizen, status=FollowUpStatus.OPEN)
    others.exclude(pk__in=[each.pk for each in answered]).update(last_contact_at=answer.now, updated_at=answer.now)


def _end_task(task: CallTask | None, now: datetime) -> None:
    if task is None:
        return
    task.state, task.closed_at, task.claimed_until = CallTaskState.DONE, now, None
    task.save(update_fields=["state", "closed_at", "claimed_until"])


def _keep_together(attempt: ContactAttempt, others: list[ContactAttempt]) -> None:
    """One call, one undo: the first answer remembers the household's other attempts."""
    first = attempt.answers.order_by("id").first()
    if first is not None and others:
        first.before = {**first.before, "also": [each.pk for each in others]}
        first.save(update_fields=["before"])
