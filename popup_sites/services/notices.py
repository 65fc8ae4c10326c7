"""Tell the municipality of time and place (P1), and keep that it was read and acknowledged.

A notice is never changed: what was told stays as it was told, and a change makes a new one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.design.formats import datetime_da
from outreach.errors import UserError

from ..local_times import COPENHAGEN
from ..models import NoticeKind, SessionNotice, SessionStatus, VaccinationSession


def what_is_told(session: VaccinationSession, reason: str = "") -> dict[str, Any]:
    """Everything the municipality is told of a session, as JSON values; moments in ISO 8601 with offset."""
    second = getattr(session, "second_round", None)
    if second is not None and second.status == SessionStatus.CANCELLED:
        second = None
    return {
        "site": session.site.name,
        "address": session.site.address,
        "programme": session.programme.name,
        "starts_at": _written(session.starts_at),
        "ends_at": _written(session.ends_at),
        "vaccine": session.vaccine,
        "capacity": session.capacity,
        "drop_in": session.drop_in,
        "by_appointment": session.by_appointment,
        "team": session.team.name if session.team else "",
        "is_second_round": session.second_round_of_id is not None,
        "second_round_starts_at": _written(second.starts_at) if second else None,
        "reason": reason,
    }


def _written(moment: datetime) -> str:
    # One zone, so that the same moment is the same text, whoever made it: changes are found by comparing.
    return moment.astimezone(COPENHAGEN).isoformat()


def send_notice(*, session: VaccinationSession, kind: NoticeKind, now: datetime, reason: str = "") -> SessionNotice:
    """Write the notice inside the transaction of what it tells. The caller has locked the session."""
    return SessionNotice.objects.create(
        session=session,
        kind=kind,
        municipality_id=session.site.municipality_id,
        sent_at=now,
        told=what_is_told(session, reason),
    )


@transaction.atomic
def mark_read(*, by: Actor, notices: Iterable[SessionNotice], now: datetime) -> int:
    """Stamp who in the municipality first had the notices on the screen. Returns how many that was news to."""
    by.require(Permission.ACKNOWLEDGE_POPUP_SITES)
    unread = [notice.pk for notice in notices if notice.read_at is None]
    if not unread:
        return 0
    own = SessionNotice.objects.filter(
        pk__in=unread, read_at=None, municipality_id__in=by.municipality_codes
    ).select_for_update(no_key=True)
    stamped = list(own.values_list("pk", "session_id", "municipality_id"))
    SessionNotice.objects.filter(pk__in=[pk for pk, _session, _code in stamped]).update(
        read_at=now, read_by_name=by.name
    )
    for pk, session_id, municipality_id in stamped:
        record(
            by=by,
            action=Action.LOOK,
            subject_kind="vaccination_session",
            subject_id=session_id,
            municipality_id=municipality_id,
            detail={"notice": pk, "event": "notice_read"},
            at=now,
        )
    return len(stamped)


@transaction.atomic
def acknowledge_notice(*, by: Actor, notice: SessionNotice, now: datetime, remark: str = "") -> SessionNotice:
    """The municipality confirms that it knows, with a remark the region reads.

    Raises UserError `already_acknowledged` (who, when) and `newer_notice` when another has come since.
    """
    by.require(Permission.ACKNOWLEDGE_POPUP_SITES)
    if notice.municipality_id not in by.municipality_codes:
        raise PermissionDenied("municipality_out_of_scope")
    # The session's lock also holds back a new notice, so that nobody acknowledges what is out of date.
    VaccinationSession.objects.select_for_update(no_key=True).get(pk=notice.session_id)
    locked = SessionNotice.objects.get(pk=notice.pk)
    if locked.acknowledged_at is not None:
        raise UserError(
            "already_acknowledged",
            _("%(name)s har allerede kvitteret %(at)s. Der er ikke ændret noget.")
            % {
                "name": locked.acknowledged_by_name,
                "at": datetime_da(locked.acknowledged_at.astimezone(COPENHAGEN)),
            },
        )
    if SessionNotice.objects.filter(session_id=locked.session_id, pk__gt=locked.pk).exists():
        raise UserError("newer_notice", _("Regionen har sendt en nyere besked. Læs den, og kvittér for den."))
    locked.acknowledged_at, locked.acknowledged_by_name, locked.remark = now, by.name, remark
    if locked.read_at is None:
        locked.read_at, locked.read_by_name = now, by.name
    locked.save(update_fields=["acknowledged_at", "acknowledged_by_name", "remark", "read_at", "read_by_name"])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="vaccination_session",
        subject_id=locked.session_id,
        municipality_id=locked.municipality_id,
        detail={"notice": locked.pk, "event": "notice_acknowledged"},
        at=now,
    )
    return locked
