"""Create a citizen by hand, and change what is known of one; every change by hand is remembered per field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from outreach.privacy.sealing import seal

from ..citizen_fields import FIELD_COLUMNS, FIELD_OF_COLUMN, field_words
from ..cpr import CprProblem, ParsedCpr, parse
from ..models import Citizen, CprKind, EditedField, Municipality, PhoneKind, PhoneSource
from .citizen_columns import NAME_LIMIT, name_columns, record_change, remember_edit, write_columns
from .citizen_differences import settle_by_hand
from .phones import add_phone
from .scope import require_municipality


@transaction.atomic
def create_citizen(
    *,
    by: Actor,
    municipality: Municipality,
    name: str,
    birth_date: date | None,
    cpr: str | None = None,
    phone: str = "",
    reason: str,
    now: datetime,
    birth_date_approximate: bool = False,
    phone_kind: PhoneKind = PhoneKind.UNKNOWN,
    language: str = "da",
) -> Citizen:
    """Write down somebody no file has told of: with a CPR number, or without one (C2, L9).

    `reason` goes to the access log. A known number is never made twice; people without a number are never merged, so
    look at `possible_duplicates` first. Raises UserError `citizen_name`, `citizen_reason`, `citizen_exists`,
    `phone_invalid`, or CPR's own codes.
    """
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, municipality)
    name = name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise UserError("citizen_name", _("Skriv borgerens navn, højst 200 tegn."))
    if not reason.strip():
        raise UserError("citizen_reason", _("Skriv, hvorfor borgeren oprettes. Det står i adgangsloggen."))
    parsed = _parsed(cpr, localdate(now)) if cpr else None
    citizen = Citizen(
        municipality=municipality,
        cpr_kind=parsed.kind if parsed else CprKind.NONE,
        sex=parsed.sex or "" if parsed else "",
        birth_date=(parsed.birth_date if parsed else None) or birth_date,
        birth_date_approximate=birth_date_approximate and parsed is None and birth_date is not None,
        language=language,
        created_at=now,
        updated_at=now,
        **name_columns(name),
    )
    if parsed:
        _set_number(citizen, parsed)
    citizen.save()
    record(
        by=by,
        action=Action.ADD,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=municipality.pk,
        purpose=_("Borger oprettet: %(reason)s") % {"reason": reason.strip()[:120]},
        at=now,
    )
    if phone.strip():
        add_phone(by=by, citizen=citizen, number=phone, kind=phone_kind, source=PhoneSource.CITIZEN, now=now)
    return citizen


@transaction.atomic
def edit_citizen(*, by: Actor, citizen: Citizen, values: Mapping[str, Any], now: datetime) -> list[EditedField]:
    """Write `values` (column → value) where they differ; answers which fields changed.

    Each changed field is remembered with who, when and the old value, so that a later file asks before it overwrites.
    """
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, citizen.municipality_id)
    current = Citizen.objects.select_for_update(of=("self",)).get(pk=citizen.pk)
    changed = {name: value for name, value in values.items() if getattr(current, name) != value}
    fields = list(dict.fromkeys(FIELD_OF_COLUMN[name] for name in changed if name in FIELD_OF_COLUMN))
    if not changed:
        return []
    for field in fields:
        old = field_words(field, {column: getattr(current, column) for column in FIELD_COLUMNS[field]})
        remember_edit(by=by, citizen=current, field=field, old_value=old, now=now)
    write_columns(current, changed, now)
    settle_by_hand(by=by, citizen=current, fields=fields, now=now)
    record_change(by=by, citizen=current, fields=list(changed), now=now)
    return fields


def _parsed(cpr: str, today: date) -> ParsedCpr:
    parsed = parse(cpr, today=today)
    if isinstance(parsed, CprProblem):
        raise UserError(parsed.code, parsed.message)
    return parsed


def _set_number(citizen: Citizen, parsed: ParsedCpr) -> None:
    sealed = seal("cpr", parsed.canonical)
    known = Citizen.objects.filter(municipality_id=citizen.municipality_id, cpr_index=sealed.index)
    if known.exists():
        raise UserError("citizen_exists", _("Der findes allerede en borger med det CPR-nummer. Søg borgeren frem."))
    citizen.cpr_ciphertext, citizen.cpr_index = sealed.ciphertext, sealed.index
