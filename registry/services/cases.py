"""A follow-up opened by hand for a citizen or relative who calls in, on no list or without a CPR number (L9)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from .. import signals
from ..models import (
    CalledBy,
    Case,
    Citizen,
    CitizenStatus,
    FollowUp,
    FollowUpChange,
    FollowUpOrigin,
    FollowUpStatus,
    NextStepKind,
    Programme,
)
from ..selectors.reference import deadlines_from, mandatory_group_codes
from ..selectors.selections import target_group_of
from .follow_ups import TO_BE_PLANNED, reopen_follow_up
from .scope import require_municipality

REASON_LIMIT = 1000


@transaction.atomic
def open_case(
    *,
    by: Actor,
    citizen: Citizen,
    programme: Programme,
    reason: str,
    called_by: CalledBy | str,
    caller_name: str = "",
    now: datetime,
) -> FollowUp:
    """Open the citizen's follow-up in the programme, so that an answer can be recorded at once.

    An open one stays as it is and gets the case beside it; a closed one is opened again, also after a no, because
    they called themselves ("mulighed for at fortryde", L8). Deadlines run from today (K3). Sends `follow_ups_opened`.
    Raises UserError `case_reason`, `case_citizen` (dead, moved away …) or `case_do_not_contact`.
    """
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, citizen.municipality_id)
    if not reason.strip() or len(reason) > REASON_LIMIT:
        raise UserError("case_reason", _("Skriv, hvorfor sagen oprettes, højst 1.000 tegn."))
    person = Citizen.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=citizen.pk)
    if person.status != CitizenStatus.ACTIVE:
        raise UserError(
            "case_citizen",
            _("Der kan ikke oprettes en sag: borgeren er efter registret »%(status)s«.")
            % {"status": person.get_status_display()},
        )
    if person.do_not_contact_since is not None:
        raise UserError(
            "case_do_not_contact", _("Borgeren har bedt om ikke at blive kontaktet. Tal med teamlederen først.")
        )
    follow_up = _follow_up(by, person, programme, now)
    Case.objects.create(
        municipality_id=person.municipality_id,
        follow_up=follow_up,
        called_by=CalledBy(called_by),
        caller_name=caller_name.strip()[:200],
        reason=reason.strip(),
        created_by_name=by.name,
        created_at=now,
    )
    record(
        by=by,
        action=Action.ADD,
        subject_kind="citizen",
        subject_id=person.pk,
        municipality_id=person.municipality_id,
        purpose=_("Sag oprettet efter henvendelse"),
        at=now,
    )
    signals.follow_ups_opened.send(
        sender=Case, citizen_ids=[person.pk], municipality_id=person.municipality_id, now=now, by=by
    )
    follow_up.refresh_from_db()
    return follow_up


def _follow_up(by: Actor, citizen: Citizen, programme: Programme, now: datetime) -> FollowUp:
    known = FollowUp.objects.filter(citizen=citizen, programme=programme).first()
    if known is not None and known.status == FollowUpStatus.OPEN:
        return known
    if known is not None:
        reopened = reopen_follow_up(by=by, follow_up=known, now=now)
        # Without its list: a list that does not name the citizen must not close what they asked for (L7).
        FollowUp.objects.filter(pk=reopened.pk).update(origin=FollowUpOrigin.CASE, last_list=None)
        return reopened
    today = localdate(now)
    group = target_group_of(citizen, programme.pk, citizen.municipality, today)
    follow_up = FollowUp.objects.create(
        municipality_id=citizen.municipality_id,
        citizen=citizen,
        programme=programme,
        target_group=group,
        mandatory=group in mandatory_group_codes(programme, today, citizen.municipality_id),
        origin=FollowUpOrigin.CASE,
        opened_at=now,
        next_step_kind=NextStepKind.WAIT,
        next_step_at=now,
        next_step_reason=TO_BE_PLANNED,
        updated_at=now,
        **deadlines_from(programme, citizen.municipality, today),
    )
    FollowUpChange.objects.create(
        municipality_id=citizen.municipality_id,
        follow_up=follow_up,
        kind=FollowUpChange.Kind.OPENED,
        at=now,
        by_name=by.name,
        reason="case",
    )
    return follow_up
