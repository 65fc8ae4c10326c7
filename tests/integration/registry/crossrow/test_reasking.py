"""Asking again (L8): the rule in SQL is the pure rule, on random follow-ups; its answer is told; a will is kept."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import (
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    ListRow,
    Outcome,
    Programme,
    ReaskRule,
    RowClass,
)
from registry.reask_rules import Why, rule_for, why_asked_again
from registry.selectors.reask import days_a_refusal_rests, reask_rules, reask_sentence, row_sentence
from registry.services.lists import approve
from tests.factories.cast import actor_with_role
from tests.factories.geography import ISHOEJ
from tests.factories.registry import committed_list, csv_file, make_citizen, moment, reviewed_list, row

pytestmark = pytest.mark.django_db
BEFORE, WEEK = date(2021, 4, 6), date(2021, 4, 13)
PEOPLE = 150


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def at_noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def close(follow_up: FollowUp, reason: str, *, outcome: str = "", on: date = BEFORE, **fields: object) -> None:
    values = {
        "status": "closed", "closed_reason": reason, "closed_at": at_noon(on), "next_step_kind": "",
        "next_step_at": None, "next_step_reason": "", "outcome": outcome, **fields,
    }  # fmt: skip
    FollowUp.objects.filter(pk=follow_up.pk).update(**values)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_asks_whom_the_pure_rule_asks(admin: Actor, seed: int) -> None:
    chance = random.Random(seed)
    covid = Programme.objects.get(code="covid-19")
    # Random rules beside the common ones: of the municipality, of the programme, of single answers.
    for reason in (ClosedReason.DECLINED, ClosedReason.ANSWERED, ClosedReason.GONE):
        ReaskRule.objects.create(
            programme=chance.choice([None, covid]),
            municipality_id=ISHOEJ,
            closed_reason=reason,
            outcome=chance.choice(["", "undecided", "declined"]),
            when_listed=chance.random() < 0.3,
            when_other_group=chance.random() < 0.5,
            after_days=chance.choice([None, 0, 7, 8, 400]),
        )
    with data_context(admin):
        for serial in range(PEOPLE):
            make_citizen(serial)
    committed_list(admin, csv_file([row(serial, group=chance.choice(["7", "8"])) for serial in range(PEOPLE)]),
                   as_of=BEFORE)  # fmt: skip
    influenza = Programme.objects.get(code="influenza")
    reasons = list(ClosedReason)
    with data_context(admin):
        for each in FollowUp.objects.all():
            if chance.random() < 0.85:
                close(
                    each,
                    chance.choice(reasons),
                    outcome=chance.choice(["", "declined", "undecided", "deceased", "moved", "no_answer"]),
                    on=BEFORE - timedelta(days=chance.choice([0, 1, 200])),
                    reopen_on=chance.choice([None, None, WEEK, WEEK + timedelta(days=1)]),
                )
            if chance.random() < 0.3:
                other = FollowUp.objects.get(pk=each.pk)
                other.pk, other.programme = None, influenza
                other.save(force_insert=True)
                close(other, chance.choice(reasons), outcome=chance.choice(["", "declined", "deceased"]))
    listed = {serial: chance.choice(["7", "8"]) for serial in range(PEOPLE)}
    with data_context(admin):
        rules = reask_rules(covid.pk, ISHOEJ)
        expected = {each.citizen.name: pure_answer(each, rules, listed) for each in FollowUp.objects.filter(
            programme=covid).select_related("citizen")}  # fmt: skip
    reviewed = reviewed_list(admin, csv_file([row(serial, group=group) for serial, group in listed.items()]),
                             as_of=WEEK)  # fmt: skip
    with data_context(admin):
        said = dict(ListRow.objects.filter(nonresponder_list=reviewed).values_list("citizen__name", "reask_code"))
        assert said == expected
        assert len(set(expected.values())) == 4, "the random world holds every answer"
        assert approve(by=admin, nonresponder_list=reviewed, now=moment(WEEK)).state == "committed"
        reopened = FollowUpChange.objects.filter(nonresponder_list=reviewed, kind="reopened")
        assert dict(reopened.values_list("follow_up__citizen__name", "reason")) == {
            name: why for name, why in expected.items() if why
        }


def pure_answer(follow_up: FollowUp, rules: object, listed: dict[int, str]) -> str:
    """The pure rule, one citizen at a time."""
    if follow_up.status == FollowUpStatus.OPEN:
        return ""
    elsewhere = FollowUp.objects.filter(citizen=follow_up.citizen, status="closed").exclude(pk=follow_up.pk)
    barred = any(
        not rule_for(rules, each.closed_reason, each.outcome).when_new_programme  # type: ignore[arg-type]
        for each in elsewhere
    )
    assert follow_up.closed_at is not None
    if follow_up.closed_reason == ClosedReason.DO_NOT_CONTACT:
        return Why.NOT
    return why_asked_again(
        rule_for(rules, follow_up.closed_reason, follow_up.outcome),  # type: ignore[arg-type]
        closed_on=timezone.localdate(follow_up.closed_at),
        reopen_on=follow_up.reopen_on,
        group_before=follow_up.target_group,
        group_now=listed[int(follow_up.citizen.name.removeprefix("Testperson "))],
        today=WEEK,
        barred=barred,
    )


def test_row_and_history_say_why_somebody_is_asked_again(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=BEFORE)
    with data_context(admin):
        close(FollowUp.objects.get(), "declined", outcome="declined", reopen_on=date(2021, 10, 6))
    reviewed = reviewed_list(admin, csv_file([row(1, group="8")]), as_of=WEEK)
    words = "Sagde nej 06.04.2021 og spørges igen, fordi borgeren nu står i målgruppe 8 (før 7)."
    with data_context(admin):
        line = ListRow.objects.get(nonresponder_list=reviewed)
        assert row_sentence(line.reask_code, FollowUp.objects.get(), line.target_group) == words
        approve(by=admin, nonresponder_list=reviewed, now=moment(WEEK))
        change = FollowUpChange.objects.get(kind="reopened")
        assert reask_sentence(change) == words
        assert reask_sentence(FollowUpChange.objects.get(kind="opened")) == ""


def test_default_rules_stand_and_none_can_overrule_do_not_contact(admin: Actor) -> None:
    covid = Programme.objects.get(code="covid-19")
    assert days_a_refusal_rests(covid.pk, ISHOEJ) == 183
    ReaskRule.objects.create(municipality_id=ISHOEJ, closed_reason="declined", after_days=30)
    assert (days_a_refusal_rests(covid.pk, ISHOEJ), days_a_refusal_rests(covid.pk, 169)) == (30, 183)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaskRule.objects.create(closed_reason="do_not_contact", when_listed=True)


def test_do_not_contact_is_never_opened_by_a_list_of_any_programme(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=BEFORE)
    with data_context(admin):
        close(FollowUp.objects.get(), "do_not_contact", outcome="do_not_contact", reopen_on=BEFORE)
    again = committed_list(admin, csv_file([row(1, group="8")]), as_of=WEEK)
    flu = committed_list(admin, csv_file([row(1, group="")]), as_of=WEEK, programme="influenza")
    assert (again.counts, flu.counts) == ({"waiting": 1}, {"waiting": 1})
    with data_context(admin):
        assert set(FollowUp.objects.values_list("status", "closed_reason")) == {("closed", "do_not_contact")}
        assert FollowUp.objects.count() == 2


def test_death_told_on_the_phone_is_believed_in_a_new_programme(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=BEFORE)
    with data_context(admin):
        first, second = FollowUp.objects.order_by("citizen__name")
        close(first, "status", outcome="deceased", outcome_at=at_noon(BEFORE))
        close(second, "declined", outcome="declined", outcome_at=at_noon(BEFORE))
    flu = reviewed_list(admin, csv_file([row(1, group=""), row(2, group="")]), as_of=WEEK, programme="influenza")
    assert flu.counts == {"waiting": 1, "new": 1}
    with data_context(admin):
        rides = ListRow.objects.get(nonresponder_list=flu, row_class=RowClass.WAITING)
        assert (rides.citizen.name, rides.earlier_outcome) == ("Testperson 1", Outcome.DECEASED)  # type: ignore[union-attr]
        approve(by=admin, nonresponder_list=flu, now=moment(WEEK))
        opened = FollowUp.objects.filter(programme__code="influenza").order_by("citizen__name")
        # A no to one vaccine is no answer about another (C8).
        assert [each.status for each in opened] == ["closed", "open"]
        assert opened[0].outcome == Outcome.DECEASED
