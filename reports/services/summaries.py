"""Fill the summary tables of one municipality: counts of its own follow-up, replaced in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from outreach.access.actor import Actor
from registry.models import ListKind, ListState, Municipality, NonresponderList, Programme
from registry.selectors.lists import newest_committed
from registry.services.scope import require_municipality
from reports.models import FollowUpSummary, ListGroupSummary
from reports.selectors.list_counts import BOOKED, ON_LIST, REACHED, GroupCount, count_lists
from reports.sql import statement

# Older lists keep the counts they had: their citizens' answers are the newer lists' business.
RECENT = timedelta(days=56)


@transaction.atomic
def refresh(*, by: Actor, municipality: Municipality, programme: Programme, now: datetime) -> int:
    """Count anew; returns the number of summary rows. Needs the municipality's data context.

    No audit row: nothing here is about one citizen, and the counts are derived.
    """
    require_municipality(by, municipality)
    # Two refreshes at once would insert the same rows: the second waits for the first.
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    newest = newest_committed(municipality, programme, on=timezone.localtime(now).date())
    FollowUpSummary.objects.filter(municipality=municipality, programme=programme).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            statement("follow_up_summary_v1"),
            {
                "municipality": municipality.pk,
                "programme": programme.pk,
                "newest_list": newest.pk if newest else None,
                "classes": [str(each) for each in ON_LIST],
                "reached": [str(each) for each in REACHED],
                "booked": [str(each) for each in BOOKED],
                "now": now,
            },
        )
        rows: int = cursor.rowcount
    if newest is not None:
        _refresh_lists(municipality, programme, newest, now)
    return rows


def _refresh_lists(municipality: Municipality, programme: Programme, newest: NonresponderList, now: datetime) -> None:
    recent = list(
        NonresponderList.objects.filter(
            municipality=municipality,
            programme=programme,
            kind=ListKind.STANDING,
            state=ListState.COMMITTED,
            as_of__gte=newest.as_of - RECENT,
        ).values_list("pk", flat=True)
    )
    ListGroupSummary.objects.filter(nonresponder_list_id__in=recent).delete()
    ListGroupSummary.objects.bulk_create(
        ListGroupSummary(
            municipality=municipality,
            nonresponder_list_id=list_id,
            target_group=group,
            not_reacted=count.not_reacted,
            declined=count.declined,
            undecided=count.undecided,
            computed_at=now,
        )
        for list_id, groups in count_lists(municipality.pk, recent).items()
        for group, count in (groups or {"": GroupCount(0, 0, 0)}).items()  # an empty list is counted too
    )
