"""Write what a file of earlier contacts does, and take it back: in bulk, in the caller's transaction."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record_looks
from registry.models import Citizen, ClosedReason, FollowUp, FollowUpChange, FollowUpOrigin, FollowUpStatus, Outcome

from ..models import (
    ContactAnswer,
    ContactAttempt,
    EarlierContactEffect,
    EarlierContactRow,
    EarlierContacts,
    SpokeWith,
)
from ..outcomes import NOT_REACHED
from ..sending_window import at_hour
from .earlier_contacts_effects import NOON, NOTHING_KNOWN, Change
from .earlier_contacts_outline import Key, summary, worked_out
from .earlier_contacts_sql import statement
from .opt_outs import stop_all_numbers

BATCH = 500


def write_contacts(*, by: Actor, file: EarlierContacts, now: datetime) -> list[int]:
    """Attempts, answers, summaries and history; the citizens they are about, for the planner."""
    changes, known = worked_out(file, now, lock=True)
    made = _make_follow_ups(file, changes, known, now)
    ids = {key: follow_up.pk for key, follow_up in (known | made).items()}
    no_contact = _stop_contact(by, file, now)
    EarlierContactEffect.objects.bulk_create(
        [
            EarlierContactEffect(
                municipality_id=file.municipality_id,
                file=file,
                follow_up_id=ids[key],
                before=_json_ready(summary(known[key]) | {"id": known[key].pk}) if key in known else {},
                no_contact_before=key[0] in no_contact,
            )
            for key in changes
        ],
        batch_size=BATCH,
    )
    _write_summaries([change.values | {"id": ids[key]} for key, change in changes.items() if key in known], now)
    _write_attempts(file, ids)
    _write_history(file, changes, known, ids, by, now)
    citizens = sorted({citizen for citizen, _ in changes})
    record_looks(
        by=by,
        citizen_ids=citizens,
        municipality_id=file.municipality_id,
        purpose="Tidligere svar indlæst fra regneark",
        action=Action.ADD,
        at=now,
    )
    return citizens


def take_back(*, by: Actor, file: EarlierContacts, now: datetime) -> list[int]:
    """Put the summaries back; what the file made is closed as undone. The citizens concerned."""
    effects = list(EarlierContactEffect.objects.filter(file=file).select_related("follow_up"))
    _write_summaries([effect.before for effect in effects if effect.before], now)
    made = [effect.follow_up_id for effect in effects if not effect.before]
    FollowUp.objects.filter(pk__in=made).update(
        **(dict(NOTHING_KNOWN) | {"closed_reason": ClosedReason.UNDONE, "closed_at": now, "updated_at": now})
    )
    flagged = [effect.follow_up.citizen_id for effect in effects if effect.no_contact_before]
    Citizen.objects.filter(pk__in=flagged).update(do_not_contact_since=None, updated_at=now)
    ContactAttempt.objects.filter(earlier_contacts=file, undone_at=None).update(undone_at=now, undone_by_name=by.name)
    return sorted({effect.follow_up.citizen_id for effect in effects})


def _json_ready(values: dict[str, Any]) -> dict[str, Any]:
    ready: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return ready


def _write_summaries(rows: list[dict[str, Any]], now: datetime) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = json.dumps(rows[start : start + BATCH], cls=DjangoJSONEncoder)
            cursor.execute(statement("earlier_contacts_write"), {"rows": part, "now": now})


def _make_follow_ups(
    file: EarlierContacts, changes: dict[Key, Change], known: dict[Key, FollowUp], now: datetime
) -> dict[Key, FollowUp]:
    """Nobody has listed them yet: the answer waits, closed, until a list or a selection names them."""
    made = {
        key: FollowUp(
            municipality_id=file.municipality_id,
            citizen_id=key[0],
            programme_id=key[1],
            origin=FollowUpOrigin.EARLIER,
            opened_at=now,
            updated_at=now,
            **change.values,
        )
        for key, change in changes.items()
        if key not in known
    }
    FollowUp.objects.bulk_create(made.values(), batch_size=BATCH)
    return made


def _write_attempts(file: EarlierContacts, ids: dict[Key, int]) -> None:
    rows = list(EarlierContactRow.objects.filter(file=file, problem_code="").order_by("row_number"))
    attempts = ContactAttempt.objects.bulk_create(
        [
            ContactAttempt(
                municipality_id=file.municipality_id,
                citizen_id=row.citizen_id,  # type: ignore[misc]  # matched
                kind=row.kind,
                at=at_hour(row.contacted_on, NOON),  # type: ignore[arg-type]  # a usable row has a day
                by_name=row.who,
                spoke_with=_spoke_with(row.outcome),
                note=row.note,
                earlier_contacts=file,
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    ContactAnswer.objects.bulk_create(
        [
            ContactAnswer(
                municipality_id=file.municipality_id,
                attempt=attempt,
                follow_up_id=ids[row.citizen_id, row.programme_id],  # type: ignore[index]  # matched
                outcome=row.outcome,
                barrier=row.barrier,
            )
            for attempt, row in zip(attempts, rows, strict=True)
        ],
        batch_size=BATCH,
    )


def _spoke_with(outcome: str) -> SpokeWith:
    if outcome in NOT_REACHED:
        return SpokeWith.NOBODY
    told = {Outcome.RELATIVE_REACHED: SpokeWith.RELATIVE, Outcome.GUARDIAN_INFORMED: SpokeWith.GUARDIAN}
    return told.get(Outcome(outcome), SpokeWith.CITIZEN)


def _write_history(
    file: EarlierContacts,
    changes: dict[Key, Change],
    known: dict[Key, FollowUp],
    ids: dict[Key, int],
    by: Actor,
    now: datetime,
) -> None:
    """A line for each follow-up that the file closed, or opened again."""
    lines = []
    for key, change in changes.items():
        before = known[key].status if key in known else ""
        status = change.values["status"]
        if not before or before == status:
            continue
        closed = status == FollowUpStatus.CLOSED
        lines.append(
            FollowUpChange(
                municipality_id=file.municipality_id,
                follow_up_id=ids[key],
                kind=FollowUpChange.Kind.CLOSED if closed else FollowUpChange.Kind.REOPENED,
                at=now,
                by_name=by.name,
                reason=change.values["closed_reason"] if closed else "earlier_contacts",
            )
        )
    FollowUpChange.objects.bulk_create(lines, batch_size=BATCH)


def _stop_contact(by: Actor, file: EarlierContacts, now: datetime) -> set[int]:
    """Who said "do not contact me again" in a row, and was not marked yet: nobody contacts them from now on (K6)."""
    rows = EarlierContactRow.objects.filter(file=file, problem_code="", outcome=Outcome.DO_NOT_CONTACT)
    found = Citizen.objects.filter(pk__in=rows.values("citizen"), do_not_contact_since=None)
    stopped = set()
    for citizen in found.prefetch_related("phones"):
        stop_all_numbers(by=by, citizen=citizen, now=now)
        stopped.add(citizen.pk)
    Citizen.objects.filter(pk__in=stopped).update(do_not_contact_since=now, updated_at=now)
    return stopped
