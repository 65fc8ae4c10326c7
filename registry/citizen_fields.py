"""Which columns of a citizen are asked about as one field, and a field's value in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from outreach.design.formats import date_da

from .models import EditedField

F = EditedField
# The columns behind each field; sort and search keys and the household follow from them.
FIELD_COLUMNS: dict[EditedField, tuple[str, ...]] = {
    F.NAME: ("name",),
    F.ADDRESS: ("address", "postal_code", "city", "parish_id"),
    F.EMAIL: ("email",),
    F.LANGUAGE: ("language",),
    F.NEEDS_INTERPRETER: ("needs_interpreter",),
    F.CARE_HOME: ("care_home",),
    F.PERSONAL_CARE: ("personal_care",),
    F.PRACTICAL_HELP: ("practical_help",),
    F.HOME_NURSING: ("home_nursing",),
    F.DIGITAL_POST_EXEMPT: ("digital_post_exempt",),
    F.PROTECTION: ("protected", "protected_until"),
}
FIELD_OF_COLUMN = {column: field for field, columns in FIELD_COLUMNS.items() for column in columns}


def field_words(field: EditedField, values: Mapping[str, Any]) -> str:
    """A field's value as people read it: `Prøvevej 1, 2635 Ishøj`, `ja`, `beskyttet til 01.06.2021`."""
    if field == F.ADDRESS:
        place = f"{values.get('postal_code') or ''} {values.get('city') or ''}".strip()
        return ", ".join(part for part in (values.get("address") or "", place) if part)
    if field == F.PROTECTION:
        if not values.get("protected"):
            return _("ikke beskyttet")
        until = values.get("protected_until")
        return _("beskyttet til %(day)s") % {"day": date_da(until)} if until else _("beskyttet uden slutdato")
    value = values.get(FIELD_COLUMNS[field][0])
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    return str(value or "")
