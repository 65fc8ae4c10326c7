"""Read what the rules need to know of one follow-up: its policy, its facts, the context of an answer."""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from outreach.access.actor import Actor
from registry.models import Citizen, FollowUp, Outcome, Phone, PhoneKind, PhoneSource, RelativeKind
from registry.selectors.reask import days_a_refusal_rests

from ..models import ContactAttempt, ContactKind, ContactPolicy, LookupResult, OptOut
from ..next_steps import LOOKUP_RESTS, Facts, Policy, PolicyStep
from ..outcomes import OutcomeContext
from ..sending_window import COPENHAGEN, window_for
from .near_citizen import sessions_near

ADULT_AGE = 18
WORD = re.compile(r"\w")


def policy_for(follow_up: FollowUp) -> Policy:
    """The municipality's own policy in the programme, else the common one; without either an empty policy."""
    policies = ContactPolicy.objects.filter(programme=follow_up.programme_id).prefetch_related("steps")
    own = {policy.municipality_id: policy for policy in policies}
    policy = own.get(follow_up.municipality_id) or own.get(None)
    window = window_for(follow_up.municipality_id)
    if policy is None:
        return Policy(steps=(), window=window)
    steps = [
        PolicyStep(step.kind, step.delay_days, step.attempts, step.retry_days, tuple(step.hours) or (10,))
        for step in policy.steps.all()
    ]
    return Policy(steps=tuple(steps), quiet_gap_hours=policy.quiet_gap_hours, window=window)


def facts_of(follow_up: FollowUp, citizen: Citizen, now: datetime, *, without: Phone | None = None) -> Facts:
    """The facts as they stand; `without` leaves out a number that is about to be marked wrong."""
    age = citizen.age(now.astimezone(COPENHAGEN).date())
    child = age is not None and age < ADULT_AGE
    stopped = OptOut.objects.filter(municipality=OuterRef("municipality"), number_index=OuterRef("number_index"))
    phones = [
        phone
        for phone in citizen.phones.filter(wrong_since=None).annotate(stopped=Exists(stopped))
        if without is None or phone.pk != without.pk
    ]
    mobiles = [phone for phone in phones if phone.kind == PhoneKind.MOBILE]
    people = list(citizen.relatives.filter(phone_index__isnull=False).values_list("kind", flat=True))
    if child:
        reachable = RelativeKind.CUSTODY_HOLDER in people or any(
            phone.source == PhoneSource.RELATIVE for phone in phones
        )
    else:
        reachable = bool(phones or people)
    return Facts(
        opened_at=follow_up.opened_at,
        reachable=reachable,
        can_sms=any(not phone.stopped for phone in mobiles) and bool(WORD.search(citizen.name)) and not child,
        opted_out=any(phone.stopped for phone in mobiles),
        child=child,
        lookup_failed=_lookup_failed(follow_up, now),
        citizen_status=citizen.status,
        do_not_contact=citizen.do_not_contact_since is not None,
        sms_sent=follow_up.sms_sent,
        call_attempts=follow_up.call_attempts,
        letters_sent=follow_up.letters_sent,
        last_contact_at=follow_up.last_contact_at,
        answer_due=follow_up.answer_due,
        kind=follow_up.next_step_kind,
        at=follow_up.next_step_at,
        reason=follow_up.next_step_reason,
        detail=follow_up.next_step_detail,
    )


def outcome_context(
    follow_up: FollowUp,
    citizen: Citizen,
    now: datetime,
    *,
    call_back_at: datetime | None = None,
    called: Phone | None = None,
    session_at: datetime | None = None,
) -> OutcomeContext:
    """What `outcomes.next_step_for` takes, for an answer at `now`; `called` is the number that was called."""
    facts = facts_of(follow_up, citizen, now)
    return OutcomeContext(
        now=now,
        facts=facts,
        policy=policy_for(follow_up),
        reopen_after_days=days_a_refusal_rests(follow_up.programme_id, follow_up.municipality_id),
        call_back_at=call_back_at,
        session_at=session_at,
        other_number=facts_of(follow_up, citizen, now, without=called).reachable if called else False,
    )


def _lookup_failed(follow_up: FollowUp, now: datetime) -> bool:
    tried = ContactAttempt.objects.filter(citizen=follow_up.citizen_id, kind=ContactKind.LOOKUP, undone_at=None)
    return tried.filter(Q(at__gt=now - LOOKUP_RESTS) | Q(lookup_result=LookupResult.NOT_WANTED)).exists()


def nearest_session_end(
    citizen: Citizen, follow_up: FollowUp, outcome: str, *, actor: Actor, now: datetime
) -> datetime | None:
    """When the nearest pop-up session with room ends, for a citizen who wants one; else None."""
    if outcome != Outcome.WANTS_POPUP:
        return None
    near = sessions_near(citizen, [follow_up], actor=actor, now=now, limit=1)
    return near[0].session.ends_at if near else None
