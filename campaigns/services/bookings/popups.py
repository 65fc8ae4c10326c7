"""Who waits for a pop-up session that is moved or cancelled is called, booked there or not (K6, K14, P1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from outreach.access.actor import system_actor
from popup_sites.models import SessionStatus, VaccinationSession
from registry.models import Citizen, FollowUp, NextStepKind
from registry.services.follow_up_steps import set_next_step

from ...outcomes import popup_wait_ends
from ...step_reasons import StepReason
from ..planning import plan
from .steps import call_time


def call_whose_popup_changed(*, municipality_id: int, now: datetime) -> int:
    """Call each citizen who said they would come to a session that is off, or on another day now; return how many.

    Sooner or later hours of the same day change nothing: the citizen waits for that day all the same.
    """
    waiting = FollowUp.objects.open().filter(
        municipality=municipality_id,
        next_step_reason=StepReason.WANTS_POPUP,
        next_step_at__gt=now,
        next_step_detail__has_key="session",
    )
    rows = list(waiting.values_list("pk", "citizen_id", "next_step_detail", "next_step_at"))
    sessions = VaccinationSession.objects.in_bulk({detail["session"] for _pk, _citizen, detail, _at in rows})
    changed = [
        (pk, citizen_id)
        for pk, citizen_id, detail, at in rows
        if _is_off(sessions.get(detail["session"])) or popup_wait_ends(sessions[detail["session"]].ends_at) != at
    ]
    return sum(_call(pk, citizen_id, municipality_id, now) for pk, citizen_id in changed)


def _is_off(session: VaccinationSession | None) -> bool:
    return session is None or session.status == SessionStatus.CANCELLED


@transaction.atomic
def _call(follow_up_id: int, citizen_id: int, municipality_id: int, now: datetime) -> bool:
    Citizen.objects.select_for_update().get(pk=citizen_id)
    follow_up = FollowUp.objects.open().select_for_update().filter(pk=follow_up_id).first()
    # An answer may have been faster.
    if follow_up is None or follow_up.next_step_reason != StepReason.WANTS_POPUP:
        return False
    set_next_step(follow_up, NextStepKind.CALL, call_time(now), StepReason.POPUP_CHANGED, {}, now)
    plan(by=system_actor("booking", [municipality_id]), now=now, citizen_ids=[citizen_id])
    return True
