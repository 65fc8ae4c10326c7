"""Who has written to us, and no person is done with it yet (K9): the machine is silent towards them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from ..models import Conversation


def have_written(
    citizen_ids: Iterable[int], number_indexes: Iterable[bytes], since: datetime | None = None
) -> set[int | bytes | None]:
    """Those of the citizens and numbers with an open conversation, written to `since` then. One query."""
    theirs = Q(number_index__in=list(number_indexes)) | Q(citizen__in=list(citizen_ids))
    found = Conversation.objects.open().filter(theirs)
    if since is not None:
        found = found.filter(last_reply_at__gte=since)
    rows = list(found.values_list("citizen_id", "number_index"))
    return {citizen_id for citizen_id, _index in rows} | {bytes(index) for _citizen, index in rows}
