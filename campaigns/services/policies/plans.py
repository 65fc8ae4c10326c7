"""Write a municipality's contact plan: only where it differs from the common one does it have its own (K2, K3, S4).

Open follow-ups get the new deadlines and duties at once; their next steps are the planner's, which the caller starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import DeadlineRule, FollowUp, GroupDuty, Programme
from registry.selectors.reference import mandatory_group_codes
from registry.services.commit_lock import work_beside_commits
from registry.working_days import add_working_days

from ...contact_plans import ContactPlan, Duty, problems, window_problems
from ...models import ContactPlanChange, ContactPolicy, ContactPolicyStep, ContactSettings
from ...selectors.policies import plan_of
from ...sending_window import DEFAULT_WINDOW, Window, window_for


@transaction.atomic
def save_plan(*, by: Actor, programme: Programme, plan: ContactPlan, now: datetime) -> ContactPlanChange | None:
    """Save the plan of the actor's municipality; None, and nothing written, when it is as before.

    What equals the common plan is not kept as the municipality's own, so that it follows the common one again.
    Raises UserError `contact_plan` (`problems`) or `no_municipality`.
    """
    by.require(Permission.MANAGE_POLICIES)
    if wrong := problems(plan):
        raise UserError("contact_plan", " ".join(wrong))
    municipality = own_municipality(by)
    before = plan_of(programme, municipality, localdate(now))
    if before == plan:
        return None
    put_plan(municipality, programme, before, plan, now)
    return _written(by, municipality, programme, before.as_stored(), plan.as_stored(), now)


@transaction.atomic
def save_window(*, by: Actor, window: Window, now: datetime) -> ContactPlanChange | None:
    """Save the municipality's sending window (S4); None when it is as before. Raises UserError `sending_window`."""
    by.require(Permission.MANAGE_POLICIES)
    if wrong := window_problems(window):
        raise UserError("sending_window", " ".join(wrong))
    municipality = own_municipality(by)
    before = window_for(municipality)
    if before == window:
        return None
    put_window(municipality, window)
    return _written(by, municipality, None, _stored(before), _stored(window), now)


def put_plan(municipality: int, programme: Programme, before: ContactPlan, plan: ContactPlan, now: datetime) -> None:
    """Write the plan over `before`, with the deadlines and duties of open follow-ups; no history, no log."""
    today = localdate(now)
    common = plan_of(programme, None, today)
    work_beside_commits(municipality)
    _put_steps(municipality, programme, plan, common)
    _put_deadlines(municipality, programme, before, plan, common)
    _put_duties(municipality, programme, before.duties, plan.duties, common.duties, today)


def put_window(municipality: int, window: Window) -> None:
    """Write the window; the common one needs no row."""
    if window == DEFAULT_WINDOW:
        ContactSettings.objects.filter(municipality=municipality).delete()
        return
    ContactSettings.objects.update_or_create(municipality_id=municipality, defaults=_stored(window))


def _put_steps(municipality: int, programme: Programme, plan: ContactPlan, common: ContactPlan) -> None:
    own = ContactPolicy.objects.filter(programme=programme, municipality=municipality)
    if (plan.steps, plan.quiet_gap_hours) == (common.steps, common.quiet_gap_hours):
        own.delete()
        return
    policy, _created = own.update_or_create(
        programme=programme,
        municipality_id=municipality,
        defaults={"name": programme.name, "quiet_gap_hours": plan.quiet_gap_hours},
    )
    policy.steps.all().delete()
    ContactPolicyStep.objects.bulk_create(
        ContactPolicyStep(
            policy=policy,
            position=position,
            kind=step.kind,
            delay_days=step.delay_days,
            attempts=step.attempts,
            retry_days=step.retry_days,
            hours=list(step.hours),
        )
        for position, step in enumerate(plan.steps, start=1)
    )


def _put_deadlines(
    municipality: int, programme: Programme, before: ContactPlan, plan: ContactPlan, common: ContactPlan
) -> None:
    days = {"first_contact_days": plan.first_contact_days, "answer_days": plan.answer_days}
    own = DeadlineRule.objects.filter(programme=programme, municipality=municipality)
    if (plan.first_contact_days, plan.answer_days) == (common.first_contact_days, common.answer_days):
        own.delete()
    else:
        own.update_or_create(programme=programme, municipality_id=municipality, defaults=days)
    for field, moved in (
        ("first_contact_due", plan.first_contact_days - before.first_contact_days),
        ("answer_due", plan.answer_days - before.answer_days),
    ):
        _move_deadlines(municipality, programme, field, moved)


def _move_deadlines(municipality: int, programme: Programme, field: str, working_days: int) -> None:
    """K3: the deadline runs from the receipt; so many working days more or less move it by as many."""
    if not working_days:
        return
    open_ones = FollowUp.objects.open().filter(municipality=municipality, programme=programme)
    days = open_ones.filter(**{f"{field}__isnull": False}).order_by().values_list(field, flat=True).distinct()
    # Latest first when they move later: a day just written is not met again.
    for day in sorted(days, reverse=working_days > 0):
        open_ones.filter(**{field: day}).update(**{field: add_working_days(day, working_days)})


def _put_duties(
    municipality: int,
    programme: Programme,
    before: Mapping[str, Duty],
    after: Mapping[str, Duty],
    common: Mapping[str, Duty],
    today: date,
) -> None:
    changed = {code: days for code, days in after.items() if before.get(code) != days and code in common}
    if not changed:
        return
    for code, (first, last) in changed.items():
        if common[code] == (first, last):
            GroupDuty.objects.filter(programme=programme, municipality=municipality, code=code).delete()
        else:
            GroupDuty.objects.update_or_create(
                programme=programme,
                municipality_id=municipality,
                code=code,
                defaults={"mandatory_from": first, "mandatory_to": last},
            )
    mandatory = mandatory_group_codes(programme, today, municipality)
    open_ones = FollowUp.objects.open().filter(municipality=municipality, programme=programme)
    for code in changed:
        of_group = open_ones.filter(target_group=code, mandatory=code not in mandatory)
        of_group.update(mandatory=code in mandatory)


def own_municipality(by: Actor) -> int:
    """The one municipality the actor works in. Raises UserError `no_municipality`."""
    if by.municipality_code is None:
        raise UserError("no_municipality", _("Planen hører til en kommune. Skift til en rolle i kommunen."))
    return by.municipality_code


def _stored(window: Window) -> dict[str, int | bool]:
    return {
        "opens": window.opens,
        "closes": window.closes,
        "sundays": window.sundays,
        "holidays": window.holidays,
        "messages_per_minute": window.messages_per_minute,
    }


def _written(
    by: Actor, municipality: int, programme: Programme | None, before: object, after: object, now: datetime
) -> ContactPlanChange:
    change = ContactPlanChange.objects.create(
        municipality_id=municipality,
        programme=programme,
        at=now,
        by_user_id=by.user_id,
        by_name=by.name,
        before=before,
        after=after,
    )
    record(
        by=by,
        action=Action.CHANGE,
        subject_kind="contactplan",
        subject_id=change.pk,
        municipality_id=municipality,
        purpose=_("Kontaktplan rettet"),
        detail={"programme": programme.code if programme else "", "window": programme is None},
        at=now,
    )
    return change
