"""The states of a list (L3): one table of allowed transitions, guarded in SQL, with an append-only history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..models import ListState, ListStateChange, NonresponderList

S = ListState
TRANSITIONS: dict[ListState, frozenset[ListState]] = {
    S.UPLOADED: frozenset({S.READ, S.FAILED, S.WITHDRAWN}),
    S.READ: frozenset({S.MATCHED, S.FAILED, S.WITHDRAWN}),
    S.MATCHED: frozenset({S.REVIEWED, S.FAILED, S.WITHDRAWN}),
    # Back to uploaded: another list was committed meanwhile, so everything is compared anew (L5).
    S.REVIEWED: frozenset({S.COMMITTED, S.REJECTED, S.WITHDRAWN, S.UPLOADED}),
    S.COMMITTED: frozenset({S.UNDONE}),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
    S.UNDONE: frozenset(),
    S.FAILED: frozenset(),
}
IN_PROGRESS = (S.UPLOADED, S.READ, S.MATCHED)


def move(
    nonresponder_list: NonresponderList,
    to: ListState,
    *,
    by_name: str,
    now: datetime,
    note: str = "",
    **fields: Any,
) -> bool:
    """Move the list from the state it is held in to `to`, setting `fields` with it; write the history row.

    False, and nothing written, when somebody else has moved it meanwhile: a second confirm is a no-op (IP08).
    Raises ValueError for a transition that the table does not allow.
    """
    if to not in TRANSITIONS[ListState(nonresponder_list.state)]:
        raise ValueError(f"no transition from {nonresponder_list.state} to {to}")
    values = {"state": to, "state_changed_at": now, **fields}
    moved = NonresponderList.objects.filter(pk=nonresponder_list.pk, state=nonresponder_list.state).update(**values)
    if not moved:
        return False
    for name, value in values.items():
        setattr(nonresponder_list, name, value)
    ListStateChange.objects.create(
        nonresponder_list=nonresponder_list, state=to, at=now, by_name=by_name, note=note[:200]
    )
    return True
