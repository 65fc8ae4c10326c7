"""What an answer says of the person: a wrong number, no contact at all, a guardian told. And how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from outreach.access.permissions import Permission
from registry.models import Citizen, CitizenEdit, EditedField, Outcome, Phone, Relative, RelativeKind
from registry.services.citizens import edit_citizen
from registry.services.phones import mark_wrong

from ...models import OptOut, SpokeWith
from ..opt_outs import stop_all_numbers
from .checking import Answer

# What a call about language may change on the citizen.
LANGUAGE_FIELDS = (EditedField.LANGUAGE, EditedField.NEEDS_INTERPRETER)


def write_about_person(citizen: Citizen, answer: Answer, phone: Phone | None) -> dict[str, Any]:
    """What the answer says of the person: returns what undo must put back."""
    before: dict[str, Any] = {}
    if answer.outcome == Outcome.WRONG_NUMBER and phone is not None and phone.wrong_since is None:
        mark_wrong(by=answer.by, phone=phone, reason=_("Forkert nummer, oplyst ved opkald"), now=answer.now)
        before["phone_marked_wrong"] = phone.pk
    if answer.outcome == Outcome.DO_NOT_CONTACT and citizen.do_not_contact_since is None:
        before["updated_at"] = citizen.updated_at.isoformat()
        Citizen.objects.filter(pk=citizen.pk).update(do_not_contact_since=answer.now, updated_at=answer.now)
        before["do_not_contact"] = True
        before["opt_outs"] = stop_all_numbers(by=answer.by, citizen=citizen, now=answer.now)
    if answer.outcome == Outcome.GUARDIAN_INFORMED or answer.contact.guardian_told or _spoke_with_guardian(answer):
        untold = Relative.objects.filter(citizen=citizen, kind=RelativeKind.GUARDIAN, informed_at=None)
        before["guardians_informed"] = list(untold.values_list("pk", flat=True))
        untold.update(informed_at=answer.now)
    if answer.said.language and answer.by.may(Permission.EDIT_CITIZENS):
        before |= _write_language(citizen, answer)
    return before


def restore_person(citizen: Citizen, before: Mapping[str, Any]) -> None:
    """Put back what `write_about_person` changed."""
    if phone_id := before.get("phone_marked_wrong"):
        Phone.objects.filter(pk=phone_id).update(wrong_since=None, wrong_reason="", wrong_by_name="")
    if before.get("do_not_contact"):
        Citizen.objects.filter(pk=citizen.pk).update(do_not_contact_since=None)
    OptOut.objects.filter(pk__in=before.get("opt_outs", [])).delete()
    Relative.objects.filter(pk__in=before.get("guardians_informed", [])).update(informed_at=None)
    if "language" in before:
        values = {"language": before["language"], "needs_interpreter": before["needs_interpreter"]}
        Citizen.objects.filter(pk=citizen.pk).update(**values)
        CitizenEdit.objects.filter(citizen=citizen, field__in=LANGUAGE_FIELDS).delete()
        for row in before["edits"]:
            CitizenEdit.objects.create(
                municipality_id=citizen.municipality_id,
                citizen=citizen,
                **{**row, "edited_at": parse_datetime(row["edited_at"])},
            )
    if "updated_at" in before:
        Citizen.objects.filter(pk=citizen.pk).update(updated_at=parse_datetime(before["updated_at"]))


def _spoke_with_guardian(answer: Answer) -> bool:
    return answer.contact.spoke_with == SpokeWith.GUARDIAN


def _write_language(citizen: Citizen, answer: Answer) -> dict[str, Any]:
    """The language the citizen turned out to speak, remembered as an edit by hand: a file is asked about it."""
    edits = CitizenEdit.objects.filter(citizen=citizen, field__in=LANGUAGE_FIELDS)
    stored = Citizen.objects.get(pk=citizen.pk)  # the caller's copy may have been through a preview
    before = {
        "language": stored.language,
        "needs_interpreter": stored.needs_interpreter,
        "updated_at": stored.updated_at.isoformat(),
        "edits": [
            {
                "field": each.field,
                "old_value": each.old_value,
                "edited_by_name": each.edited_by_name,
                "edited_at": each.edited_at.isoformat(),
            }
            for each in edits
        ],
    }
    values = {"language": answer.said.language, "needs_interpreter": answer.said.language_help != "relative"}
    edit_citizen(by=answer.by, citizen=citizen, values=values, now=answer.now)
    citizen.refresh_from_db()
    return before
