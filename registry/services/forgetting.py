"""Which rows of lists, follow-ups and referrals have had their time, and go (A5, L6, L8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from ..models import (
    CitizenDifference,
    DifferenceState,
    FollowUp,
    FollowUpStatus,
    ListRow,
    ListState,
    NonresponderList,
    ReferredAccess,
)
from .row_erasure import before, erase_rows

# An adviser may look back at their own talk for a while; the row that says so is worth nothing after it.
ACCESS_OVER = timedelta(days=1)


def erase_list_rows(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Rows of committed lists. Those of the newest list of each programme stay, and those of the newest of each order
    in use: the next one of its kind is compared with it (`list_gates.newest_of_scope`)."""
    moment = before(now, "LIST_ROW_DAYS")

    def due() -> QuerySet[ListRow]:
        newer = NonresponderList.objects.filter(
            municipality=OuterRef("nonresponder_list__municipality"),
            programme=OuterRef("nonresponder_list__programme"),
            kind=OuterRef("nonresponder_list__kind"),
            state=ListState.COMMITTED,
            as_of__gt=OuterRef("nonresponder_list__as_of"),
        ).filter(Q(order=None) | Q(order=OuterRef("nonresponder_list__order")))
        # No list comes any more by an order that has run out.
        over = Q(nonresponder_list__order__expires_on__lte=localdate(moment))
        return ListRow.objects.filter(
            Exists(newer) | over,
            nonresponder_list__state=ListState.COMMITTED,
            nonresponder_list__committed_at__lte=moment,
        )

    return erase_rows(due, what="listrow", now=now, dry_run=dry_run)


def erase_follow_ups(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """Closed follow-ups with their history, once nothing has touched them for the period.

    A "no" must be known as long as lists keep naming the citizen (L8): a list that does so touches the follow-up.
    """
    moment = before(now, "FOLLOW_UP_DAYS")

    def due() -> QuerySet[FollowUp]:
        return FollowUp.objects.filter(status=FollowUpStatus.CLOSED, closed_at__lte=moment, updated_at__lte=moment)

    return erase_rows(due, what="followup", now=now, dry_run=dry_run)


def erase_differences(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """What another file said of a citizen, once somebody has decided about it."""
    moment = before(now, "RAW_FILE_DAYS")

    def due() -> QuerySet[CitizenDifference]:
        return CitizenDifference.objects.exclude(state=DifferenceState.OPEN).filter(decided_at__lte=moment)

    return erase_rows(due, what="citizendifference", now=now, dry_run=dry_run)


def erase_referred_access(now: datetime, real_now: datetime, dry_run: bool) -> int:
    """An adviser's right to look back at a talk, the day after it ended."""

    def due() -> QuerySet[ReferredAccess]:
        return ReferredAccess.objects.filter(until__lte=now - ACCESS_OVER)

    return erase_rows(due, what="referredaccess", now=now, dry_run=dry_run)
