"""The list of citizens whose number is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.models import Citizen, FollowUp

from ..reasons import sentence
from .contacts import RelativeLine, relative_line
from .moments import local_day
from .people import address_words, age_words
from .programmes import DeadlineTag, deadline_tag, step_moment


@dataclass(frozen=True)
class LookupRow:
    """One citizen to look up: what is known that helps, and why there is no number."""

    citizen_id: int
    name: str
    age: str
    cpr_masked: str
    protected: bool
    address: str
    relatives: list[RelativeLine]
    reason: str
    deadline: DeadlineTag | None


def lookup_row(citizen: Citizen, follow_ups: list[FollowUp], *, now: datetime) -> LookupRow:
    """A row; the citizen's relatives must be loaded. `follow_ups` are those that wait for a number."""
    today = local_day(now)
    first = min(follow_ups, key=step_moment)
    return LookupRow(
        citizen_id=citizen.pk,
        name=citizen.name,
        age=age_words(citizen, today),
        cpr_masked=citizen.cpr_masked,
        protected=citizen.is_protected(today),
        address="" if citizen.is_protected(today) else address_words(citizen),
        relatives=[relative_line(each) for each in citizen.relatives.all()],
        reason=sentence(first.next_step_reason, first.next_step_detail, first.next_step_at),
        deadline=deadline_tag(first, today),
    )
