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
        **other_live_lists(nonresponder_list, today),
    }


def other_live_lists(nonresponder_list: NonresponderList, today: date) -> dict[str, list[Any]]:
    """The newest committed list for each group, of every other kind and order of the programme; orders in force only.

    Whom one of them still names is not gone because this list does not (L7): the two kinds do not disturb each other.
    Parameters `live_lists` and `live_groups`, side by side, since a newer list may cover other groups only; "" stands
    for rows whose group nobody could tell.
    """
    committed = NonresponderList.objects.filter(
        municipality=nonresponder_list.municipality_id,
        programme=nonresponder_list.programme_id,
        state=ListState.COMMITTED,
    ).exclude(kind=nonresponder_list.kind, order=nonresponder_list.order_id)
    in_force = committed.filter(Q(order=None) | Q(order__state=ListOrderState.APPROVED, order__expires_on__gte=today))
    newest: dict[tuple[str, int | None, str], int] = {}
    rows = in_force.order_by("as_of", "committed_at", "id").values_list("id", "kind", "order", "groups_covered")
    for pk, kind, order, groups in rows:
        for group in {*groups, ""}:
            newest[kind, order, group] = pk
    pairs = sorted({(pk, group) for (_kind, _order, group), pk in newest.items()})
    return {"live_lists": [pk for pk, _group in pairs], "live_groups": [group for _pk, group in pairs]}
