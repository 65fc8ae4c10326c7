"""What a person decides before approval: which column is which, and what to do with single rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import ListRow, ListState, NonresponderList, RowClass
from ..scope import require_municipality

IMPORT, SKIP = "import", "skip"
DECISIONS = (IMPORT, SKIP)
DECIDABLE = (RowClass.NEEDS_DECISION, RowClass.MOVED)
# What can be wrong with a citizen that no decision on a list row may overrule (C3).
SKIP_ONLY = ("citizen_status",)
MAPPING = "mapping"


@transaction.atomic
def confirm_mapping(
    *, by: Actor, nonresponder_list: NonresponderList, mapping: dict[str, str], now: datetime
) -> NonresponderList:
    """Say which of the file's columns is which: our name → their header. The list can be read on after this.

    Raises UserError `mapping_unknown` (a header the file has not), `mapping_twice`, `wrong_state`.
    """
    by.require(Permission.UPLOAD_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    chosen = {ours: theirs for ours, theirs in mapping.items() if theirs}
    unknown = [theirs for theirs in chosen.values() if theirs not in nonresponder_list.header]
    if unknown:
        raise UserError("mapping_unknown", _("Filen har ingen kolonne med navnet »%(name)s«.") % {"name": unknown[0]})
    if len(set(chosen.values())) < len(chosen):
        raise UserError("mapping_twice", _("Den samme kolonne er valgt til to felter. Vælg en til hver."))
    waiting = NonresponderList.objects.filter(pk=nonresponder_list.pk, state=ListState.UPLOADED, waits_for=MAPPING)
    if not waiting.update(mapping=chosen, waits_for=""):
        raise UserError("wrong_state", _("Listen venter ikke på, at du vælger kolonner. Opdatér siden."))
    nonresponder_list.refresh_from_db()
    _record(by, nonresponder_list, {"mapping": sorted(chosen)}, now)
    return nonresponder_list


@transaction.atomic
def decide(
    *,
    by: Actor,
    nonresponder_list: NonresponderList,
    row_ids: Iterable[int] | None,
    problem_code: str | None,
    decision: str,
    now: datetime,
) -> int:
    """Decide rows that need a decision, by their ids or all with one problem; `decision`: "import" or "skip".

    Of rows with the same CPR number only one can be imported: choosing it skips its siblings (IC02).
    Returns how many rows were decided. Raises UserError `wrong_state`, `decision_unknown`, `decision_not_allowed`.
    """
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    if decision not in DECISIONS:
        raise UserError("decision_unknown", _("Vælg at indlæse rækken eller at springe den over."))
    # The lock keeps an approval from committing between the check and the decision.
    current = NonresponderList.objects.select_for_update().get(pk=nonresponder_list.pk)
    if current.state != ListState.REVIEWED:
        raise UserError("wrong_state", _("Listen er ikke til gennemsyn længere. Opdatér siden."))
    rows = ListRow.objects.filter(nonresponder_list=current, row_class__in=DECIDABLE)
    if row_ids is not None:
        rows = rows.filter(pk__in=list(row_ids))
    if problem_code is not None:
        rows = rows.filter(problem_code=problem_code)
    if decision == IMPORT:
        if rows.filter(problem_code__in=SKIP_ONLY).exists():
            raise UserError(
                "decision_not_allowed", _("Borgeren kan ikke følges op efter registret. Spring rækken over.")
            )
        _skip_siblings(rows, by)
    decided = rows.update(decision=decision, decided_by_name=by.name)
    _record(by, current, {"rows": decided, "decision": decision, "problem": problem_code or ""}, now)
    return decided


def _skip_siblings(rows: Iterable[ListRow], by: Actor) -> None:
    chosen: dict[int, int] = {}
    for row in rows:
        if row.same_as_row is None:
            continue
        if row.same_as_row in chosen:
            raise UserError("decision_not_allowed", _("Vælg kun én af rækkerne med samme CPR-nummer."))
        chosen[row.same_as_row] = row.pk
        ListRow.objects.filter(
            nonresponder_list_id=row.nonresponder_list_id,
            same_as_row=row.same_as_row,
            row_class=RowClass.NEEDS_DECISION,
        ).exclude(pk=row.pk).update(decision=SKIP, decided_by_name=by.name)


def _record(by: Actor, nonresponder_list: NonresponderList, detail: dict[str, object], now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="nonresponderlist",
        subject_id=nonresponder_list.pk,
        municipality_id=nonresponder_list.municipality_id,
        purpose=_("Gennemsyn af liste"),
        detail=detail,
        at=now,
    )
