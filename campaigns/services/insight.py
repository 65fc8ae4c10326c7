"""A citizen asks what we keep and who has looked: the report and the file, each in the log with its reason (A3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from outreach.privacy.sealing import blind_index
from registry.cpr import CprProblem, parse
from registry.models import Citizen, PreviousNumber
from registry.services.scope import require_municipality

from ..selectors.insight import insight, look_ups

REASON_LIMIT = 100


@transaction.atomic
def find_person(*, by: Actor, cpr: str, reason: str, now: datetime) -> Citizen | None:
    """The citizen of the actor's municipality with this number, now or before; None for nobody. The search is logged
    with its reason either way. Raises UserError `reason_missing`, `cpr_invalid`.
    """
    by.require(Permission.SEE_ACCESS_LOG)
    if not reason.strip():
        raise UserError("reason_missing", _("Skriv sagens nummer eller hvorfor, så det står i adgangsloggen."))
    parsed = parse(cpr, today=localtime(now).date())
    if isinstance(parsed, CprProblem):
        raise UserError("cpr_invalid", _("CPR-nummeret kan ikke læses. Skriv ti cifre, for eksempel 010161-1234."))
    index = blind_index("cpr", parsed.canonical)
    own = Citizen.objects.filter(municipality__in=by.municipality_codes)
    before = PreviousNumber.objects.filter(municipality__in=by.municipality_codes, cpr_index=index)
    found = own.filter(cpr_index=index).first() or own.filter(pk__in=before.values("citizen")).first()
    _log(by, Action.SEARCH, found, reason, now)
    return found


@transaction.atomic
def look_up_report(*, by: Actor, citizen: Citizen, reason: str, now: datetime) -> list[Any]:
    """The uses of the citizen's data, newest first; the report itself is one of them."""
    by.require(Permission.SEE_ACCESS_LOG)
    require_municipality(by, citizen.municipality_id)
    _log(by, Action.LOOK, citizen, reason, now)
    return look_ups(citizen)


@transaction.atomic
def export_insight(*, by: Actor, citizen: Citizen, reason: str, now: datetime) -> dict[str, Any]:
    """All that is kept, by table, with the uses of it and no names of staff; JSON-ready."""
    by.require(Permission.SEE_ACCESS_LOG)
    require_municipality(by, citizen.municipality_id)
    sections = insight(citizen)
    uses = [
        {
            "at": localtime(each.at).strftime("%d.%m.%Y %H.%M"),
            "what": each.get_action_display(),
            "role": each.role_label,
            "purpose": each.purpose,
        }
        for each in look_ups(citizen)
    ]
    _log(by, Action.EXPORT, citizen, reason, now)
    return {
        "municipality": citizen.municipality.name,
        "made_at": localtime(now).strftime("%d.%m.%Y %H.%M"),
        "kept": sections,
        "used": uses,
    }


def _log(by: Actor, action: Action, citizen: Citizen | None, reason: str, now: datetime) -> None:
    record(
        by=by,
        action=action,
        subject_kind="citizen",
        subject_id=citizen.pk if citizen is not None else "",
        municipality_id=citizen.municipality_id if citizen is not None else by.municipality_code,
        purpose=_("Indsigt: %(reason)s") % {"reason": reason.strip()[:REASON_LIMIT]},
        detail={} if citizen is not None else {"by": ["cpr"]},
        at=now,
    )
