"""Let a held citizen file be read all the same, or refuse it: by somebody who did not hand it in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError

from ..models import CitizenImport, CitizenImportState
from .citizen_gates import answers
from .citizen_imports import FOLDER
from .received_files import remove
from .scope import require_municipality


@transaction.atomic
def approve_citizen_file(*, by: Actor, receipt: CitizenImport, reason: str, now: datetime) -> CitizenImport:
    """Answer for every gate that holds the file; it is read anew, and held again should it change more people by then.

    Raises UserError `wrong_state`, `override_own` (whoever handed it in), `override_reason`.
    """
    current = _held(by, receipt)
    given = answers(current.gates, by=by, uploaded_by_id=current.imported_by_id, reason=reason, now=now)
    codes = [gate["code"] for gate in current.gates]
    current.overrides = [*(each for each in current.overrides if each["code"] not in codes), *given]
    current.state, current.gates, current.attempts = CitizenImportState.RECEIVED, [], 0
    current.save(update_fields=["state", "gates", "overrides", "attempts"])
    _record(by, current, _("Borgerfil godkendt alligevel"), codes, now)
    return current


@transaction.atomic
def reject_citizen_file(*, by: Actor, receipt: CitizenImport, now: datetime) -> CitizenImport:
    """Nothing of the file is used, and it is erased at once. Raises UserError `wrong_state`."""
    current = _held(by, receipt)
    transaction.on_commit(lambda: remove(FOLDER, receipt.stored_name))
    current.state, current.stored_name = CitizenImportState.REJECTED, ""
    current.save(update_fields=["state", "stored_name"])
    _record(by, current, _("Borgerfil afvist"), [gate["code"] for gate in current.gates], now)
    return current


def _held(by: Actor, receipt: CitizenImport) -> CitizenImport:
    by.require(Permission.APPROVE_LISTS)
    require_municipality(by, receipt.municipality_id)
    current = CitizenImport.objects.select_for_update().get(pk=receipt.pk)
    if current.state != CitizenImportState.HELD:
        raise UserError("wrong_state", _("Filen holdes ikke tilbage længere. Genindlæs siden."))
    return current


def _record(by: Actor, current: CitizenImport, purpose: str, codes: list[str], now: datetime) -> None:
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="citizenimport",
        subject_id=current.pk,
        municipality_id=current.municipality_id,
        purpose=purpose,
        detail={"gates": codes},
        at=now,
    )
