"""Which re-asking rules hold for a programme in a municipality, and why one follow-up was opened anew (L8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate

from ..models import ClosedReason, FollowUp, FollowUpChange, Outcome, ReaskRule, ReferenceChange
from ..reask_rules import Reask, as_rows, effective, rule_for, sentence

# The key of the rules among the tables of reference data, and in their history.
REASK_TABLE = "reask_rules"


def reask_rules(programme_id: int, municipality_id: int) -> dict[tuple[str, str], Reask]:
    """(closed reason, answer or "") → the rule that holds here."""
    stored = ReaskRule.objects.filter(
        Q(programme=programme_id) | Q(programme=None), Q(municipality=municipality_id) | Q(municipality=None)
    )
    return effective(stored, programme=programme_id, municipality=municipality_id)


def reask_rows(programme_id: int, municipality_id: int) -> list[dict[str, Any]]:
    """The same, one row for every reason and answer, as the set-based statements join them (200 rows)."""
    return as_rows(reask_rules(programme_id, municipality_id), ClosedReason.values, Outcome.values)


def barring_rows(scopes: Iterable[tuple[int, int]]) -> list[dict[str, Any]]:
    """For each (municipality, programme): answers in other programmes after which nobody asks in this one (L8)."""
    return [
        {"municipality_id": municipality_id, "programme_id": programme_id, **row}
        for municipality_id, programme_id in scopes
        for row in reask_rows(programme_id, municipality_id)
        if not row["when_new_programme"]
    ]


def days_a_refusal_rests(programme_id: int, municipality_id: int) -> int | None:
    """Days until somebody who said no may be asked again; None = not because of the time alone."""
    rule = rule_for(reask_rules(programme_id, municipality_id), ClosedReason.DECLINED, Outcome.DECLINED)
    return rule.after_days


def rules_changed_since(moment: datetime, municipality_id: int) -> bool:
    """Whether a rule that may hold in this municipality was made or changed after the moment."""
    changes = ReferenceChange.objects.filter(table=REASK_TABLE, at__gt=moment)
    return changes.filter(Q(municipality=None) | Q(municipality=municipality_id)).exists()


def reask_sentence(change: FollowUpChange) -> str:
    """Why this change opened the follow-up anew, for its page and timeline; empty for other changes."""
    if change.kind != FollowUpChange.Kind.REOPENED:
        return ""
    follow_up = change.follow_up
    closed_at = parse_datetime(change.before.get("closed_at") or "") or follow_up.outcome_at
    return sentence(
        change.reason,
        closed_reason=change.before.get("closed_reason") or (ClosedReason.DECLINED if closed_at else ""),
        closed_on=_day(closed_at),
        group_before=change.before.get("target_group") or "",
        group_now=follow_up.target_group,
    )


def row_sentence(reask_code: str, follow_up: FollowUp | None, group_now: str) -> str:
    """What the review says of a row whose follow-up the list would open anew; empty when it would not."""
    if not reask_code or follow_up is None:
        return ""
    return sentence(
        reask_code,
        closed_reason=follow_up.closed_reason,
        closed_on=_day(follow_up.closed_at),
        group_before=follow_up.target_group,
        group_now=group_now,
    )


def _day(moment: datetime | None) -> Any:
    return None if moment is None else localdate(moment)
