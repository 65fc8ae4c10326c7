"""A municipality's own rules for waves: does a second person approve, and how many are reckoned to come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.services.scope import require_municipality

from ...models import WaveSettings


def wave_settings(municipality_id: int) -> WaveSettings:
    """The municipality's own rules, else the common ones (not saved)."""
    found = WaveSettings.objects.filter(municipality=municipality_id).first()
    return found or WaveSettings(municipality_id=municipality_id)


@transaction.atomic
def set_wave_settings(
    *, by: Actor, municipality_id: int, second_person: bool, expected_percent: int, now: datetime
) -> WaveSettings:
    """Write the rules down. Raises UserError `wave_settings` for a share that is none."""
    by.require(Permission.MANAGE_POLICIES)
    require_municipality(by, municipality_id)
    if not 1 <= expected_percent <= 100:
        raise UserError("wave_settings", _("Skriv en andel mellem 1 og 100 procent."))
    rules, _created = WaveSettings.objects.update_or_create(
        municipality_id=municipality_id,
        defaults={"second_person": second_person, "expected_percent": expected_percent},
    )
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="sms_wave",
        municipality_id=municipality_id,
        purpose=_("Regler for sms-udsendelser ændret"),
        detail={"second_person": second_person, "expected_percent": expected_percent},
        at=now,
    )
    return rules
