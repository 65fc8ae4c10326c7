"""Decide where a file and a hand-made edit disagree: ours or theirs, one by one or in bulk (ask before overwrite)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.errors import UserError

from ..citizen_fields import FIELD_COLUMNS
from ..models import Citizen, CitizenDifference, CitizenEdit, DifferenceState, EditedField, Relative
from .citizen_columns import record_change, write_columns
from .citizen_merging import merge
from .scope import require_municipality

Choice = Literal["ours", "theirs"]


@transaction.atomic
def decide_differences(*, by: Actor, differences: QuerySet[CitizenDifference], choice: Choice, now: datetime) -> int:
    """Settle the open ones among `differences`; how many. Decided meanwhile by a colleague: left as they are.

    Ours: the hand-made value stays, and the same value of a file is not asked about again. Theirs: the file's value is
    written, and the field follows the files again. Of two records of one person it says whose answers hold.
    Raises UserError `difference_choice` for any other choice.
    """
    by.require(Permission.EDIT_CITIZENS)
    if choice not in ("ours", "theirs"):
        raise UserError("difference_choice", _("Vælg, om jeres eller filens oplysning skal bruges."))
    waiting = differences.filter(state=DifferenceState.OPEN).select_for_update(of=("self",)).order_by("id")
    settled = 0
    for difference in waiting:
        require_municipality(by, difference.municipality_id)
        citizen = Citizen.objects.select_for_update(of=("self",)).get(pk=difference.citizen_id)
        field = EditedField(difference.field)
        if field == EditedField.PERSON:
            _make_one(by, citizen, difference, choice, now)
        elif choice == "theirs":
            _use_theirs(citizen, field, difference, now)
            CitizenEdit.objects.filter(citizen=citizen, field=field).delete()
        difference.state, difference.decided_by_name, difference.decided_at = DifferenceState(choice), by.name, now
        if field != EditedField.PERSON:  # a merge removes its question
            difference.save(update_fields=["state", "decided_by_name", "decided_at"])
            record_change(by=by, citizen=citizen, fields=[f"{field}.{choice}"], now=now)
        settled += 1
    return settled


def settle_by_hand(*, by: Actor, citizen: Citizen, fields: Sequence[EditedField], now: datetime) -> int:
    """Close the differences that an edit made equal to the file; the field is then as the file has it."""
    settled = 0
    for difference in CitizenDifference.objects.filter(citizen=citizen, field__in=fields):
        field = EditedField(difference.field)
        theirs = theirs_of(difference)
        if field in FIELD_COLUMNS and all(getattr(citizen, name) == value for name, value in theirs.items()):
            difference.state, difference.decided_by_name, difference.decided_at = DifferenceState.SAME, by.name, now
            difference.save(update_fields=["state", "decided_by_name", "decided_at"])
            CitizenEdit.objects.filter(citizen=citizen, field=field).delete()
            settled += 1
    return settled


def theirs_of(difference: CitizenDifference) -> dict[str, Any]:
    """The file's columns with their own types: JSON knows no dates."""
    values = dict(difference.theirs)
    if until := values.get("protected_until"):
        values["protected_until"] = date.fromisoformat(until)
    return values


def _use_theirs(citizen: Citizen, field: EditedField, difference: CitizenDifference, now: datetime) -> None:
    theirs = theirs_of(difference)
    if field in FIELD_COLUMNS:
        write_columns(citizen, theirs, now)
        return
    sealed = {name: bytes.fromhex(theirs[name]) for name in ("phone_ciphertext", "phone_index") if theirs.get(name)}
    Relative.objects.update_or_create(
        citizen=citizen,
        kind=field,
        name=theirs["name"],
        defaults={"municipality_id": citizen.municipality_id, **sealed},
    )


def _make_one(by: Actor, valid: Citizen, difference: CitizenDifference, choice: Choice, now: datetime) -> None:
    """Ours is the standing under the valid number, theirs the one under the number that was left (C3)."""
    old = Citizen.objects.select_for_update(of=("self",)).get(pk=cast("int", difference.other_citizen_id))
    merge(by=by, old=old, valid=valid, now=now, answers_of_old=choice == "theirs")
