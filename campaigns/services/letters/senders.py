"""Who a municipality's letters come from (S9, K10)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from registry.services.scope import require_municipality

from ...models import ContactPoint, LetterSender


@transaction.atomic
def set_sender(
    *,
    by: Actor,
    municipality_id: int,
    phone: str,
    unit: str,
    address: str,
    postal_code: str,
    city: str,
    cvr: str,
    now: datetime,
) -> None:
    """Write down the return address, the number to call and the CVR number; letters made from now on carry them."""
    by.require(Permission.SEND_LETTERS)
    require_municipality(by, municipality_id)
    LetterSender.objects.update_or_create(
        municipality_id=municipality_id,
        defaults={"unit": unit, "address": address, "postal_code": postal_code, "city": city, "cvr": cvr},
    )
    ContactPoint.objects.update_or_create(municipality_id=municipality_id, defaults={"phone": phone})
    record(by=by, action=Action.CHANGE, subject_kind="letter_batch", purpose=_("Afsender på breve ændret"), at=now)
