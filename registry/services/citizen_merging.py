"""Two records that the CPR register says are one person become one (C3); never because of a name (C6).

Rare: a few in a year's files of a municipality, so it goes citizen by citizen. See decision 0006.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record

from .. import signals
from ..citizen_fields import FIELD_COLUMNS, FIELD_OF_COLUMN
from ..models import (
    Citizen,
    CitizenDifference,
    CitizenEdit,
    CitizenImport,
    CitizenStatus,
    DifferenceState,
    EditedField,
    FollowUp,
    Phone,
    PreviousNumber,
    Relative,
)
from .citizen_columns import write_columns
from .follow_up_merging import has_history, merge_follow_ups, repoint
from .follow_ups import close_for_status
from .scope import require_municipality

FILLED_FROM_OTHER = ("email", "address", "postal_code", "city", "household_key", "parish_id", "institution_id")

# A record that a list made knows of no help; what the other says of it holds until a file says otherwise.
TRUE_OF_EITHER = (
    "needs_interpreter",
    "care_home",
    "personal_care",
    "practical_help",
    "home_nursing",
    "digital_post_exempt",
)


@dataclass(frozen=True)
class Merged:
    """How many pairs became one, and how many wait for a person."""

    merged: int
    asked: int


def merge_or_ask(
    *, by: Actor, pairs: Iterable[tuple[int, int]], citizen_import: CitizenImport, now: datetime
) -> Merged:
    """Each pair (left number's citizen, valid one's): merged when at most one of them has been in contact about a
    programme; else a person chooses whose answers hold, and until then the left one's work is closed."""
    merged = asked = 0
    for old_id, valid_id in pairs:
        old = Citizen.objects.select_for_update(of=("self",)).get(pk=old_id)
        valid = Citizen.objects.select_for_update(of=("self",)).get(pk=valid_id)
        if _both_have_history(old, valid):
            asked += _ask(by, old, valid, citizen_import, now)
        else:
            merge(by=by, old=old, valid=valid, now=now)
            merged += 1
    return Merged(merged, asked)


@transaction.atomic
def merge(*, by: Actor, old: Citizen, valid: Citizen, now: datetime, answers_of_old: bool = False) -> Citizen:
    """Move everything of `old` onto `valid` and remove `old`; its number is kept as one that `valid` had before.

    Where both have been in contact about a programme, `answers_of_old` says whose standing holds; attempts, messages
    and notes of both are kept on the timeline. The access log keeps both records' lines.
    """
    require_municipality(by, old.municipality_id)
    require_municipality(by, valid.municipality_id)
    old_id, ciphertext, index = old.pk, old.cpr_ciphertext, old.cpr_index
    # Higher apps end what can be there only once (an open call) before all of it has one owner.
    signals.citizens_merging.send(sender=Citizen, old_id=old_id, valid_id=valid.pk, now=now, by=by)
    merge_follow_ups(old, valid, answers_of_old=answers_of_old, by=by, now=now)
    _merge_phones(old, valid)
    _merge_relatives(old, valid)
    _merge_edits(old, valid, now)
    CitizenDifference.objects.filter(models.Q(citizen=old) | models.Q(other_citizen=old)).delete()
    repoint(old, valid)
    _fill(old, valid, now)
    old.delete()
    if ciphertext is not None and index is not None:
        PreviousNumber.objects.update_or_create(
            municipality_id=valid.municipality_id,
            cpr_index=index,
            defaults={
                "citizen": valid, "cpr_ciphertext": ciphertext, "noted_at": now, "former_citizen_id": old_id
            },
        )  # fmt: skip
    for action, subject in ((Action.DELETE, old_id), (Action.CHANGE, valid.pk)):
        record(
            by=by,
            action=action,
            subject_kind="citizen",
            subject_id=subject,
            municipality_id=valid.municipality_id,
            purpose=_("Lagt sammen efter nyt CPR-nummer"),
            detail={"former": old_id, "now": valid.pk},
            at=now,
        )
    return valid


def _both_have_history(old: Citizen, valid: Citizen) -> bool:
    theirs = {each.programme_id for each in FollowUp.objects.filter(citizen=valid) if has_history(each)}
    return any(each.programme_id in theirs and has_history(each) for each in FollowUp.objects.filter(citizen=old))


def _ask(by: Actor, old: Citizen, valid: Citizen, citizen_import: CitizenImport, now: datetime) -> int:
    """1 when it became a new question. The left number's work ends at once: nobody is contacted twice."""
    if old.status != CitizenStatus.REPLACED:
        old.status, old.updated_at = CitizenStatus.REPLACED, now
        old.save(update_fields=["status", "updated_at"])
        close_for_status(by=by, municipality_id=old.municipality_id, now=now, citizen_ids=[old.pk])
    known = CitizenDifference.objects.filter(citizen=valid, field=EditedField.PERSON, state=DifferenceState.OPEN)
    if known.exists():
        return 0
    CitizenDifference.objects.update_or_create(
        citizen=valid,
        field=EditedField.PERSON,
        defaults={
            "municipality_id": valid.municipality_id,
            "other_citizen": old,
            "theirs": {},
            "citizen_import": citizen_import,
            "found_at": now,
            "state": DifferenceState.OPEN,
            "decided_by_name": "",
            "decided_at": None,
        },
    )
    return 1


def _merge_phones(old: Citizen, valid: Citizen) -> None:
    """A number both had stays once; wrong if it was found wrong after it was last given."""
    known = {bytes(each.number_index): each for each in Phone.objects.filter(citizen=valid)}
    for phone in Phone.objects.filter(citizen=old):
        twin = known.get(bytes(phone.number_index))
        if twin is None:
            continue
        if phone.wrong_since and twin.wrong_since is None and phone.wrong_since > twin.found_at:
            twin.wrong_since, twin.wrong_reason = phone.wrong_since, phone.wrong_reason
            twin.wrong_by_name = phone.wrong_by_name
            twin.save(update_fields=["wrong_since", "wrong_reason", "wrong_by_name"])
        repoint(phone, twin)
        phone.delete()


def _merge_edits(old: Citizen, valid: Citizen, now: datetime) -> None:
    """What somebody wrote by hand on the left record holds on the valid one, unless it was edited there later."""
    theirs = {each.field: each for each in CitizenEdit.objects.filter(citizen=valid)}
    carried: dict[str, Any] = {}
    for edit in CitizenEdit.objects.filter(citizen=old):
        twin = theirs.get(edit.field)
        if twin is not None and twin.edited_at >= edit.edited_at:
            edit.delete()
            continue
        if twin is not None:
            twin.delete()
        carried |= {name: getattr(old, name) for name in FIELD_COLUMNS.get(EditedField(edit.field), ())}
        edit.citizen = valid
        edit.save(update_fields=["citizen"])
        # A file's other word on the valid record was about a value that no longer stands there.
        CitizenDifference.objects.filter(citizen=valid, field=edit.field).delete()
    if carried:
        write_columns(valid, carried, now)


def _merge_relatives(old: Citizen, valid: Citizen) -> None:
    known = {(each.kind, each.name): each for each in Relative.objects.filter(citizen=valid)}
    for relative in Relative.objects.filter(citizen=old):
        twin = known.get((relative.kind, relative.name))
        if twin is None:
            continue
        if twin.informed_at is None and relative.informed_at is not None:
            twin.informed_at = relative.informed_at
            twin.save(update_fields=["informed_at"])
        repoint(relative, twin)
        relative.delete()


def _fill(old: Citizen, valid: Citizen, now: datetime) -> None:
    """What only the left record knew; a wish not to be contacted, and a protection, hold whoever they were told of."""
    ours = {EditedField(each) for each in CitizenEdit.objects.filter(citizen=valid).values_list("field", flat=True)}
    for name in FILLED_FROM_OTHER:
        if not getattr(valid, name) and FIELD_OF_COLUMN.get(name) not in ours:
            setattr(valid, name, getattr(old, name))
    for name in TRUE_OF_EITHER:
        if FIELD_OF_COLUMN[name] not in ours:
            setattr(valid, name, getattr(valid, name) or getattr(old, name))
    if old.protected:
        # C5: the longer of the two; the file that says otherwise of the valid number is written after this.
        open_end = old.protected_until is None or (valid.protected and valid.protected_until is None)
        ends = [each for each in (old.protected_until, valid.protected_until) if each is not None]
        valid.protected, valid.protected_until = True, None if open_end else max(ends)
    if old.language != "da" and valid.language == "da" and EditedField.LANGUAGE not in ours:
        valid.language = old.language
    wishes = [each for each in (old.do_not_contact_since, valid.do_not_contact_since) if each is not None]
    valid.do_not_contact_since = min(wishes, default=None)
    valid.updated_at = now
    valid.save()
