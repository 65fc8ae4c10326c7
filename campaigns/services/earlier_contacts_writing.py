"""Work out what a file of earlier contacts does, write it, take it back: in bulk, in the caller's transaction."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Max
from django.utils.timezone import localdate

from outreach.access.actor import Actor
from outreach.audit.models import Action
from outreach.audit.services import record_looks
from registry.models import Citizen, ClosedReason, FollowUp, FollowUpChange, FollowUpOrigin, FollowUpStatus, Outcome
from registry.selectors.reask import days_a_refusal_rests

from ..models import (
    ContactAnswer,
    ContactAttempt,
    EarlierContactEffect,
    EarlierContactRow,
    EarlierContacts,
    SpokeWith,
)
from ..outcomes import NOT_REACHED
from ..selectors.follow_up_facts import policy_for
from ..sending_window import at_hour
from .earlier_contacts_effects import NOON, NOTHING_KNOWN, Change, Contact, Known, change_of
from .opt_outs import stop_all_numbers
from .planning import _sql

BATCH = 2000
Key = tuple[int, int]  # citizen, programme


def outline(file: EarlierContacts, *, now: datetime) -> dict[str, int]:
    """Write each row's effect, and count them: effect or "problem" → rows."""
    changes, _ = _worked_out(file, now)
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for change in changes.values():
        for row_id, effect in change.effects.items():
            rows_of[effect].append(row_id)
    rows = EarlierContactRow.objects.filter(file=file)
    rows.exclude(effect="").update(effect="")
    for effect, ids in rows_of.items():
        rows.filter(pk__in=ids).update(effect=effect)
    counts = {str(effect): len(ids) for effect, ids in rows_of.items()}
    return counts | {"problem": rows.exclude(problem_code="").count()}


def write_contacts(*, by: Actor, file: EarlierContacts, now: datetime) -> list[int]:
    """Attempts, answers, summaries and history; the citizens they are about, for the planner."""
    changes, known = _worked_out(file, now, lock=True)
    made = _make_follow_ups(file, changes, known, now)
    ids = {key: follow_up.pk for key, follow_up in (known | made).items()}
    no_contact = _stop_contact(by, file, now)
    EarlierContactEffect.objects.bulk_create(
        [
            EarlierContactEffect(
                municipality_id=file.municipality_id,
                file=file,
                follow_up_id=ids[key],
                before=_json_ready(_summary(known[key]) | {"id": known[key].pk}) if key in known else {},
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


def _worked_out(
    file: EarlierContacts, now: datetime, *, lock: bool = False
) -> tuple[dict[Key, Change], dict[Key, FollowUp]]:
    contacts: defaultdict[Key, list[Contact]] = defaultdict(list)
    columns = ("pk", "citizen_id", "programme_id", "contacted_on", "outcome", "kind", "barrier")
    rows = EarlierContactRow.objects.filter(file=file, problem_code="").values_list(*columns)
    for pk, citizen, programme, day, outcome, kind, barrier in rows.order_by("row_number"):
        contacts[citizen, programme].append(Contact(pk, at_hour(day, NOON), outcome, kind, barrier))
    known = _known(contacts.keys(), lock)
    restarted = _restarted(known)
    rest, policy = (partial(_once, {}, kind, file) for kind in ("rest", "policy"))
    changes = {
        key: change_of(
            each,
            Known(_summary(known[key]), _counted_from(known[key], restarted)) if key in known else None,
            policy=policy(key[1]),
            rest_days=rest(key[1]),
            now=now,
        )
        for key, each in contacts.items()
    }
    return changes, known


def _once(found: dict[int, Any], what: str, file: EarlierContacts, programme: int) -> Any:
    """A programme's policy, or how long a no rests in it, read once."""
    if programme not in found:
        found[programme] = (
            policy_for(FollowUp(programme_id=programme, municipality_id=file.municipality_id))
            if what == "policy"
            else days_a_refusal_rests(programme, file.municipality_id)
        )
    return found[programme]


def _known(keys: Any, lock: bool) -> dict[Key, FollowUp]:
    wanted = set(keys)
    rows = FollowUp.objects.select_for_update(of=("self",)) if lock else FollowUp.objects.all()
    found = rows.filter(citizen__in={citizen for citizen, _ in wanted}).order_by("id")
    return {key: each for each in found if (key := (each.citizen_id, each.programme_id)) in wanted}


def _restarted(known: dict[Key, FollowUp]) -> dict[int, date]:
    """Follow-up → the day it was last opened again, when the policy began anew."""
    changes = FollowUpChange.objects.filter(
        follow_up__in=[each.pk for each in known.values()], kind=FollowUpChange.Kind.REOPENED
    )
    return {pk: localdate(at) for pk, at in changes.values_list("follow_up").annotate(Max("at")).order_by()}


def _counted_from(follow_up: FollowUp, restarted: dict[int, date]) -> date | None:
    days = [day for day in (follow_up.invited_on, restarted.get(follow_up.pk)) if day is not None]
    return max(days, default=None)


def _summary(follow_up: FollowUp) -> dict[str, Any]:
    return {name: getattr(follow_up, name) for name in NOTHING_KNOWN}


def _json_ready(values: dict[str, Any]) -> dict[str, Any]:
    ready: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return ready


def _write_summaries(rows: list[dict[str, Any]], now: datetime) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = json.dumps(rows[start : start + BATCH], cls=DjangoJSONEncoder)
            cursor.execute(_sql("earlier_contacts_write"), {"rows": part, "now": now})


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
                citizen_id=row.citizen_id,
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
