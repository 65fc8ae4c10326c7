"""Undo a committed list, as long as nobody was contacted because of it (L5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ... import signals
from ...models import (
    Case,
    Citizen,
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    ListState,
    NonresponderList,
)
from ...selectors.selections import NO_ANSWER
from ...sql import statement
from ..commit_lock import commit_alone
from ..follow_ups import close_for_status
from ..list_order_ends import keep_use_ended
from ..list_states import move
from ..scope import require_municipality
from .approval import lock_programme


@transaction.atomic
def undo(*, by: Actor, nonresponder_list: NonresponderList, now: datetime, note: str = "") -> NonresponderList:
    """Put every follow-up back as it was; what the list opened is closed as undone, citizens it made are removed.

    An answer that came with a spreadsheet since then stays, and whom it is about.
    Raises UserError `wrong_state`, `undo_not_newest` (a later list builds on this one), `undo_contacted`.
    """
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    lock_programme(nonresponder_list)
    commit_alone(nonresponder_list.municipality_id)
    current = NonresponderList.objects.select_for_update(of=("self",)).get(pk=nonresponder_list.pk)
    if current.state == ListState.UNDONE:
        return current
    if current.state != ListState.COMMITTED:
        raise UserError("wrong_state", _("Kun en indlæst liste kan fortrydes."))
    changes = FollowUpChange.objects.filter(nonresponder_list=current)
    _refuse_when_built_on(current)
    _refuse_when_contacted(current, changes.values("follow_up"))
    opened = changes.filter(kind=FollowUpChange.Kind.OPENED).values("follow_up")
    with connection.cursor() as cursor:
        cursor.execute(statement("undo_restore"), {"list": current.pk, "now": now})
    removed = _remove_made_citizens(current, opened)
    closed = _close_opened(current, opened, now)
    # Whoever died or moved while the list had them closed is not opened again by undoing it (C3).
    close_for_status(by=by, municipality_id=current.municipality_id, now=now)
    move(current, ListState.UNDONE, by_name=by.name, now=now, note=note)
    # Nor whom only an order names that is over by now (L2).
    keep_use_ended(by=by, municipality_id=current.municipality_id, programme_id=current.programme_id, now=now)
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=_("Liste fortrudt"),
        detail={"closed": closed, "citizens_removed": removed},
        at=now,
    )
    signals.list_undone.send(
        sender=NonresponderList,
        nonresponder_list_id=current.pk,
        municipality_id=current.municipality_id,
        now=now,
        by=by,
    )
    return current


def undo_refusal(nonresponder_list: NonresponderList) -> str:
    """Why a committed list cannot be undone now, as a sentence; empty when it can (L5)."""
    changes = FollowUpChange.objects.filter(nonresponder_list=nonresponder_list)
    try:
        _refuse_when_built_on(nonresponder_list)
        _refuse_when_contacted(nonresponder_list, changes.values("follow_up"))
    except UserError as error:
        return error.message
    return ""


def _close_opened(current: NonresponderList, opened: QuerySet[FollowUpChange, Any], now: datetime) -> int:
    """Close what the list opened; return how many. What a spreadsheet said since then is the citizen's own word,
    whichever list named them (L8): it stays, and counts as on no list."""
    answered = FollowUp.objects.filter(
        pk__in=opened, status=FollowUpStatus.CLOSED, closed_at__gt=current.committed_at
    ).exclude(outcome__in=NO_ANSWER)
    answered_ids = list(answered.values_list("pk", flat=True))
    FollowUp.objects.filter(pk__in=answered_ids).update(last_list=None, first_list=None, weeks_on_list=0)
    return (
        FollowUp.objects.filter(pk__in=opened)
        .exclude(pk__in=answered_ids)
        .update(
            status=FollowUpStatus.CLOSED,
            closed_reason=ClosedReason.UNDONE,
            closed_at=now,
            last_list=None,
            first_list=None,
            weeks_on_list=0,
            next_step_kind="",
            next_step_at=None,
            next_step_reason="",
            next_step_detail={},
            updated_at=now,
        )
    )


def _refuse_when_built_on(current: NonresponderList) -> None:
    later = NonresponderList.objects.filter(
        municipality=current.municipality,
        programme=current.programme,
        state=ListState.COMMITTED,
        committed_at__gt=current.committed_at,
    ) | NonresponderList.objects.filter(
        municipality=current.municipality,
        programme=current.programme,
        state=ListState.COMMITTED,
        committed_at=current.committed_at,
        pk__gt=current.pk,
    )
    if later.exists():
        raise UserError("undo_not_newest", _("Der er indlæst en nyere liste. Fortryd den først."))


def _refuse_when_contacted(current: NonresponderList, follow_ups: Any) -> None:
    since = current.committed_at
    contacted = FollowUp.objects.filter(pk__in=follow_ups).filter(
        Q(last_contact_at__gte=since)
        | Q(outcome_at__gte=since)
        | Q(pk__in=Case.objects.filter(created_at__gte=since).values("follow_up"))
    )
    if count := contacted.count():
        raise UserError(
            "undo_contacted",
            ngettext(
                "%(count)s borger er allerede kontaktet på grund af listen, så den kan ikke fortrydes.",
                "%(count)s borgere er allerede kontaktet på grund af listen, så den kan ikke fortrydes.",
                count,
            )
            % {"count": count},
        )


def _remove_made_citizens(current: NonresponderList, opened: Any) -> int:
    """Citizens whom only this list named: made at its commit, untouched since, without phone, contact or other
    programme."""
    made = Citizen.objects.filter(
        municipality=current.municipality,
        created_at=current.committed_at or current.uploaded_at,
        updated_at=F("created_at"),
        phones=None,
        relatives=None,
        follow_ups__in=opened,
    )
    made = made.exclude(follow_ups__in=FollowUp.objects.exclude(pk__in=opened))
    made = made.exclude(follow_ups__in=FollowUp.objects.filter(pk__in=opened).exclude(last_contact_at=None))
    ids = list(made.values_list("pk", flat=True))
    answers: Any = signals.list_undoing.send(sender=NonresponderList, citizen_ids=ids)
    staying = {key for _receiver, keys in answers for key in keys}
    ids = [key for key in ids if key not in staying]
    Citizen.objects.filter(pk__in=ids).delete()
    return len(ids)
