"""Citizens in a list of hits: search results and "Ring tilbage"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from registry.models import Citizen, CitizenStatus, FollowUp, FollowUpStatus, NextStepKind, Outcome

from ..models import ContactAttempt, ContactKind
from ..selectors.callers import Caller
from .moments import local_day, moment_words, stamp
from .people import age_words
from .programmes import last_answer_words, step_moment


@dataclass(frozen=True)
class FoundRow:
    """One hit. `standing` says in one line where the citizen stands; `step` what happens next."""

    id: int
    name: str
    age: str
    cpr_masked: str
    parish: str
    protected: bool
    standing: str
    step: str


@dataclass(frozen=True)
class CallerRow:
    """One citizen behind a number, with the newest attempts; `whose` when it is a relative's number."""

    found: FoundRow
    whose: str
    attempts: list[tuple[str, str]]


SHOWN_ATTEMPTS = 4


def found_row(citizen: Citizen, follow_ups: list[FollowUp], *, now: datetime) -> FoundRow:
    """A hit; the citizen's parish must be loaded, and the follow-ups' programmes."""
    today = local_day(now)
    protected = citizen.is_protected(today)
    return FoundRow(
        id=citizen.pk,
        name=citizen.name,
        age=age_words(citizen, today),
        cpr_masked=citizen.cpr_masked,
        parish=citizen.parish.name if citizen.parish and not protected else "",
        protected=protected,
        standing=_standing(citizen, follow_ups, today),
        step=_step(follow_ups, now),
    )


def caller_row(caller: Caller, *, now: datetime) -> CallerRow:
    """A citizen behind a number that rang."""
    whose = ""
    if caller.relative is not None:
        relation = f", {caller.relative.relation}" if caller.relative.relation else ""
        whose = _("Nummeret tilhører %(name)s%(relation)s") % {"name": caller.relative.name, "relation": relation}
    return CallerRow(
        found=found_row(caller.citizen, caller.follow_ups, now=now),
        whose=whose,
        attempts=[(stamp(each.at), _attempt(each)) for each in caller.attempts[:SHOWN_ATTEMPTS]],
    )


def _attempt(attempt: ContactAttempt) -> str:
    outcomes = [str(Outcome(answer.outcome).label) for answer in attempt.answers.all()]
    what = ", ".join(dict.fromkeys(outcomes)) or str(ContactKind(attempt.kind).label)
    return f"{what} · {attempt.by_name.split(' ')[0]}" if attempt.by_name else what


def _standing(citizen: Citizen, follow_ups: list[FollowUp], today: date) -> str:
    if citizen.status != CitizenStatus.ACTIVE:
        return str(citizen.get_status_display())
    if not follow_ups:
        return _("På ingen liste")
    words = []
    for follow_up in follow_ups:
        state = last_answer_words(follow_up)
        if not state:
            opened = follow_up.status == FollowUpStatus.OPEN
            state = _waiting(follow_up) if opened else _("afsluttet")
        words.append(f"{follow_up.programme.name}: {state}")
    return " · ".join(words)


def _waiting(follow_up: FollowUp) -> str:
    """L9: a follow-up that no list has named has no week."""
    if not follow_up.weeks_on_list:
        return _("venter, på ingen liste")
    return _("venter, %(week)s. uge") % {"week": follow_up.weeks_on_list}


def _step(follow_ups: list[FollowUp], now: datetime) -> str:
    waiting = [each for each in follow_ups if each.status == FollowUpStatus.OPEN]
    if not waiting:
        return ""
    first = min(waiting, key=step_moment)
    return f"{NextStepKind(first.next_step_kind).label} {moment_words(step_moment(first), now)}"
