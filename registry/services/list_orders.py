"""List orders: drafted here, approved by SST for a stated purpose (L2)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import ListOrder, Municipality, Programme
from .scope import require_municipality


@transaction.atomic
def create_list_order(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    reference: str,
    purpose: str,
    approved_on: date,
    expires_on: date,
    now: datetime,
) -> ListOrder:
    """Write down an approved order. `expires_on` is the last day on which lists may be committed under it (L2).

    Raises UserError `order_dates`, `order_purpose` or `order_exists`.
    """
    by.require(Permission.MANAGE_LIST_ORDERS)
    require_municipality(by, municipality)
    reference, purpose = reference.strip(), purpose.strip()
    if not reference or not purpose:
        raise UserError("order_purpose", _("Skriv både bestillingens nummer og det formål, den er godkendt til."))
    if expires_on < approved_on:
        raise UserError("order_dates", _("Bestillingen udløber, før den er godkendt. Ret datoerne."))
    try:
        with transaction.atomic():
            order = ListOrder.objects.create(
                municipality=municipality,
                programme=programme,
                reference=reference,
                purpose=purpose,
                approved_on=approved_on,
                expires_on=expires_on,
                created_by_name=by.name,
                created_at=now,
            )
    except IntegrityError as error:
        raise UserError(
            "order_exists", _("Bestillingen %(reference)s findes allerede.") % {"reference": reference}
        ) from error
    record(
        by=by,
        action=Action.ADD,
        subject_kind="listorder",
        subject_id=order.pk,
        municipality_id=municipality.pk,
        purpose=_("Listebestilling"),
        at=now,
    )
    return order
