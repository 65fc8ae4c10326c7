"""Count the rows of committed lists per target group (D5). Counts only; no citizen leaves this module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from campaigns.outcomes import NOT_REACHED
from registry.models import Outcome, RowClass
from reports.models import ListGroupSummary
from reports.sql import statement

# Rows that are on the list: the earlier "no" rides along (L8a); moved away and duplicates do not.
ON_LIST = (RowClass.NEW, RowClass.WAITING, RowClass.OTHER_NUMBER)
REACHED = tuple(outcome for outcome in Outcome if outcome not in NOT_REACHED)
BOOKED = (Outcome.BOOKED_ON_BEHALF, Outcome.ALREADY_BOOKED)


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of one target group a list holds, and what they answered."""

    not_reacted: int
    declined: int
    undecided: int


def count_lists(municipality_code: int, list_ids: Sequence[int]) -> dict[int, dict[str, GroupCount]]:
    """Counts per list and group from the rows themselves; needs the municipality's data context."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("list_group_summary_v1"),
            {"municipality": municipality_code, "lists": list(list_ids), "classes": [str(each) for each in ON_LIST]},
        )
        counts: dict[int, dict[str, GroupCount]] = {list_id: {} for list_id in list_ids}
        for list_id, group, not_reacted, declined, undecided in cursor.fetchall():
            counts[list_id][group] = GroupCount(not_reacted, declined, undecided)
    return counts


def stored_counts(list_id: int) -> dict[str, GroupCount]:
    """The same counts as last stored, for those who may see no citizen (a manager)."""
    return {
        row.target_group: GroupCount(row.not_reacted, row.declined, row.undecided)
        for row in ListGroupSummary.objects.filter(nonresponder_list_id=list_id)
    }
