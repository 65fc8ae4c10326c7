"""Write what a file of earlier contacts does, and take it back: set-based, in the caller's transaction (L8)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record, record_looks
from registry.sql import expect_few_rows, expect_many_rows

from ..models import EarlierContacts, SmsMessage
from ..outcomes import NOT_REACHED
from .earlier_contacts_sql import statement
from .message_cancelling import cancel_messages


def write_contacts(*, by: Actor, file: EarlierContacts, now: datetime) -> list[int]:
    """Follow-ups, attempts, answers, history and stopped numbers; the citizens they are about, for the planner.

    Call after `match_rows(…, lock=True)` in the same transaction.
    """
    with connection.cursor() as cursor:
        expect_many_rows(cursor, file.rows)
        cursor.execute(
            statement("earlier_contacts_commit"),
            {
                "file": file.pk,
                "municipality": file.municipality_id,
                "now": now,
                "by_name": by.name,
                "not_reached": sorted(NOT_REACHED),
            },
        )
        cursor.execute("SELECT DISTINCT citizen_id FROM earlier_news ORDER BY 1")
        citizens = [citizen for (citizen,) in cursor.fetchall()]
        expect_few_rows(cursor)
    _stop_numbers(by, file, now)
    record_looks(
        by=by,
        citizen_ids=citizens,
        municipality_id=file.municipality_id,
        purpose=_("Tidligere svar indlæst fra regneark"),
        action=Action.ADD,
        at=now,
    )
    return citizens


def take_back(*, by: Actor, file: EarlierContacts, now: datetime) -> list[int]:
    """Put everything back as it was before the file; what it made is closed as undone. The citizens concerned.

    What has ended since for another reason stays ended: its list or selection is over, or a list passed it over (L7).
    """
    with connection.cursor() as cursor:
        expect_many_rows(cursor, file.rows)
        cursor.execute(
            statement("earlier_contacts_undo"),
            {
                "file": file.pk,
                "municipality": file.municipality_id,
                "since": file.committed_at,
                "now": now,
                "by_name": by.name,
            },
        )
        expect_few_rows(cursor)
    _free_numbers(by, file, now)
    citizens = file.effects.order_by("follow_up__citizen").values_list("follow_up__citizen", flat=True)
    return list(citizens.distinct())


def _stop_numbers(by: Actor, file: EarlierContacts, now: datetime) -> None:
    """S7: what is queued to the numbers of those who want no contact is cancelled, and nothing more is sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement("earlier_contacts_stop"),
            {"file": file.pk, "municipality": file.municipality_id, "now": now, "by_name": by.name},
        )
        stopped = cursor.fetchall()
    for stop_id, _index, new in stopped:
        if new:
            _record_stop(by, file, stop_id, Action.ADD, _("Frameldt sms"), now)
    queued = SmsMessage.objects.filter(
        municipality=file.municipality_id, number_index__in=[index for _id, index, _new in stopped]
    )
    cancel_messages(queued, reason="opted_out", now=now)


def _free_numbers(by: Actor, file: EarlierContacts, now: datetime) -> None:
    """Numbers that are stopped by this file alone are no longer; a STOP of their owner since then holds (S7)."""
    for stop_id in list(file.opt_outs.order_by("pk").values_list("pk", flat=True)):
        _record_stop(by, file, stop_id, Action.DELETE, _("Framelding af sms fortrudt"), now)
    file.opt_outs.all().delete()


def _record_stop(by: Actor, file: EarlierContacts, stop_id: int, action: Action, purpose: str, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="optout",
        subject_id=stop_id,
        municipality_id=file.municipality_id,
        purpose=purpose,
        at=now,
    )
