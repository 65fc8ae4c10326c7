"""Saving a contact plan, and the preview that says beforehand what saving and planning then do (K2, K3)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.contact_plans import ContactPlan, PlanStep
from campaigns.models import ContactPlanChange, ContactPolicy, ContactSettings
from campaigns.selectors.policies import plan_of
from campaigns.sending_window import Window, window_for
from campaigns.services.planning import plan
from campaigns.services.policies import preview_plan, preview_window, save_plan, save_window
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import DeadlineRule, FollowUp, GroupDuty, Programme, TargetGroup
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, phone, records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
PEOPLE = 120
CALLS_FIRST = (PlanStep("call", 0, 2, 2, (11, 16)), PlanStep("letter", 2))


@pytest.fixture
def lead() -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


@pytest.fixture
def covid() -> Programme:
    return Programme.objects.get(code="covid-19")


def own_plan(covid: Programme, **changes: object) -> ContactPlan:
    return replace(plan_of(covid, ISHOEJ, TODAY), **changes)  # type: ignore[arg-type]


def crowd(seed: int) -> None:
    """Citizens with and without numbers, at all stages of the common plan."""
    random = Random(seed)
    with records() as by:
        for number in range(PEOPLE):
            person = citizen()
            if random.random() < 0.8:
                phone(person, f"+45202{number:05d}", kind=random.choice(["mobile", "mobile", "landline"]))
            contacted = random.random() < 0.6
            days = random.randint(0, 12)
            follow_up(
                person,
                opened_at=NOW - timedelta(days=days + 1),
                sms_sent=random.choice([0, 1]) if contacted else 0,
                call_attempts=random.choice([0, 1, 2, 3]) if contacted else 0,
                first_contact_at=NOW - timedelta(days=days) if contacted else None,
                last_contact_at=NOW - timedelta(days=random.randint(0, days)) if contacted else None,
                first_contact_due=TODAY + timedelta(days=random.randint(-4, 6)),
                answer_due=TODAY + timedelta(days=random.randint(-4, 12)),
                target_group=random.choice(["7", "8", ""]),
                mandatory=random.random() < 0.5,
                next_step_reason="to_be_planned",
                next_step_kind="wait",
            )
        plan(by=by, now=NOW)


def steps(actor: Actor) -> dict[int, tuple[str, object]]:
    with data_context(actor):
        return {
            each.pk: (each.next_step_kind or "closed", each.next_step_at) for each in FollowUp.objects.order_by("pk")
        }


@pytest.mark.parametrize(("seed", "days"), [(1, (5, 15)), (2, (3, 8)), (3, (9, 20))])
def test_the_preview_says_what_saving_and_planning_do(
    lead: Actor, covid: Programme, seed: int, days: tuple[int, int]
) -> None:
    crowd(seed)
    before = steps(lead)
    changed = own_plan(covid, steps=CALLS_FIRST, first_contact_days=days[0], answer_days=days[1])
    with data_context(lead):
        preview = preview_plan(by=lead, programme=covid, plan=changed, now=NOW)
    assert steps(lead) == before
    assert not ContactPolicy.objects.filter(municipality=ISHOEJ).exists()
    with data_context(lead):
        save_plan(by=lead, programme=covid, plan=changed, now=NOW)
        plan(by=lead, now=NOW)
    after = steps(lead)
    open_before = {key: step for key, step in before.items() if step[0] != "closed"}
    expected = Counter((step[0], after[key][0]) for key, step in open_before.items())
    assert {(was, kind): number for was, kind, number in preview.figures["kinds"]} == dict(expected)
    moved = sum(step[0] == after[key][0] and step[1] != after[key][1] for key, step in open_before.items())
    assert preview.figures["another_date"] == moved
    assert preview.figures["another_kind"] > PEOPLE // 10
    for example in preview.examples:
        assert (example.before.kind, example.before.at) == before[example.follow_up_id]
        wanted = after[example.follow_up_id]
        assert ("closed" if example.after.closed else example.after.kind) == wanted[0]
    with data_context(lead):
        calls = Counter(
            min(max(each.next_step_at.date(), TODAY), TODAY + timedelta(days=2))
            for each in FollowUp.objects.filter(next_step_kind="call")
            if each.next_step_at
        )
        assert preview.figures["calls"]["today_after"] == calls[TODAY]
        assert preview.figures["calls"]["tomorrow_after"] == calls[TODAY + timedelta(days=1)]
        late = FollowUp.objects.filter(
            mandatory=True, first_contact_at=None, next_step_kind__in=["sms", "call", "letter"]
        )
        beyond = sum(bool(each.next_step_at and each.next_step_at.date() > each.first_contact_due) for each in late)
        assert preview.figures["deadlines"]["late_mandatory_after"] == beyond


def test_a_municipality_has_its_own_only_where_it_differs(lead: Actor, covid: Programme) -> None:
    with data_context(lead):
        common = plan_of(covid, None, TODAY)
        assert save_plan(by=lead, programme=covid, plan=common, now=NOW) is None
        change = save_plan(by=lead, programme=covid, plan=own_plan(covid, quiet_gap_hours=48), now=NOW)
        assert change is not None
        assert change.before["quiet_gap_hours"] == 24
        assert (change.after["quiet_gap_hours"], change.by_name) == (48, lead.name)
        own = ContactPolicy.objects.get(municipality=ISHOEJ)
        assert (own.programme, own.steps.count()) == (covid, 3)
        assert not DeadlineRule.objects.filter(municipality=ISHOEJ).exists()
        assert plan_of(covid, 169, TODAY) == common
        save_plan(by=lead, programme=covid, plan=common, now=NOW)
        assert not ContactPolicy.objects.filter(municipality=ISHOEJ).exists()
        assert ContactPlanChange.objects.count() == 2


def test_other_deadlines_move_those_of_open_follow_ups(lead: Actor, covid: Programme) -> None:
    with records():
        # Tuesday 27 April and Friday 30 April 2021, which was Store bededag; 1 May is a Saturday.
        waiting = follow_up(citizen(), first_contact_due=date(2021, 4, 27), answer_due=date(2021, 5, 11))
        next_day = follow_up(citizen(), first_contact_due=date(2021, 4, 29), answer_due=None)
        other = follow_up(citizen(), "influenza", first_contact_due=date(2021, 4, 27), answer_due=None)
    with data_context(lead):
        save_plan(by=lead, programme=covid, plan=own_plan(covid, first_contact_days=7, answer_days=14), now=NOW)
        for each in (waiting, next_day, other):
            each.refresh_from_db()
        assert (waiting.first_contact_due, waiting.answer_due) == (date(2021, 4, 29), date(2021, 5, 10))
        assert next_day.first_contact_due == date(2021, 5, 4)
        assert other.first_contact_due == date(2021, 4, 27)


def test_a_duty_of_one_s_own_holds_for_open_follow_ups(lead: Actor, covid: Programme) -> None:
    TargetGroup.objects.filter(programme=covid, code="8").update(mandatory_from=None, mandatory_to=None)
    with records():
        eight = follow_up(citizen(), target_group="8", mandatory=False)
        seven = follow_up(citizen(), target_group="7", mandatory=True)
    with data_context(lead):
        duties = dict(plan_of(covid, ISHOEJ, TODAY).duties)
        later = own_plan(covid, duties=duties | {"8": (TODAY + timedelta(days=1), None)})
        save_plan(by=lead, programme=covid, plan=later, now=NOW)
        eight.refresh_from_db()
        assert not eight.mandatory
        now_on = own_plan(covid, duties=duties | {"8": (TODAY, None), "7": (None, None)})
        preview = preview_plan(by=lead, programme=covid, plan=now_on, now=NOW)
        assert (preview.figures["duty_gained"], preview.figures["duty_lost"]) == (1, 1)
        save_plan(by=lead, programme=covid, plan=now_on, now=NOW)
        eight.refresh_from_db()
        seven.refresh_from_db()
        assert (eight.mandatory, seven.mandatory) == (True, False)
        save_plan(by=lead, programme=covid, plan=plan_of(covid, None, TODAY), now=NOW)
        assert not GroupDuty.objects.exists()


def test_a_window_of_one_s_own_moves_the_messages(lead: Actor) -> None:
    with records() as by:
        person = citizen()
        phone(person)
        evening = NOW.replace(hour=17, minute=30)  # 19.30 in Copenhagen
        texted = follow_up(person, opened_at=evening, next_step_reason="to_be_planned")
        plan(by=by, now=evening - timedelta(hours=1))
    with data_context(lead):
        preview = preview_window(by=lead, window=Window(opens=10, closes=18), now=evening)
        assert preview.figures["another_date"] == 1
        save_window(by=lead, window=Window(opens=10, closes=18), now=evening)
        plan(by=lead, now=evening - timedelta(hours=1))
        texted.refresh_from_db()
        # Wednesday at ten, in summer time.
        assert texted.next_step_at == (evening + timedelta(days=1)).replace(hour=8, minute=0)
        assert window_for(ISHOEJ) == Window(opens=10, closes=18)
        save_window(by=lead, window=Window(), now=evening)
        assert not ContactSettings.objects.exists()


def test_who_may_and_what_is_refused(lead: Actor, covid: Programme) -> None:
    caseworker = actor_with_role(Role.CASEWORKER, username="sagsbehandler")
    with data_context(caseworker), pytest.raises(PermissionDenied):
        save_plan(by=caseworker, programme=covid, plan=own_plan(covid), now=NOW)
    with data_context(lead):
        with pytest.raises(UserError, match="mindst ét opkald eller brev"):
            save_plan(by=lead, programme=covid, plan=own_plan(covid, steps=(PlanStep("sms"),)), now=NOW)
        with pytest.raises(UserError, match="tidligst"):
            save_window(by=lead, window=Window(opens=6), now=NOW)
