"""What a list is compared with (L7, L8): its own scope, and the rules by which closed follow-ups are opened anew."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Q

from ..models import ListOrderState, ListState, NonresponderList
from ..selectors.reask import reask_rows


def memory_parameters(nonresponder_list: NonresponderList, today: date) -> dict[str, Any]:
    """Parameters that `classify.sql` and `commit_rows.sql` share: rules as JSON rows, kind and order of the scope."""
    rules = reask_rows(nonresponder_list.programme_id, nonresponder_list.municipality_id)
    return {
        "rules": json.dumps(rules),
        "kind": nonresponder_list.kind,
        "order": nonresponder_list.order_id,
        "today": today,
        "live_lists": other_live_lists(nonresponder_list, today),
    }


def other_live_lists(nonresponder_list: NonresponderList, today: date) -> list[int]:
    """The newest committed list of every other kind and order of the programme; of orders, only those in force.

    Whom one of them still names is not gone because this list does not (L7): the two kinds do not disturb each other.
    """
    committed = NonresponderList.objects.filter(
        municipality=nonresponder_list.municipality_id,
        programme=nonresponder_list.programme_id,
        state=ListState.COMMITTED,
    ).exclude(kind=nonresponder_list.kind, order=nonresponder_list.order_id)
    in_force = committed.filter(Q(order=None) | Q(order__state=ListOrderState.APPROVED, order__expires_on__gte=today))
    newest: dict[tuple[str, int | None], int] = {}
    for pk, kind, order in in_force.order_by("as_of", "committed_at", "id").values_list("id", "kind", "order"):
        newest[kind, order] = pk
    return sorted(newest.values())
