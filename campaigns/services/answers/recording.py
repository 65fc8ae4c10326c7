"""Write down what came of a contact, for every programme and person it answers, and plan on (K5, K6, K8, K9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, Outcome, Relative, RelativeKind
from registry.services.commit_lock import work_beside_commits
from registry.services.scope import require_municipality

from ...models import CallTask, CallTaskState, ContactAttempt, ContactKind, SpokeWith
from ..planning import plan
from .before import rows_before
from .checking import Answer, checked, require_guardian_told, require_open, waiting_task
from .said import Contact, MemberSaid, Said
from .writing import write_answers

# The key of an answer that holds for every open programme that has none of its own.
ALL = 0


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
    """One answer for the citizen's open follow-ups (or only `follow_ups`) and for household members in `also`.

    The short form of `record_call`, with the same effects and errors.
    """
    said = Said(outcome=outcome, barrier=barrier, call_back_at=call_back_at)
    keys = [ALL] if follow_ups is None else [each.pk for each in follow_ups]
    return record_call(
        by=by,
        citizen=citizen,
        said=dict.fromkeys(keys, said),
        contact=Contact(kind=kind, spoke_with=spoke_with, note=note, minutes=minutes),
        members=[MemberSaid(member, said) for member in also],
        call_task=call_task,
        now=now,
    )


@transaction.atomic
def record_call(
    *,
    by: Actor,
    citizen: Citizen,
    said: Mapping[int, Said],
    contact: Contact,
    now: datetime,
    members: Sequence[MemberSaid] = (),
    call_task: CallTask | None = None,
) -> ContactAttempt:
    """Record a call: `said` by follow-up key, or under `ALL` for every open one without an answer of its own (C8).

    Ends the call task, cancels queued messages (K9), marks a wrong number, refers the worried, gives each follow-up
    its next step. What holds for the person and not for a programme (dead, moved, not reached …) is written on all.
    Returns the citizen's attempt, which `undo_answer` takes back within ten seconds. Raises UserError
    `unknown_outcome`, `unknown_barrier`, `unknown_choice`, `call_back_time`, `talk_time`, `nothing_open`,
    `guardian_not_informed`, `member_ended`, `task_gone`, `task_claimed`.
    """
    require_municipality(by, citizen.municipality_id)
    answers = {key: checked(each, contact, by=by, now=now) for key, each in said.items()}
    others = [
        (each.citizen, checked(each.said, _as_member(contact, citizen, each.citizen), by=by, now=now))
        for each in members
        if each.citizen.pk != citizen.pk
    ]
    work_beside_commits(citizen.municipality_id)
    people = [citizen, *(member for member, _answer in others)]
    # In the order of their keys, as every writer of several people does.
    list(Citizen.objects.select_for_update().filter(pk__in=[each.pk for each in people]).order_by("id"))
    before = rows_before([each.pk for each in people])
    task = waiting_task(by, citizen, call_task, now)
    require_guardian_told(citizen, [each.outcome for each in answers.values()], contact)
    attempt = write_answers(citizen, answers, task=task)
    _end_task(task, now)
    attempts = [_member_attempt(member, answer) for member, answer in others]
    _remember(attempt, before, attempts)
    plan(by=by, now=now, citizen_ids=[each.pk for each in people])
    return attempt


def _as_member(contact: Contact, citizen: Citizen, member: Citizen) -> Contact:
    """The contact as it was for somebody else of the household: their guardian was told only if it is the same (K8)."""
    guardians = Relative.objects.filter(kind=RelativeKind.GUARDIAN)
    same = set(guardians.filter(citizen=citizen).values_list("name", flat=True))
    if set(guardians.filter(citizen=member, informed_at=None).values_list("name", flat=True)) <= same:
        return contact
    to_them = SpokeWith.RELATIVE if contact.spoke_with == SpokeWith.GUARDIAN else contact.spoke_with
    return replace(contact, guardian_told=False, spoke_with=to_them)


def _member_attempt(member: Citizen, answer: Answer) -> ContactAttempt:
    require_municipality(answer.by, member.municipality_id)
    require_open(member)
    require_guardian_told(member, [answer.outcome], answer.contact)
    return write_answers(member, {ALL: answer}, task=None)


def _end_task(task: CallTask | None, now: datetime) -> None:
    if task is None:
        return
    task.state, task.closed_at, task.claimed_until = CallTaskState.DONE, now, None
    task.save(update_fields=["state", "closed_at", "claimed_until"])


def _remember(attempt: ContactAttempt, before: Mapping[str, Any], others: list[ContactAttempt]) -> None:
    """One call, one undo: the citizen's attempt remembers the household's, and what stood before for all of them."""
    attempt.before = {**(attempt.before or {}), **before, "also": [each.pk for each in others]}
    attempt.save(update_fields=["before"])
