"""Places at a session promised to citizens: never more than there are, however many ask at once (P2).

The session is no table of citizens: who has the place is the booking's business.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..models import SessionStatus, VaccinationSession


def reserve_place(*, session_id: int, now: datetime) -> None:
    """Promise one place, inside the caller's transaction. Raises UserError `session_full` or `session_closed`.

    One conditional UPDATE: forty at once for ten places wait for the row in turn, and ten get one. The database's own
    check (`session_not_overbooked`) stands behind it.
    """
    open_ones = VaccinationSession.objects.filter(pk=session_id, status=SessionStatus.PUBLISHED, ends_at__gt=now)
    if open_ones.filter(reserved__lt=F("capacity")).update(reserved=F("reserved") + 1):
        return
    if open_ones.exists():
        raise UserError("session_full", _("Der er ikke flere ledige pladser på pop-up-stedet. Vælg en anden tid."))
    raise UserError("session_closed", _("Pop-up-stedet er aflyst eller lukket. Vælg en anden tid."))


def release_place(*, session_id: int) -> None:
    """Give one promised place back, inside the caller's transaction. The caller knows that it holds one."""
    VaccinationSession.objects.filter(pk=session_id, reserved__gt=0).update(reserved=F("reserved") - 1)
