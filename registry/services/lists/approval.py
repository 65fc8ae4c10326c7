"""Approve a list: gates held again, rows checked again, then everything in one transaction (L3–L5)."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.formats import number_da
from outreach.errors import UserError

from ... import signals
from ...models import ListRow, ListState, NonresponderList
from ...row_problems import message
from ...selectors.reask import rules_changed_since
from ..commit_lock import commit_alone
from ..list_commit import Committed, commit_rows, mark_changed_rows
from ..list_gates import evaluate, held, newest_of_scope, row_figures
from ..list_states import move
from ..scope import require_municipality


@transaction.atomic
def approve(
    *, by: Actor, nonresponder_list: NonresponderList, now: datetime, override: str | None = None, reason: str = ""
) -> NonresponderList:
    """Commit the list; with gates held it stays reviewed and says them. A committed one is left as it is (IP08).

    `override` is the code of a gate that `by`, who did not upload the list, answers for, with `reason`.
    When another list was committed since the review, or a rule for asking again changed, this one goes back to be
    compared anew; when citizens changed,
    their rows go to a second review (L5). Sends `list_committed` inside the transaction.
    Raises UserError `wrong_state`, `override_own`, `override_unknown`, `override_reason`.
    """
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    lock_programme(nonresponder_list)
    commit_alone(nonresponder_list.municipality_id)
    current = NonresponderList.objects.select_for_update(of=("self",)).get(pk=nonresponder_list.pk)
    if current.state == ListState.COMMITTED:
        return current
    if current.state != ListState.REVIEWED:
        raise UserError("wrong_state", _("Listen er ikke klar til at blive indlæst. Genindlæs siden."))
    if note := _out_of_date(current):
        return _send_back(current, by, now, note)
    changed = mark_changed_rows(current)
    figures = row_figures(current)
    gates = evaluate(current, figures, localdate(now))
    if override:
        _override(current, gates, by, override, reason, now)
    current.gates = held(gates, current.overrides)
    current.counts = figures.by_class
    if changed:
        current.gates = [*current.gates, _changed_gate(changed)]
    if current.gates:
        current.save(update_fields=["gates", "counts", "overrides"])
        return current
    started = time.monotonic()
    committed = commit_rows(current, by_name=by.name, now=now)
    current.seconds = {**current.seconds, "commit": round(time.monotonic() - started, 3)}
    return _finish(current, committed, by, now)


def lock_programme(nonresponder_list: NonresponderList) -> None:
    """One commit or undo at a time for a municipality and programme, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"commit-list {nonresponder_list.municipality_id} {nonresponder_list.programme_id}"],
        )


def _out_of_date(current: NonresponderList) -> str:
    """Why the whole list is compared anew before it is used, or nothing: a list of its scope was committed or undone
    since, or a rule for asking again was changed, so that other people would be asked than were reviewed (L5, L8)."""
    newest = newest_of_scope(current)
    older = newest is not None and newest.as_of > current.as_of
    if not older and (newest.pk if newest else None) != current.previous_id:
        return _("En anden liste er indlæst imens; rækkerne sammenholdes på ny.")
    if rules_changed_since(current.state_changed_at, current.municipality_id):
        return _("En regel for at spørge igen er ændret imens; rækkerne sammenholdes på ny.")
    return ""


def _send_back(current: NonresponderList, by: Actor, now: datetime, note: str) -> NonresponderList:
    ListRow.objects.filter(nonresponder_list=current).delete()
    # An override answered the figures of then; new ones are judged anew.
    fresh: dict[str, Any] = {"counts": {}, "gates": [], "overrides": [], "attempts": 0}
    move(current, ListState.UPLOADED, by_name=by.name, now=now, note=note, **fresh)
    return current


def _override(
    current: NonresponderList, gates: list[dict[str, Any]], by: Actor, code: str, reason: str, now: datetime
) -> None:
    gate = next((each for each in gates if each["code"] == code), None)
    if gate is None:
        raise UserError("override_unknown", _("Listen holdes ikke tilbage af »%(code)s«.") % {"code": code})
    if not gate["overridable"]:
        raise UserError("override_not_allowed", gate["message"])
    if gate.get("second_person", True) and (by.user_id is None or by.user_id == current.uploaded_by_id):
        raise UserError("override_own", _("En anden end den, der har indlæst filen, skal godkende den alligevel."))
    if not reason.strip():
        raise UserError("override_reason", _("Skriv, hvorfor listen skal indlæses alligevel."))
    current.overrides = [
        *current.overrides,
        {"code": code, "reason": reason.strip(), "by": by.name, "at": now.isoformat()},
    ]


def _changed_gate(changed: dict[str, int]) -> dict[str, Any]:
    rows = sum(changed.values())
    text = ngettext(
        "%(rows)s borger er ændret, siden listen blev gennemset: %(what)s Se rækken igen, og godkend så.",
        "%(rows)s borgere er ændret, siden listen blev gennemset: %(what)s Se rækkerne igen, og godkend så.",
        rows,
    )
    what = " ".join(f"{message(code)} ({number_da(number)})" for code, number in changed.items())
    words = {"rows": number_da(rows), "what": what}
    return {"code": "changed_since_review", "message": text % words, "overridable": False}


def _finish(current: NonresponderList, committed: Committed, by: Actor, now: datetime) -> NonresponderList:
    counts = row_figures(current).by_class if committed.decided else current.counts
    moved = move(
        current,
        ListState.COMMITTED,
        by_name=by.name,
        now=now,
        committed_by_name=by.name,
        committed_at=now,
        counts=counts,
        gates=[],
        overrides=current.overrides,
        seconds=current.seconds,
    )
    if not moved:
        raise RuntimeError(f"list {current.pk} left its state while locked")
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=_("Liste indlæst"),
        detail={
            "opened": committed.opened,
            "reopened": committed.reopened,
            "seen": committed.seen,
            "gone": committed.gone,
            "citizens": committed.citizens,
        },
        at=now,
    )
    signals.list_committed.send(
        sender=NonresponderList,
        nonresponder_list_id=current.pk,
        municipality_id=current.municipality_id,
        now=now,
        by=by,
    )
    return current
