"""The grant that contact is paid from (K12)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Municipality
from registry.services.scope import require_municipality

from ...models import WorkBudget


@transaction.atomic
def save_budget(
    *,
    by: Actor,
    municipality: Municipality,
    budget: WorkBudget | None,
    name: str,
    reference: str,
    amount: int,
    starts_on: date,
    ends_on: date,
    hourly_rate: int,
    segment_price: int,
    letter_price: int,
    ride_price: int,
    now: datetime,
) -> WorkBudget:
    """Write a new grant, or change one. Amounts in øre.

    Raises UserError `period` when it ends before it starts, `amount` when nothing is granted, and `same_budget` when
    there is another of that name from that day.
    """
    by.require(Permission.MANAGE_POLICIES)
    require_municipality(by, municipality.pk)
    if ends_on < starts_on:
        raise UserError("period", _("Bevillingen slutter, før den begynder. Ret datoerne."))
    if amount <= 0:
        raise UserError("amount", _("Skriv, hvor stort et beløb der er bevilget."))
    same = WorkBudget.objects.filter(municipality=municipality, starts_on=starts_on, name=name)
    if (same.exclude(pk=budget.pk) if budget else same).exists():
        raise UserError("same_budget", _("Der er allerede en bevilling med det navn fra den dag. Ret den i stedet."))
    written = budget or WorkBudget(municipality=municipality)
    new = {
        "name": name, "reference": reference, "amount": amount, "starts_on": starts_on, "ends_on": ends_on,
        "hourly_rate": hourly_rate, "segment_price": segment_price, "letter_price": letter_price,
        "ride_price": ride_price,
    }  # fmt: skip
    changed = sorted(field for field, value in new.items() if getattr(written, field) != value)
    for field, value in new.items():
        setattr(written, field, value)
    written.changed_at, written.changed_by_name = now, by.name
    written.save()
    record(
        by=by,
        action=Action.CHANGE if budget else Action.ADD,
        subject_kind="workbudget",
        subject_id=written.pk,
        municipality_id=municipality.pk,
        purpose=_("Bevilling"),
        detail={"fields": changed},
        at=now,
    )
    return written
