"""What a person decides about the rows of a review: one by one, many at once, and back again (L3).

Set-based whatever the number: 100,000 rows are one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ...models import ListRow, ListState, NonresponderList, RowClass, TargetGroup
from ...row_problems import ONE_OF_SEVERAL, SKIP_ONLY
from ..scope import require_municipality

IMPORT, SKIP, CLEAR = "import", "skip", "clear"
# What each is kept as on a row: a cleared one waits for somebody again.
DECISIONS = {IMPORT: IMPORT, SKIP: SKIP, CLEAR: ""}
DECIDABLE = (RowClass.NEEDS_DECISION, RowClass.MOVED)


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
    """Decide rows by their ids, or all that wait with one problem; `decision`: "import", "skip" or "clear".

    Of rows with the same CPR number only one can be imported: choosing it skips its siblings (IC02).
    Returns how many rows were decided. Raises UserError `wrong_state`, `decision_unknown`, `decision_not_allowed`.
    """
    current = _reviewing(by, nonresponder_list)
    rows = _decidable(current)
    if row_ids is not None:
        rows = rows.filter(pk__in=list(row_ids))
    if problem_code is not None:
        rows = rows.filter(problem_code=problem_code)
        rows = rows.filter(decision="") if row_ids is None and decision != CLEAR else rows
    decided = _decide(rows, decision, current.decision_steps + 1, by)
    _finish_step(by, current, decided, {"decision": decision, "problem": problem_code or ""}, now)
    return decided


@transaction.atomic
def decide_each(
    *, by: Actor, nonresponder_list: NonresponderList, choices: Mapping[str, Collection[int]], now: datetime
) -> int:
    """Save a page of choices as one step: row ids by decision. Returns and raises as `decide`."""
    current = _reviewing(by, nonresponder_list)
    decided = 0
    for decision, row_ids in choices.items():
        rows = _decidable(current).filter(pk__in=list(row_ids)).exclude(decision=DECISIONS.get(decision))
        decided += _decide(rows, decision, current.decision_steps + 1, by)
    _finish_step(by, current, decided, {"decisions": sorted(choices)}, now)
    return decided


@transaction.atomic
def decide_matching(
    *,
    by: Actor,
    nonresponder_list: NonresponderList,
    criteria: Q,
    decision: str,
    expected: int,
    now: datetime,
) -> int:
    """Decide all rows that wait and match `criteria`; `expected` is how many the person was told.

    Importing leaves out what no decision can import all at once. Raises as `decide`, and `rows_changed` when it
    would be another number by now.
    """
    current = _reviewing(by, nonresponder_list)
    rows = _decidable(current).filter(criteria, decision="")
    if decision == IMPORT:
        rows = rows.exclude(problem_code__in=[*SKIP_ONLY, ONE_OF_SEVERAL])
    if (found := rows.count()) != expected:
        text = _("Der er nu %(found)s rækker, ikke %(expected)s. Intet er gemt; se rækkerne igen.")
        raise UserError("rows_changed", text % {"found": found, "expected": expected})
    decided = _decide(rows, decision, current.decision_steps + 1, by)
    _finish_step(by, current, decided, {"decision": decision}, now)
    return decided


@transaction.atomic
def decide_earliest_groups(*, by: Actor, nonresponder_list: NonresponderList, now: datetime) -> int:
    """Of rows with the same CPR number that wait, take the one in the earliest target group (C7).

    Rows that share their earliest group differ in something else and keep waiting. Returns the rows decided.
    """
    current = _reviewing(by, nonresponder_list)
    order = dict(TargetGroup.objects.filter(programme=current.programme_id).values_list("code", "order"))
    waiting = _decidable(current).filter(problem_code=ONE_OF_SEVERAL, decision="")
    ranked: dict[int, list[tuple[int, int]]] = {}
    for pk, shared, code in waiting.values_list("pk", "same_as_row", "target_group"):
        if shared is not None and code in order:
            ranked.setdefault(shared, []).append((order[code], pk))
    chosen = [min(rows)[1] for rows in ranked.values() if sum(rank == min(rows)[0] for rank, _pk in rows) == 1]
    decided = _decide(_decidable(current).filter(pk__in=chosen), IMPORT, current.decision_steps + 1, by)
    _finish_step(by, current, decided, {"decision": "earliest"}, now)
    return decided


@transaction.atomic
def undo_decisions(*, by: Actor, nonresponder_list: NonresponderList, step: int, now: datetime) -> int:
    """Put the rows that `step` decided back as they were before it; only the newest step can be undone.

    A row remembers one step: decided twice and taken back once, it keeps its first choice until somebody clears it.
    Returns the rows put back. Raises UserError `wrong_state`, `step_not_newest`.
    """
    current = _reviewing(by, nonresponder_list)
    if step != current.decision_steps or not step:
        raise UserError("step_not_newest", _("Der er truffet nye valg imens. Se rækkerne igen."))
    rows = ListRow.objects.filter(nonresponder_list=current, decision_step=step)
    restored = rows.update(
        decision=Coalesce("decision_before", F("decision")), decision_before=None, decision_step=None
    )
    NonresponderList.objects.filter(pk=current.pk).update(decision_steps=F("decision_steps") - 1)
    _record(by, current, {"rows": restored, "decision": "undo"}, now)
    return restored


def _reviewing(by: Actor, nonresponder_list: NonresponderList) -> NonresponderList:
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, nonresponder_list.municipality_id)
    # The lock keeps an approval from committing between the check and the decision.
    current = NonresponderList.objects.select_for_update(of=("self",)).get(pk=nonresponder_list.pk)
    if current.state != ListState.REVIEWED:
        raise UserError("wrong_state", _("Listen er ikke til gennemsyn længere. Genindlæs siden."))
    return current


def _decidable(current: NonresponderList) -> QuerySet[ListRow]:
    return ListRow.objects.filter(nonresponder_list=current, row_class__in=[each.value for each in DECIDABLE])


def _decide(rows: QuerySet[ListRow], decision: str, step: int, by: Actor) -> int:
    if decision not in DECISIONS:
        raise UserError("decision_unknown", _("Vælg at indlæse rækken eller at springe den over."))
    if not rows.exists():
        return 0
    shared = rows.exclude(same_as_row=None).filter(row_class=RowClass.NEEDS_DECISION)
    if decision == IMPORT:
        if rows.filter(problem_code__in=SKIP_ONLY).exists():
            raise UserError(
                "decision_not_allowed", _("Borgeren kan ikke følges op efter registret. Spring rækken over.")
            )
        numbers = shared.order_by().values("same_as_row").annotate(rows=Count("id"))
        if numbers.filter(rows__gt=1).exists():
            raise UserError("decision_not_allowed", _("Vælg kun én af rækkerne med samme CPR-nummer."))
    siblings = _siblings(shared).exclude(pk__in=rows.values("pk"))
    words = {"decision_before": F("decision"), "decision_step": step, "decided_by_name": by.name}
    if decision == IMPORT:
        siblings.update(**words, decision=SKIP)
    elif decision == CLEAR:
        siblings.update(**words, decision="")
    return rows.update(**words, decision=DECISIONS[decision])


def _siblings(shared: QuerySet[ListRow]) -> QuerySet[ListRow]:
    """Every row with the CPR number of one of these, themselves included."""
    return ListRow.objects.filter(
        nonresponder_list__in=shared.values("nonresponder_list")[:1],
        row_class=RowClass.NEEDS_DECISION,
        same_as_row__in=shared.values("same_as_row"),
    )


def _finish_step(by: Actor, current: NonresponderList, decided: int, detail: dict[str, object], now: datetime) -> None:
    if decided:
        NonresponderList.objects.filter(pk=current.pk).update(decision_steps=F("decision_steps") + 1)
    _record(by, current, {"rows": decided, **detail}, now)


def _record(by: Actor, nonresponder_list: NonresponderList, detail: dict[str, object], now: datetime) -> None:
    # Untouched lists end by themselves (L6).
    NonresponderList.objects.filter(pk=nonresponder_list.pk).update(touched_at=now)
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
