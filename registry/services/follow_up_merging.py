"""Follow-ups of two records that are one person: one per programme, nobody lost, nothing asked twice (C3, L8, K1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models

from outreach.access.actor import Actor

from ..models import (
    Citizen,
    CitizenStatus,
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    NextStepKind,
    Outcome,
)
from .follow_ups import TO_BE_PLANNED

Kind = FollowUpChange.Kind
# Closed for what was known of one record only: while the other is open, the person is still to be asked.
SAYS_NOTHING = frozenset(
    {
        ClosedReason.GONE,
        ClosedReason.UNDONE,
        ClosedReason.STATUS,
        ClosedReason.MOVED,
        ClosedReason.SELECTION_ENDED,
        ClosedReason.ORDER_ENDED,
        ClosedReason.NOT_LISTED,
    }
)
# What being open consists of, and which list or selection stands behind it.
STANDING = (
    "status",
    "closed_reason",
    "closed_at",
    "reopen_on",
    "opened_at",
    "origin",
    "first_contact_due",
    "answer_due",
    "target_group",
    "mandatory",
    "invited_on",
    "last_list_id",
    "selection_id",
    "next_step_kind",
    "next_step_at",
    "next_step_reason",
    "next_step_detail",
)


def merge_follow_ups(old: Citizen, valid: Citizen, *, answers_of_old: bool, by: Actor, now: datetime) -> None:
    """One follow-up per programme on `valid`: the one with contacts, or the chosen one; the other's rows move to it.

    While either is open for something that still holds, the one that stays is open; a no, or any other answer, stays.
    """
    twins = {each.programme_id: each for each in FollowUp.objects.filter(citizen=valid)}
    for follow_up in FollowUp.objects.filter(citizen=old):
        if old.status == CitizenStatus.REPLACED:
            _open_as_before(follow_up, by, now)
        twin = twins.get(follow_up.programme_id)
        if twin is None:
            continue
        keeps_old = has_history(follow_up) and (answers_of_old or not has_history(twin))
        kept, left = (follow_up, twin) if keeps_old else (twin, follow_up)
        join_history(kept, left)
        _join(kept, left)
        repoint(left, kept)
        left.delete()
        kept.save()


def has_history(follow_up: FollowUp) -> bool:
    """Whether anybody has been in contact, or answered."""
    return bool(
        follow_up.first_contact_at
        or follow_up.outcome
        or follow_up.call_attempts
        or follow_up.sms_sent
        or follow_up.letters_sent
    )


def repoint(left: models.Model, kept: models.Model) -> None:
    """Every row that points at `left`, in whichever app, points at `kept` from now on."""
    for relation in left._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            column: Any = relation.field.attname
            manager = relation.related_model._base_manager
            manager.filter(**{column: left.pk}).update(**{column: kept.pk})


def join_history(kept: FollowUp, left: FollowUp) -> None:
    """Undoing a list afterwards puts the person back as they stood before it, whichever number it named (L5).

    Call it before the two are joined. Each list keeps one change that undo reads. Where the list opened only the one
    that stays, the person stood as the other had them; where it opened only the other, as the one that stays has them.
    """
    ours = {each.nonresponder_list_id: each for each in kept.changes.exclude(nonresponder_list=None).order_by("at")}
    began = kept.changes.order_by("at", "id").values_list("at", flat=True).first()
    for change in left.changes.exclude(nonresponder_list=None):
        twin = ours.get(change.nonresponder_list_id)
        opened = change.kind == Kind.OPENED
        if opened and twin is None and (began is None or change.at < began):
            continue  # where the person first came from
        before = _stood(kept) if opened else {}
        if twin is not None and (twin.kind == Kind.OPENED) != opened:
            other = before if opened else {**_stood(left), **change.before}
            twin.kind = Kind.SEEN_AGAIN if twin.kind == Kind.OPENED else twin.kind
            twin.before = {**other, **twin.before}
            twin.save(update_fields=["kind", "before"])
        change.before = before if twin is None else {}
        change.kind = Kind.SEEN_AGAIN if opened else change.kind
        change.save(update_fields=["kind", "before"])


def _stood(follow_up: FollowUp) -> dict[str, Any]:
    """Its standing as a change keeps it."""
    values = {name: getattr(follow_up, name) for name in (*STANDING, "weeks_on_list")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _join(kept: FollowUp, left: FollowUp) -> None:
    """What counts from either."""
    kept.weeks_on_list = max(kept.weeks_on_list, left.weeks_on_list)
    kept.first_contact_at = min(filter(None, (kept.first_contact_at, left.first_contact_at)), default=None)
    kept.last_contact_at = max(filter(None, (kept.last_contact_at, left.last_contact_at)), default=None)
    if left.status != FollowUpStatus.OPEN:
        return
    if kept.status == FollowUpStatus.CLOSED and _says_nothing(kept):
        for name in STANDING:
            setattr(kept, name, getattr(left, name))
    elif _list_order(left) > _list_order(kept):
        # The newest list that names them: the next one is compared with it (L7).
        kept.last_list_id = left.last_list_id


def _says_nothing(follow_up: FollowUp) -> bool:
    told = (ClosedReason.STATUS, Outcome.DECEASED), (ClosedReason.MOVED, Outcome.MOVED)
    return follow_up.closed_reason in SAYS_NOTHING and (follow_up.closed_reason, follow_up.outcome) not in told


def _list_order(follow_up: FollowUp) -> tuple[str, int]:
    newest = follow_up.last_list
    return ("", 0) if newest is None else (newest.as_of.isoformat(), newest.pk)


def _open_as_before(follow_up: FollowUp, by: Actor, now: datetime) -> None:
    """What was closed only because its number was left, while somebody chose, goes on where it was."""
    ended = follow_up.status == FollowUpStatus.CLOSED and follow_up.closed_reason == ClosedReason.STATUS
    if not ended or not _says_nothing(follow_up):
        return
    closing = follow_up.changes.filter(kind=Kind.CLOSED, reason=ClosedReason.STATUS).order_by("-at", "-id").first()
    before = closing.before if closing is not None else {}
    follow_up.status, follow_up.closed_reason, follow_up.closed_at = FollowUpStatus.OPEN, "", None
    follow_up.next_step_kind = before.get("next_step_kind") or NextStepKind.WAIT
    follow_up.next_step_at = datetime.fromisoformat(before["next_step_at"]) if before.get("next_step_at") else now
    follow_up.next_step_reason = before.get("next_step_reason") or TO_BE_PLANNED
    follow_up.next_step_detail = before.get("next_step_detail") or {}
    follow_up.updated_at = now
    follow_up.save()
    FollowUpChange.objects.create(
        municipality_id=follow_up.municipality_id,
        follow_up=follow_up,
        kind=Kind.REOPENED,
        at=now,
        by_name=by.name,
        week=follow_up.weeks_on_list or None,
    )
