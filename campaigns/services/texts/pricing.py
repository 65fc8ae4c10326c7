"""What a segment costs the municipality, by the agreement it has with its gateway (S2)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.services.scope import require_municipality

from ...models import MessagePrice

HIGHEST_ORE = Decimal(1000)


def ore_per_segment(*, municipality_id: int, gateway: str, on: date) -> Decimal | None:
    """The price of one segment in øre on that day, or None where nobody has written one down.

    The municipality's own price goes before a common one, one for the gateway before one for any, the newest last.
    """
    prices = MessagePrice.objects.filter(
        Q(municipality=municipality_id) | Q(municipality=None), gateway__in=[gateway, ""], valid_from__lte=on
    )
    best = prices.order_by(F("municipality").asc(nulls_last=True), "-gateway", "-valid_from").first()
    return best.ore_per_segment if best else None


@transaction.atomic
def set_price(*, by: Actor, municipality_id: int, gateway: str, ore: Decimal, valid_from: date, now: datetime) -> None:
    """Write down the price from a day on: the last written counts. Raises UserError `price_out_of_range`."""
    by.require(Permission.EDIT_TEXTS)
    require_municipality(by, municipality_id)
    if not 0 <= ore <= HIGHEST_ORE:
        raise UserError("price_out_of_range", _("Skriv prisen i øre for én sms-del, mellem 0 og 1.000."))
    MessagePrice.objects.update_or_create(
        municipality_id=municipality_id,
        gateway=gateway,
        valid_from=valid_from,
        defaults={"ore_per_segment": ore, "set_at": now, "set_by_name": by.name},
    )
    record(by=by, action=Action.CHANGE, subject_kind="message_price", purpose=_("Sms-pris ændret"), at=now)
