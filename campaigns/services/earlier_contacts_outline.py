"""Work out what a file of earlier contacts does to each follow-up: read in bulk, decided by the pure rule (L8)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.timezone import localdate

from registry.models import FollowUp, FollowUpChange
from registry.selectors.reask import days_a_refusal_rests

from ..models import EarlierContactRow, EarlierContacts
from ..selectors.follow_up_facts import policy_for
from ..sending_window import at_hour
from .earlier_contacts_effects import NOON, NOTHING_KNOWN, Change, Contact, Effect, Known, change_of

Key = tuple[int, int]  # citizen, programme


def outline(file: EarlierContacts, *, now: datetime) -> dict[str, int]:
    """Write each row's effect, and count them: effect or "problem" → rows."""
    changes, _ = worked_out(file, now)
    rows_of: defaultdict[Effect, list[int]] = defaultdict(list)
    for change in changes.values():
        for row_id, effect in change.effects.items():
            rows_of[effect].append(row_id)
    rows = EarlierContactRow.objects.filter(file=file)
    rows.exclude(effect="").update(effect="")
    for effect, ids in rows_of.items():
        rows.filter(pk__in=ids).update(effect=effect)
    counts = {str(effect): len(ids) for effect, ids in rows_of.items()}
    return counts | {"problem": rows.exclude(problem_code="").count()}


def worked_out(
    file: EarlierContacts, now: datetime, *, lock: bool = False
) -> tuple[dict[Key, Change], dict[Key, FollowUp]]:
    """What the usable rows do to each follow-up, and the follow-ups there are; with `lock` nobody changes them."""
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
            Known(summary(known[key]), _counted_from(known[key], restarted)) if key in known else None,
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


def summary(follow_up: FollowUp) -> dict[str, Any]:
    """The fields a file changes."""
    return {name: getattr(follow_up, name) for name in NOTHING_KNOWN}
