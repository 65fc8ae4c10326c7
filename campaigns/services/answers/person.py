"""What an answer says of the person: a wrong number, no contact at all, a guardian told. And how to take it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from registry.models import Citizen, Outcome, Phone, Relative, RelativeKind
from registry.services.phones import mark_wrong

from ...models import OptOut, SpokeWith
from ..opt_outs import stop_all_numbers
from .checking import Answer


def write_about_person(citizen: Citizen, answer: Answer, phone: Phone | None) -> dict[str, Any]:
    """What the answer says of the person: returns what undo must put back."""
    before: dict[str, Any] = {}
    if answer.outcome == Outcome.WRONG_NUMBER and phone is not None:
        mark_wrong(by=answer.by, phone=phone, reason=_("Forkert nummer, oplyst ved opkald"), now=answer.now)
        before["phone_marked_wrong"] = phone.pk
    if answer.outcome == Outcome.DO_NOT_CONTACT and citizen.do_not_contact_since is None:
        Citizen.objects.filter(pk=citizen.pk).update(do_not_contact_since=answer.now, updated_at=answer.now)
        before["do_not_contact"] = True
        before["opt_outs"] = stop_all_numbers(by=answer.by, citizen=citizen, now=answer.now)
    if answer.outcome == Outcome.GUARDIAN_INFORMED or answer.spoke_with == SpokeWith.GUARDIAN:
        untold = Relative.objects.filter(citizen=citizen, kind=RelativeKind.GUARDIAN, informed_at=None)
        before["guardians_informed"] = list(untold.values_list("pk", flat=True))
        untold.update(informed_at=answer.now)
    return before


def restore_person(citizen: Citizen, before: Mapping[str, Any]) -> None:
    """Put back what `write_about_person` changed."""
    if phone_id := before.get("phone_marked_wrong"):
        Phone.objects.filter(pk=phone_id).update(wrong_since=None, wrong_reason="")
    if before.get("do_not_contact"):
        Citizen.objects.filter(pk=citizen.pk).update(do_not_contact_since=None)
    OptOut.objects.filter(pk__in=before.get("opt_outs", [])).delete()
    Relative.objects.filter(pk__in=before.get("guardians_informed", [])).update(informed_at=None)
