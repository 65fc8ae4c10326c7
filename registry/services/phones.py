"""Phone numbers of citizens, each with its source; wrong ones are kept as wrong (C4)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import seal

from ..models import Citizen, Phone, PhoneKind, PhoneSource
from .scope import require_municipality


@transaction.atomic
def add_phone(
    *, by: Actor, citizen: Citizen, number: str, kind: PhoneKind, source: PhoneSource, now: datetime
) -> Phone:
    """Give the citizen a number; one that is known already is confirmed (no longer wrong, newest source).

    A known mobile stays a mobile: a source that calls the same number a landline does not change it (C4).
    Raises UserError `phone_invalid`.
    """
    require_municipality(by, citizen.municipality_id)
    canonical = normalise(number)
    if canonical is None:
        raise UserError(
            "phone_invalid", _("Det er ikke et gyldigt telefonnummer. Skriv otte cifre eller landekode og nummer.")
        )
    sealed = seal("phone", canonical)
    phone = Phone.objects.filter(citizen=citizen, number_index=sealed.index).first()
    if phone is None:
        phone = Phone(
            municipality_id=citizen.municipality_id,
            citizen=citizen,
            number_ciphertext=sealed.ciphertext,
            number_index=sealed.index,
            kind=kind,
        )
    elif phone.kind != PhoneKind.MOBILE:
        phone.kind = kind
    phone.source, phone.found_by_name, phone.found_at = source, by.name, now
    phone.wrong_since, phone.wrong_reason, phone.wrong_by_name = None, "", ""
    phone.save()
    _record(by, citizen, ["phone"], now)
    return phone


@transaction.atomic
def mark_wrong(*, by: Actor, phone: Phone, reason: str, now: datetime) -> Phone:
    """Keep the number as wrong from now on, with the reason in Danish; marking it again changes nothing."""
    require_municipality(by, phone.municipality_id)
    if phone.wrong_since is None:
        phone.wrong_since, phone.wrong_reason, phone.wrong_by_name = now, reason[:200], by.name
        phone.save(update_fields=["wrong_since", "wrong_reason", "wrong_by_name"])
        _record(by, phone.citizen, ["phone.wrong"], now)
    return phone


@transaction.atomic
def clear_wrong(*, by: Actor, phone: Phone, now: datetime) -> Phone:
    """The number works after all: only a person says so, never a file (C4)."""
    require_municipality(by, phone.municipality_id)
    if phone.wrong_since is not None:
        phone.wrong_since, phone.wrong_reason, phone.wrong_by_name = None, "", ""
        phone.save(update_fields=["wrong_since", "wrong_reason", "wrong_by_name"])
        _record(by, phone.citizen, ["phone.right"], now)
    return phone


@transaction.atomic
def set_kind(*, by: Actor, phone: Phone, kind: PhoneKind, now: datetime) -> Phone:
    """Say what kind of number it is. A person's word also turns a mobile into a landline, which no file may (C4)."""
    require_municipality(by, phone.municipality_id)
    if phone.kind != kind:
        phone.kind, phone.found_by_name = kind, by.name
        # No longer the system's: the next file leaves the kind alone.
        phone.source = PhoneSource.LOOKED_UP if phone.source == PhoneSource.SYSTEM else PhoneSource(phone.source)
        phone.save(update_fields=["kind", "found_by_name", "source"])
        _record(by, phone.citizen, ["phone.kind"], now)
    return phone


def _record(by: Actor, citizen: Citizen, changed: list[str], now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=_("Kontaktoplysninger"),
        detail={"fields": changed},
        at=now,
    )
