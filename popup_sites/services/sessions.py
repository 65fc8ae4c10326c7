"""Plan opening hours at a site, with their second round, and change them (P2, P3, P6).

A team is in one place at a time, and a site holds one session at a time. The site and the team are locked
before the check, so that it still holds when the row is written; the database's exclusion constraints come last.
"""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Programme

from ..local_times import minutes_between
from ..models import (
    NoticeKind,
    PopupSite,
    SessionStatus,
    VaccinationSession,
    VaccinationTeam,
)
from ..second_round import check_second_round
from ..selectors.conflicts import find_conflict
from ..session_rules import capacity_of, check_hours, check_room, check_staffing
from .notices import send_notice, what_is_told
from .publishing import lock_session
from .status import begin


@transaction.atomic
def create_session(
    *,
    by: Actor,
    site: PopupSite,
    programme: Programme,
    starts_at: datetime,
    ends_at: datetime,
    vaccinators: int,
    minutes_per_dose: int,
    doses: int,
    vaccine: str,
    now: datetime,
    team: VaccinationTeam | None = None,
    drop_in: bool = True,
    by_appointment: bool = False,
    second_round_starts_at: datetime | None = None,
    second_round_of: VaccinationSession | None = None,
) -> VaccinationSession:
    """A planned session, and its second round at `second_round_starts_at` with the same hours, team and doses.

    Give `second_round_of` to plan the second round of a session that has none. Returns the (first) session.
    Raises PermissionDenied outside the region, and UserError with the codes of `session_rules`, `second_round`
    and `selectors.conflicts`, and `has_second_round`.
    """
    _lock_place(by, site, team)
    session = VaccinationSession(
        site=site,
        programme=programme,
        team=team,
        starts_at=starts_at,
        ends_at=ends_at,
        drop_in=drop_in,
        by_appointment=by_appointment,
        vaccinators=vaccinators,
        minutes_per_dose=minutes_per_dose,
        doses=doses,
        vaccine=vaccine,
        created_by_name=by.name,
        created_at=now,
    )
    if second_round_of is not None:
        _follow_first(by, session, second_round_of)
    _save_new(by, session, now)
    if second_round_starts_at is not None:
        try:
            _save_second_round(by, session, second_round_starts_at, now)
        except UserError as error:
            raise UserError(
                f"second_round_{error.code.removeprefix('second_round_')}",
                _("Anden runde: %(why)s") % {"why": error.message},
            ) from error
    return session


@transaction.atomic
def change_session(
    *,
    by: Actor,
    session: VaccinationSession,
    programme: Programme,
    starts_at: datetime,
    ends_at: datetime,
    vaccinators: int,
    minutes_per_dose: int,
    doses: int,
    vaccine: str,
    now: datetime,
    team: VaccinationTeam | None = None,
    drop_in: bool = True,
    by_appointment: bool = False,
) -> VaccinationSession:
    """Change a session that is not over; where the municipality was told otherwise, it is told anew (P1).

    Raises as `create_session`, and UserError `session_is_over`, `session_is_cancelled` and
    `capacity_below_reserved` (BK08).
    """
    _lock_place(by, session.site, team)
    locked = lock_session(by=by, session=session)
    if locked.status == SessionStatus.CANCELLED:
        raise UserError("session_is_cancelled", _("Åbningstiden er aflyst. Opret en ny i stedet."))
    if locked.ends_at <= now:
        raise UserError("session_is_over", _("Åbningstiden er slut. Den kan ikke længere ændres."))
    told_before = what_is_told(locked)
    # One that has begun may be prolonged; moved, it must lie ahead as a new one must.
    earliest = min(now, locked.starts_at) if starts_at == locked.starts_at else now
    locked.programme, locked.team, locked.vaccine = programme, team, vaccine
    locked.starts_at, locked.ends_at = starts_at, ends_at
    locked.vaccinators, locked.minutes_per_dose, locked.doses = vaccinators, minutes_per_dose, doses
    locked.drop_in, locked.by_appointment, locked.updated_at = drop_in, by_appointment, now
    _check_rounds(locked)
    _check(locked, earliest)
    locked.save()
    _record(by, locked, Action.CHANGE, now)
    if locked.status == SessionStatus.PUBLISHED and what_is_told(locked) != told_before:
        send_notice(session=locked, kind=NoticeKind.CHANGED, now=now)
    return locked


def _lock_place(by: Actor, site: PopupSite, team: VaccinationTeam | None) -> None:
    """Lock the site, then the team: always in this order, so that two planners never wait for each other."""
    by.require(Permission.PLAN_POPUP_SITES)
    if not PopupSite.objects.visible_to(by).filter(pk=site.pk).exists():
        raise PermissionDenied("site_out_of_scope")
    PopupSite.objects.select_for_update(no_key=True).get(pk=site.pk)
    if team is not None:
        if team.region_id != site.region_id:
            raise PermissionDenied("team_out_of_scope")
        VaccinationTeam.objects.select_for_update(no_key=True).get(pk=team.pk)


def _follow_first(by: Actor, session: VaccinationSession, first: VaccinationSession) -> None:
    """Make the session the second round of another; a cancelled second round gives its place up."""
    locked = lock_session(by=by, session=first)
    present = VaccinationSession.objects.filter(second_round_of=locked).first()
    if locked.site_id != session.site_id or locked.second_round_of_id is not None:
        raise PermissionDenied("session_out_of_scope")
    if present is not None and present.status != SessionStatus.CANCELLED:
        raise UserError("has_second_round", _("Der er allerede planlagt en anden runde. Ret den i stedet."))
    if present is not None:
        VaccinationSession.objects.filter(pk=present.pk).update(second_round_of=None)
    check_second_round(first_starts_at=locked.starts_at, second_starts_at=session.starts_at, vaccine=session.vaccine)
    session.second_round_of = locked


def _save_new(by: Actor, session: VaccinationSession, now: datetime) -> None:
    session.updated_at = now
    _check(session, now)
    session.save(force_insert=True)
    begin(by=by, session=session, now=now)
    _record(by, session, Action.ADD, now)


def _save_second_round(by: Actor, first: VaccinationSession, starts_at: datetime, now: datetime) -> None:
    """Write the second round: the first one again, later."""
    check_second_round(first_starts_at=first.starts_at, second_starts_at=starts_at, vaccine=first.vaccine)
    second = VaccinationSession(
        site=first.site,
        programme=first.programme,
        team=first.team,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes_between(first.starts_at, first.ends_at)),
        drop_in=first.drop_in,
        by_appointment=first.by_appointment,
        vaccinators=first.vaccinators,
        minutes_per_dose=first.minutes_per_dose,
        doses=first.doses,
        vaccine=first.vaccine,
        second_round_of=first,
        created_by_name=by.name,
        created_at=now,
    )
    _save_new(by, second, now)


def _check(session: VaccinationSession, now: datetime) -> None:
    """Every rule of a session about to be written; fills in its capacity."""
    check_hours(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    check_staffing(vaccinators=session.vaccinators, minutes_per_dose=session.minutes_per_dose, doses=session.doses)
    session.capacity = capacity_of(
        vaccinators=session.vaccinators,
        minutes=minutes_between(session.starts_at, session.ends_at),
        minutes_per_dose=session.minutes_per_dose,
        doses=session.doses,
    )
    check_room(capacity=session.capacity, reserved=session.reserved)
    conflict = find_conflict(
        site=session.site,
        team=session.team,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        except_id=session.pk,
    )
    if conflict is not None:
        raise UserError(conflict.code, conflict.sentence())


def _check_rounds(session: VaccinationSession) -> None:
    """Keep the interval to the other round, whichever of the two is changed (P6)."""
    if session.second_round_of is not None:
        check_second_round(
            first_starts_at=session.second_round_of.starts_at,
            second_starts_at=session.starts_at,
            vaccine=session.second_round_of.vaccine,
        )
    second = VaccinationSession.objects.filter(second_round_of=session).exclude(status=SessionStatus.CANCELLED).first()
    if second is not None:
        check_second_round(
            first_starts_at=session.starts_at, second_starts_at=second.starts_at, vaccine=session.vaccine
        )


def _record(by: Actor, session: VaccinationSession, action: Action, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="vaccination_session",
        subject_id=session.pk,
        municipality_id=session.site.municipality_id,
        at=now,
    )
