"""Promise a citizen a place at a session, and give it back. One conditional UPDATE each (BK01).

Reading the count first and writing it after would promise forty people the last ten places.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import SessionStatus, VaccinationSession


@transaction.atomic
def reserve_place(*, by: Actor, session: VaccinationSession, now: datetime) -> None:
    """Take one place. Raises UserError `session_full`, or `session_closed` when it is over or not public."""
    by.require(Permission.SEE_POPUP_SITES)
    open_sessions = VaccinationSession.objects.filter(pk=session.pk, status=SessionStatus.PUBLISHED, ends_at__gt=now)
    taken = open_sessions.with_free_places().update(reserved=F("reserved") + 1, updated_at=now)
    if taken:
        _record(by, session, "place_reserved", now)
        return
    if open_sessions.exists():
        raise UserError(
            "session_full", _("Den sidste plads er lige taget. Vælg en anden åbningstid eller et andet sted.")
        )
    raise UserError("session_closed", _("Åbningstiden er slut, aflyst eller ikke offentliggjort. Vælg en anden."))


@transaction.atomic
def free_place(*, by: Actor, session: VaccinationSession, now: datetime) -> None:
    """Give one promised place back. Raises UserError `no_place_reserved` when none is promised."""
    by.require(Permission.SEE_POPUP_SITES)
    freed = VaccinationSession.objects.filter(pk=session.pk, reserved__gt=0).update(
        reserved=F("reserved") - 1, updated_at=now
    )
    if not freed:
        raise UserError("no_place_reserved", _("Der er ingen lovet plads at give fri på denne åbningstid."))
    _record(by, session, "place_freed", now)


def _record(by: Actor, session: VaccinationSession, event: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="vaccination_session",
        subject_id=session.pk,
        detail={"event": event},
        at=now,
    )
