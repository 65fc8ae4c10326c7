"""People around a citizen, written down by hand: guardian, relatives, custody holders (K8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.errors import UserError
from outreach.messaging.numbers import normalise
from outreach.privacy.sealing import seal

from ..models import Citizen, EditedField, Relative, RelativeKind
from .citizen_columns import NAME_LIMIT, record_change, remember_edit
from .scope import require_municipality

# Custody holders come in no file, so there is nothing to ask about.
ASKED_ABOUT = {RelativeKind.GUARDIAN: EditedField.GUARDIAN, RelativeKind.RELATIVE: EditedField.RELATIVE}


@transaction.atomic
def save_relative(
    *, by: Actor, citizen: Citizen, kind: RelativeKind, name: str, phone: str, now: datetime, relation: str = ""
) -> Relative:
    """Write down somebody, or change the one of that kind and name; a blank phone keeps the one that is known.

    Raises UserError `relative_name` or `phone_invalid`.
    """
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, citizen.municipality_id)
    name = name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise UserError("relative_name", _("Skriv personens navn, højst 200 tegn."))
    canonical = normalise(phone) if phone.strip() else None
    if phone.strip() and canonical is None:
        raise UserError(
            "phone_invalid", _("Det er ikke et gyldigt telefonnummer. Skriv otte cifre eller landekode og nummer.")
        )
    found, _created = Relative.objects.get_or_create(
        citizen=citizen, kind=kind, name=name, defaults={"municipality_id": citizen.municipality_id}
    )
    _remember(by, citizen, kind, _words(found), now)
    if relation.strip():
        found.relation = relation.strip()[:80]
    if canonical is not None:
        sealed = seal("phone", canonical)
        found.phone_ciphertext, found.phone_index = sealed.ciphertext, sealed.index
    found.save()
    record_change(by=by, citizen=citizen, fields=[f"relative.{kind}"], now=now)
    return found


@transaction.atomic
def remove_relative(*, by: Actor, relative: Relative, now: datetime) -> None:
    """Take somebody off; a file that still names them is asked about."""
    by.require(Permission.EDIT_CITIZENS)
    require_municipality(by, relative.municipality_id)
    kind = RelativeKind(relative.kind)
    _remember(by, relative.citizen, kind, _words(relative), now)
    record_change(by=by, citizen=relative.citizen, fields=[f"relative.{kind}.removed"], now=now)
    relative.delete()


def _remember(by: Actor, citizen: Citizen, kind: RelativeKind, old_value: str, now: datetime) -> None:
    field = ASKED_ABOUT.get(kind)
    if field is not None:
        remember_edit(by=by, citizen=citizen, field=field, old_value=old_value, now=now)


def _words(relative: Relative) -> str:
    return f"{relative.name} {relative.phone}".strip()
