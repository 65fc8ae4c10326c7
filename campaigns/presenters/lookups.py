"""The list of citizens whose number is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from outreach.design.formats import date_da
from registry.models import Citizen, FollowUp

from ..models import ContactAttempt, LookupClaim, LookupPlace
from ..reasons import sentence
from ..step_reasons import StepReason
from .contacts import RelativeLine, relative_line
from .moments import clock, local_day
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
    tried: str
    taken: str
    deadline: DeadlineTag | None


def lookup_row(
    citizen: Citizen,
    follow_ups: list[FollowUp],
    *,
    tried: ContactAttempt | None,
    reader_id: int | None,
    now: datetime,
) -> LookupRow:
    """A row; the citizen's relatives and look-up claim must be loaded. `follow_ups` are those that wait for a number,
    `tried` the last look-up in vain."""
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
        reason=_reason(first),
        tried=_tried(tried),
        taken=_taken(citizen, reader_id, now),
        deadline=deadline_tag(first, today),
    )


def _reason(follow_up: FollowUp) -> str:
    """Why a number is looked for, where the page's own heading does not say it: it was wrong, a letter came back …"""
    if follow_up.next_step_reason == StepReason.NO_PHONE:
        return ""
    return sentence(follow_up.next_step_reason, follow_up.next_step_detail, follow_up.next_step_at)


def _tried(attempt: ContactAttempt | None) -> str:
    """That somebody has looked before, when, and where: so that nobody looks in the same place first."""
    if attempt is None:
        return ""
    places = ", ".join(str(LookupPlace(each).label).lower() for each in attempt.lookup_places or [])
    words = {"day": date_da(local_day(attempt.at)), "name": attempt.by_name, "places": places}
    if places:
        return _("%(name)s ledte forgæves den %(day)s: %(places)s.") % words
    return _("%(name)s ledte forgæves den %(day)s.") % words


def _taken(citizen: Citizen, reader_id: int | None, now: datetime) -> str:
    """Who is at it, when it is not the reader."""
    claim: LookupClaim | None = getattr(citizen, "lookup_claim", None)
    if claim is None or claim.claimed_until <= now or claim.claimed_by_id == reader_id:
        return ""
    return _("%(name)s leder efter nummeret til kl. %(time)s.") % {
        "name": claim.claimed_by.display_name,
        "time": clock(claim.claimed_until),
    }
