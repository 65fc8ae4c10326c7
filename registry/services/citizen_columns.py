"""Write a citizen's columns with what follows from them, and remember a hand-made edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record

from ..danish_order import search_key, sort_key
from ..households import household_key
from ..models import Citizen, CitizenEdit, EditedField

NAME_LIMIT = 200


def name_columns(name: str) -> dict[str, str]:
    """The name with the keys by which it is sorted and searched."""
    return {"name": name, "sort_name": sort_key(name)[:NAME_LIMIT], "search_name": search_key(name)[:NAME_LIMIT]}


def write_columns(citizen: Citizen, values: Mapping[str, Any], now: datetime) -> None:
    """Set columns and what follows from them: keys of the name, the household of the address (C6)."""
    for name, value in {**values, **name_columns(values.get("name", citizen.name))}.items():
        setattr(citizen, name, value)
    if {"address", "postal_code", "care_home"} & set(values):
        # A care home is one address and many households.
        citizen.household_key = "" if citizen.care_home else household_key(citizen.address, citizen.postal_code)
    if not citizen.protected:
        citizen.protected_until = None
    citizen.updated_at = now
    citizen.save()


def remember_edit(*, by: Actor, citizen: Citizen, field: EditedField, old_value: str, now: datetime) -> None:
    """From now on a file that says otherwise is asked about (ask before overwrite)."""
    CitizenEdit.objects.update_or_create(
        citizen=citizen,
        field=field,
        defaults={
            "municipality_id": citizen.municipality_id,
            "old_value": old_value,
            "edited_by_name": by.name,
            "edited_at": now,
        },
    )


def record_change(*, by: Actor, citizen: Citizen, fields: list[str], now: datetime) -> None:
    """The access log's line of a change by hand: which fields, never their content (A3)."""
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizen",
        subject_id=citizen.pk,
        municipality_id=citizen.municipality_id,
        purpose=_("Stamoplysninger"),
        detail={"fields": fields},
        at=now,
    )
