"""Make a session public, or cancel it. Both tell the municipality in the same transaction (P1)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import NoticeKind, SessionStatus, VaccinationSession
from ..signals import session_published
from .notices import send_notice
from .status import move


@transaction.atomic
def publish_session(
    *, by: Actor, session: VaccinationSession, now: datetime, with_second_round: bool = True
) -> VaccinationSession:
    """Publish a planned session and send the municipality its notice; its planned second round goes along.

    Sends `session_published` for each inside the transaction. Raises UserError `session_is_over` and
    `not_from_this_state`.
    """
    locked = lock_session(by=by, session=session)
    _publish_one(by, locked, now)
    if with_second_round:
        second = VaccinationSession.objects.filter(second_round_of=locked, status=SessionStatus.PLANNED).first()
        if second is not None:
            _publish_one(by, lock_session(by=by, session=second), now)
    return locked


@transaction.atomic
def cancel_session(
    *,
    by: Actor,
    session: VaccinationSession,
    reason: str,
    now: datetime,
    with_second_round: bool = False,
) -> VaccinationSession:
    """Cancel a session with a reason; a published one makes a new notice. Places promised stay on record.

    Raises UserError `reason_missing`, `session_is_over` and `not_from_this_state`.
    """
    if not reason.strip():
        raise UserError("reason_missing", _("Skriv, hvorfor åbningstiden aflyses. Kommunen får begrundelsen."))
    locked = lock_session(by=by, session=session)
    _cancel_one(by, locked, reason.strip(), now)
    if with_second_round:
        second = (
            VaccinationSession.objects.filter(second_round_of=locked).exclude(status=SessionStatus.CANCELLED).first()
        )
        if second is not None:
            _cancel_one(by, lock_session(by=by, session=second), reason.strip(), now)
    return locked


def lock_session(*, by: Actor, session: VaccinationSession) -> VaccinationSession:
    """The session as it is now, locked to the end of the transaction. Raises PermissionDenied outside the region."""
    by.require(Permission.PLAN_POPUP_SITES)
    locked = (
        VaccinationSession.objects.visible_to(by)
        .filter(pk=session.pk)
        .select_related("site__municipality", "programme", "team")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if locked is None:
        raise PermissionDenied("session_out_of_scope")
    return locked


def _publish_one(by: Actor, session: VaccinationSession, now: datetime) -> None:
    _refuse_when_over(session, now)
    move(by=by, session=session, to=SessionStatus.PUBLISHED, now=now)
    send_notice(session=session, kind=NoticeKind.PUBLISHED, now=now)
    _record(by, session, "published", now)
    session_published.send(sender=VaccinationSession, session_id=session.pk)


def _cancel_one(by: Actor, session: VaccinationSession, reason: str, now: datetime) -> None:
    _refuse_when_over(session, now)
    was_public = session.status == SessionStatus.PUBLISHED
    move(by=by, session=session, to=SessionStatus.CANCELLED, now=now, reason=reason)
    if was_public:
        send_notice(session=session, kind=NoticeKind.CANCELLED, now=now, reason=reason)
    _record(by, session, "cancelled", now)


def _refuse_when_over(session: VaccinationSession, now: datetime) -> None:
    if session.ends_at <= now:
        raise UserError("session_is_over", _("Åbningstiden er slut. Den kan ikke længere ændres."))


def _record(by: Actor, session: VaccinationSession, event: str, now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="vaccination_session",
        subject_id=session.pk,
        municipality_id=session.site.municipality_id,
        detail={"event": event},
        at=now,
    )
