"""Write the access log. Called inside the transaction of the act itself: if it fails, the act fails (F56)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from outreach.clock.services import now as clock_now
from outreach.privacy.redaction import redact

from .models import AccessEvent, Action

if TYPE_CHECKING:
    from outreach.access.actor import Actor


def _event(
    by: Actor,
    action: Action,
    at: datetime,
    *,
    municipality_id: int | None,
    subject_kind: str,
    subject_id: object,
    purpose: str,
    detail: dict[str, Any] | None,
) -> AccessEvent:
    return AccessEvent(
        at=at,
        action=action,
        user_id=by.user_id,
        actor_name=by.name,
        role=by.role or "",
        organisation_id=by.organisation_id,
        municipality_id=municipality_id if municipality_id is not None else by.municipality_code,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        # A reason that somebody typed may hold a number.
        purpose=redact(purpose),
        detail=detail or {},
    )


def record(
    *,
    by: Actor,
    action: Action,
    subject_kind: str,
    subject_id: object = "",
    municipality_id: int | None = None,
    purpose: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Log one use of data: `subject_kind` is a model's name in lower case, `subject_id` its key.

    `purpose` is a short Danish phrase a citizen may read in the look-up report ("Opringning").
    `detail` holds names of changed fields and counts, never personal data. `at` defaults to the clock.
    """
    _event(
        by,
        action,
        at or clock_now(),
        municipality_id=municipality_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        detail=detail,
    ).save(force_insert=True)


def record_looks(
    *,
    by: Actor,
    citizen_ids: Iterable[int],
    municipality_id: int | None = None,
    purpose: str,
    action: Action = Action.LOOK,
    at: datetime | None = None,
) -> None:
    """Log a page that shows several citizens: one row each, so that a citizen's own report is complete."""
    moment = at or clock_now()
    AccessEvent.objects.bulk_create(
        _event(
            by,
            action,
            moment,
            municipality_id=municipality_id,
            subject_kind="citizen",
            subject_id=citizen_id,
            purpose=purpose,
            detail=None,
        )
        for citizen_id in citizen_ids
    )


def record_denial(*, by: Actor, path: str, permission: str) -> None:
    """Log that somebody asked for what they may not have (V16.3.2)."""
    # Somebody may have typed a CPR number as the address of a citizen.
    detail = {"path": redact(path), "permission": permission}
    record(by=by, action=Action.DENIED, subject_kind="page", detail=detail)


def record_session_event(*, action: Action, user_id: int | None, name: str, municipality_id: int | None) -> None:
    """Log a log-in, a log-out or a failed log-in, for the auditor of the municipality the person works in."""
    AccessEvent(
        at=clock_now(),
        action=action,
        user_id=user_id,
        actor_name=name,
        municipality_id=municipality_id,
        subject_kind="session",
    ).save(force_insert=True)
