"""Drafts of own selections: written down with their purpose, or thrown away (L9)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import Municipality, Programme, Selection, SelectionState
from ..selectors.selections_criteria import Criteria
from .scope import require_municipality


@transaction.atomic
def draft_selection(
    *,
    by: Actor,
    municipality: Municipality,
    programme: Programme,
    name: str,
    purpose: str,
    criteria: Criteria,
    ends_on: date | None,
    now: datetime,
) -> Selection:
    """Write a selection down without starting it.

    Raises UserError `selection_purpose` (every use of citizens' data has a stated purpose), `selection_criteria`
    (nothing narrows it down) or `selection_dates`.
    """
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, municipality)
    if not name.strip() or not purpose.strip():
        raise UserError("selection_purpose", _("Skriv både udvalgets navn og formålet med det."))
    if not criteria.narrows:
        raise UserError("selection_criteria", _("Vælg mindst ét kriterium. Ellers gælder udvalget alle borgere."))
    if ends_on is not None and ends_on < localdate(now):
        raise UserError("selection_dates", _("Den sidste dag er allerede forbi. Ret datoen."))
    selection = Selection.objects.create(
        municipality=municipality,
        programme=programme,
        name=name.strip(),
        purpose=purpose.strip(),
        criteria=criteria.stored(),
        ends_on=ends_on,
        state_changed_at=now,
        created_by_name=by.name,
        created_at=now,
    )
    _log(by, selection, Action.ADD, _("Eget udvalg oprettet"), now)
    return selection


@transaction.atomic
def delete_draft(*, by: Actor, selection: Selection, now: datetime) -> None:
    """Remove a selection that was never started. Raises UserError `wrong_state`."""
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, selection.municipality_id)
    current = Selection.objects.select_for_update(of=("self",)).get(pk=selection.pk)
    if current.state != SelectionState.DRAFT:
        raise UserError("wrong_state", _("Kun en kladde kan slettes."))
    _log(by, current, Action.DELETE, _("Kladde til eget udvalg slettet"), now)
    current.delete()


def _log(by: Actor, selection: Selection, action: Action, purpose: str, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="selection",
        subject_id=selection.pk,
        municipality_id=selection.municipality_id,
        purpose=purpose,
        at=now,
    )
