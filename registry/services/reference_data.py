"""Change reference data one row at a time, with the change written down: who, when, from what, to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.access.selectors import served_municipality_codes
from outreach.audit.models import Action
from outreach.audit.services import record

from ..models import ReferenceAction, ReferenceChange
from .scope import require_municipality

# Where a file of rows waits under UPLOAD_ROOT until somebody has seen what it would do.
FOLDER = "reference"
Change = dict[str, list[Any]]


def may_change_common(by: Actor) -> bool:
    """Whether rows that hold for every municipality are this actor's to change.

    They are operations' (a command), or the list administrator's where the installation serves one municipality: no
    municipality changes what another one works by.
    """
    return by.is_system or (by.municipality_code is not None and served_municipality_codes() == [by.municipality_code])


@transaction.atomic
def save_reference_row(
    *, by: Actor, table: str, row: models.Model, origin: str, now: datetime, purpose: str
) -> ReferenceChange | None:
    """Save a new or changed row; None, and nothing written, when it says what is known already.

    `table` is the reference table's key, `origin` how the change came ("Rettet på siden", a file's name). Raises
    PermissionDenied for a row that is, or was, another municipality's, or that holds for all (`may_change_common`).
    """
    by.require(Permission.MANAGE_REFERENCE_DATA)
    # Without its order, which may join what cannot be locked.
    stored = type(row)._base_manager.select_for_update().filter(pk=row.pk).order_by()
    known = stored.get() if row.pk else None
    for version in filter(None, (known, row)):
        _require_right_to(by, getattr(version, "municipality_id", None))
    changes = difference(plain_values(known) if known else {}, plain_values(row))
    if known and not changes:
        return None
    row.save()
    change = change_row(by=by, table=table, row=row, changes=changes, added=known is None, origin=origin, now=now)
    change.save()
    record(
        by=by,
        action=Action.CHANGE if known else Action.ADD,
        subject_kind=row._meta.model_name or table,
        subject_id=row.pk,
        municipality_id=change.municipality_id,
        purpose=purpose,
        detail={"fields": sorted(changes)},
        at=now,
    )
    return change


def _require_right_to(by: Actor, municipality_id: int | None) -> None:
    if municipality_id is not None:
        require_municipality(by, municipality_id)
    elif not may_change_common(by):
        raise PermissionDenied("common_reference_data")


def change_row(
    *, by: Actor, table: str, row: models.Model, changes: Change, added: bool, origin: str, now: datetime
) -> ReferenceChange:
    """The unsaved row of history for a change of a saved row; imports of thousands save them in bulk."""
    return ReferenceChange(
        table=table,
        row_key=str(row.pk),
        municipality_id=getattr(row, "municipality_id", None),
        action=ReferenceAction.ADDED if added else ReferenceAction.CHANGED,
        changes=changes,
        origin=origin[:200],
        by_name=by.name,
        user_id=by.user_id,
        at=now,
    )


def plain_values(row: models.Model) -> dict[str, Any]:
    """The row's own fields but its key, as values that JSON holds: days as ISO texts, foreign keys as keys."""
    encoder = DjangoJSONEncoder()
    return {
        field.attname: value
        if value is None or isinstance(value, str | int | float | bool | list | dict)
        else encoder.default(value)
        for field in row._meta.concrete_fields
        if not field.primary_key
        for value in [field.value_from_object(row)]
    }


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    """What differs, as {field: [before, after]}; a new row's empty fields are no change."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if before.get(name) != value and (before or value not in (None, "", [], False))
    }
