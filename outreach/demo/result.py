"""What the demo's weeks came to, read from the database as any page would read it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count

from campaigns.models import CallTask, CallTaskState, SmsMessage
from outreach.access.data_context import data_context
from registry.models import FollowUp, FollowUpStatus, ListState, Municipality, NonresponderList, Programme
from registry.selectors.lists import receipt
from reports.selectors.status_note import status_note

from .cast import seeding_actor


def demo_result(municipality_code: int, now: datetime, seconds: dict[str, float]) -> dict[str, Any]:
    """The JSON of `bin/demo --once --json` (contract) for one municipality."""
    municipality = Municipality.objects.get(code=municipality_code)
    programme = Programme.objects.get(code="covid-19")
    with data_context(seeding_actor([municipality_code])):
        own = FollowUp.objects.filter(municipality=municipality)
        lists = NonresponderList.objects.filter(municipality=municipality, state=ListState.COMMITTED)
        waiting = CallTask.objects.filter(municipality=municipality).waiting()
        return {
            "municipality": municipality.code_text,
            "lists": [receipt(each) for each in lists.order_by("as_of", "id")],
            "follow_ups": {
                "open": own.filter(status=FollowUpStatus.OPEN).count(),
                "closed": own.filter(status=FollowUpStatus.CLOSED).count(),
            },
            "next_steps": _counted(own.filter(status=FollowUpStatus.OPEN).values_list("next_step_kind"))
            if own.exists()
            else {},
            "messages": _counted(SmsMessage.objects.filter(municipality=municipality).values_list("status")),
            "call_tasks": {
                "open": waiting.count(),
                "due": waiting.filter(state=CallTaskState.OPEN, due_at__lte=now).count(),
            },
            "status_note": status_note(municipality, programme, now.date()).as_contract(),
            "seconds": seconds,
        }


def _counted(values: Any) -> dict[str, int]:
    counted: Iterable[tuple[str, int]] = values.annotate(number=Count("pk")).order_by()
    return dict(counted)
