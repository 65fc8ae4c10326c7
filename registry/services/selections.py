"""Own selections are started, ended or undone (L9). Starting twice opens nobody twice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from .. import signals
from ..models import ClosedReason, FollowUp, Selection, SelectionState, SelectionStateChange
from ..selectors.reference import deadline_rule
from ..selectors.selections import select_people, selected_counts
from ..sql import statement
from ..working_days import add_working_days
from .scope import require_municipality


@transaction.atomic
def start_selection(*, by: Actor, selection: Selection, now: datetime) -> Selection:
    """Open a follow-up for everybody it names who is not followed, has not answered and may be contacted.

    Started again, it opens only who has come to fit since. Deadlines run from the start (K3). All in one
    transaction; sends `follow_ups_opened`. Raises UserError `wrong_state`, `selection_dates`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, selection)
    if current.state not in (SelectionState.DRAFT, SelectionState.STARTED):
        raise UserError("wrong_state", _("Udvalget er afsluttet og kan ikke startes igen. Opret et nyt."))
    today = localdate(now)
    if current.ends_on is not None and current.ends_on < today:
        raise UserError("selection_dates", _("Udvalgets sidste dag er forbi. Opret et nyt."))
    select_people(current, today=today)
    counts = selected_counts()
    parameters = _parameters(current, by, now)
    done = {name: _run(f"selection_{name}", parameters) for name in ("opened", "changes", "reopened")}
    if (done["opened"], done["reopened"]) != (counts["open"], counts["reopen"]):
        raise RuntimeError(f"selection {current.pk}: {done} instead of {counts}")
    current.counts = counts
    current.started_by_name, current.started_at = current.started_by_name or by.name, current.started_at or now
    note = _("%(number)s opfølgninger åbnet") % {"number": done["opened"] + done["reopened"]}
    _move(current, SelectionState.STARTED, by, now, note)
    _log(by, current, Action.CHANGE, _("Eget udvalg startet"), counts, now)
    signals.follow_ups_opened.send(
        sender=Selection,
        citizen_ids=_selected_ids(),
        municipality_id=current.municipality_id,
        now=now,
        by=by,
    )
    return current


@transaction.atomic
def end_selection(*, by: Actor, selection: Selection, now: datetime, note: str = "") -> Selection:
    """Close what it opened and nobody has answered; who is being helped, or stands on a list, stays open.

    An ended one is left as it is. Raises UserError `wrong_state`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, selection)
    if current.state == SelectionState.ENDED:
        return current
    if current.state != SelectionState.STARTED:
        raise UserError("wrong_state", _("Kun et udvalg, der er i gang, kan afsluttes."))
    closed = _run("selection_closed", _parameters(current, by, now) | {"reason": ClosedReason.SELECTION_ENDED})
    _move(current, SelectionState.ENDED, by, now, note)
    _log(by, current, Action.CHANGE, _("Eget udvalg afsluttet"), {"closed": closed}, now)
    _tell_closed(current, by, now)
    return current


def selections_over(today: date) -> list[tuple[int, int]]:
    """Municipality and key of the running selections whose last day has passed. Needs no data context."""
    over = Selection.objects.filter(state=SelectionState.STARTED, ends_on__lt=today)
    return list(over.order_by("pk").values_list("municipality_id", "pk"))


@transaction.atomic
def undo_selection(*, by: Actor, selection: Selection, now: datetime, note: str = "") -> Selection:
    """Everything as before the start, as long as nobody was contacted because of it (as L5).

    Whom a list has named since belongs to the list and stays. Raises UserError `wrong_state`, `undo_contacted`.
    """
    by.require(Permission.APPROVE_LISTS)
    current = _locked(by, selection)
    if current.state == SelectionState.UNDONE:
        return current
    if current.state != SelectionState.STARTED:
        raise UserError("wrong_state", _("Kun et udvalg, der er i gang, kan fortrydes."))
    refuse_when_contacted(current)
    affected = list(_own(current).values_list("citizen_id", flat=True))
    parameters = _parameters(current, by, now)
    restored = _run("selection_restore", parameters)
    closed = _run("selection_closed", parameters | {"reason": ClosedReason.UNDONE})
    _move(current, SelectionState.UNDONE, by, now, note)
    _log(by, current, Action.CHANGE, _("Eget udvalg fortrudt"), {"closed": closed, "restored": restored}, now)
    signals.follow_ups_closed.send(
        sender=Selection,
        citizen_ids=affected,
        municipality_id=current.municipality_id,
        undone_since=current.started_at,
        now=now,
        by=by,
    )
    return current


def undo_refusal(selection: Selection) -> str:
    """Why a started selection cannot be undone now, as a sentence; empty when it can."""
    try:
        refuse_when_contacted(selection)
    except UserError as error:
        return error.message
    return ""


def refuse_when_contacted(selection: Selection) -> None:
    """Raise UserError `undo_contacted` when somebody was contacted because of the selection."""
    since = selection.started_at
    contacted = _own(selection).filter(Q(last_contact_at__gte=since) | Q(outcome_at__gte=since)).count()
    if contacted:
        raise UserError(
            "undo_contacted",
            ngettext(
                "%(count)s borger er allerede kontaktet på grund af udvalget, så det kan ikke fortrydes.",
                "%(count)s borgere er allerede kontaktet på grund af udvalget, så det kan ikke fortrydes.",
                contacted,
            )
            % {"count": contacted},
        )


def _own(selection: Selection) -> QuerySet[FollowUp]:
    """What the selection opened and no list has taken over."""
    return FollowUp.objects.filter(selection=selection, last_list=None)


def _locked(by: Actor, selection: Selection) -> Selection:
    """The selection as it stands, alone with lists and selections of its municipality and programme."""
    require_municipality(by, selection.municipality_id)
    with connection.cursor() as cursor:
        # The name that lists take too: a commit and a start at once would open the same citizen twice.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"commit-list {selection.municipality_id} {selection.programme_id}"],
        )
    rows = Selection.objects.select_for_update(of=("self",)).select_related("programme", "municipality")
    return rows.get(pk=selection.pk)


def _parameters(selection: Selection, by: Actor, now: datetime) -> dict[str, Any]:
    rule = deadline_rule(selection.programme, selection.municipality)
    today = localdate(now)
    return {
        "municipality": selection.municipality_id,
        "programme": selection.programme_id,
        "selection": selection.pk,
        "first_contact_due": add_working_days(today, rule.first_contact_days),
        "answer_due": add_working_days(today, rule.answer_days),
        "now": now,
        "by": by.name,
    }


def _run(name: str, parameters: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), parameters)
        return int(cursor.rowcount)


def _selected_ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizen_id FROM selected_people WHERE act IN ('open', 'reopen') ORDER BY citizen_id")
        return [citizen_id for (citizen_id,) in cursor.fetchall()]


def _tell_closed(selection: Selection, by: Actor, now: datetime) -> None:
    ids = list(FollowUp.objects.filter(selection=selection, closed_at=now).values_list("citizen_id", flat=True))
    signals.follow_ups_closed.send(
        sender=Selection,
        citizen_ids=ids,
        municipality_id=selection.municipality_id,
        undone_since=None,
        now=now,
        by=by,
    )


def _move(selection: Selection, state: SelectionState, by: Actor, now: datetime, note: str) -> None:
    selection.state, selection.state_changed_at = state, now
    selection.save()
    SelectionStateChange.objects.create(selection=selection, state=state, at=now, by_name=by.name, note=note[:200])


def _log(by: Actor, selection: Selection, action: Action, purpose: str, detail: dict[str, int], now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="selection",
        subject_id=selection.pk,
        municipality_id=selection.municipality_id,
        purpose=purpose,
        detail=detail,
        at=now,
    )
