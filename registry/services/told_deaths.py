"""A death that somebody told us of, looked up in CPR and confirmed by a person (C3)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record

from .. import signals
from ..models import Citizen, CitizenStatus
from .follow_ups import close_for_status
from .scope import require_municipality


@transaction.atomic
def confirm_death(*, by: Actor, citizen: Citizen, now: datetime) -> Citizen:
    """Set the citizen's status to dead: all work ends and all messages stop at once. Again: no effect.

    The call that told of it only ends the follow-ups: a mistaken click must not bury anybody, and the next file from
    the register says what is true.
    """
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, citizen.municipality_id)
    locked = Citizen.objects.select_for_update(of=("self",)).get(pk=citizen.pk)
    if locked.status == CitizenStatus.DECEASED:
        return locked
    locked.status, locked.updated_at = CitizenStatus.DECEASED, now
    locked.save(update_fields=["status", "updated_at"])
    close_for_status(by=by, municipality_id=locked.municipality_id, now=now, citizen_ids=[locked.pk])
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=locked.pk,
        municipality_id=locked.municipality_id,
        purpose=_("Dødsfald bekræftet efter opslag i CPR"),
        detail={"fields": ["status"]},
        at=now,
    )
    signals.citizens_changed.send(
        sender=Citizen, municipality_id=locked.municipality_id, now=now, by=by, citizen_ids=[locked.pk]
    )
    return locked
