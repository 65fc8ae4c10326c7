"""The states of a session, which may follow which, and the row each step leaves behind."""

from datetime import datetime

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.errors import UserError

from ..models import SessionStatus, SessionStatusChange, VaccinationSession

# A cancelled session stays cancelled: opening again is a new session, with a new notice.
NEXT_STATES: dict[str, frozenset[str]] = {
    "": frozenset({SessionStatus.PLANNED}),
    SessionStatus.PLANNED: frozenset({SessionStatus.PUBLISHED, SessionStatus.CANCELLED}),
    SessionStatus.PUBLISHED: frozenset({SessionStatus.CANCELLED}),
    SessionStatus.CANCELLED: frozenset(),
}


def begin(*, by: Actor, session: VaccinationSession, now: datetime) -> None:
    """Write the first status row of a session that was just created."""
    _write(by, session, "", now, "")


def move(*, by: Actor, session: VaccinationSession, to: SessionStatus, now: datetime, reason: str = "") -> None:
    """Take a locked session to another state. Raises UserError `not_from_this_state`."""
    came_from = session.status
    if to not in NEXT_STATES[came_from]:
        raise UserError(
            "not_from_this_state",
            _("Åbningstiden er allerede »%(state)s«. Der er ikke ændret noget.")
            % {"state": session.get_status_display().lower()},
        )
    session.status, session.updated_at = to, now
    session.save(update_fields=["status", "updated_at"])
    _write(by, session, came_from, now, reason)


def _write(by: Actor, session: VaccinationSession, came_from: str, now: datetime, reason: str) -> None:
    SessionStatusChange.objects.create(
        session=session,
        from_status=came_from,
        to_status=session.status,
        at=now,
        by_name=by.name,
        reason=reason,
    )
