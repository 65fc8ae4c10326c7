"""The planner's SQL and its rule in Python give the same next step, on random citizens."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from campaigns.models import (
    ContactAttempt,
    ContactKind,
    ContactPolicy,
    ContactPolicyStep,
    ContactSettings,
    OptOut,
)
from campaigns.next_steps import NextStep, joined, next_step
from campaigns.selectors.follow_up_facts import facts_of, policy_for
from campaigns.services.planning import plan
from campaigns.step_reasons import ANSWER_REASONS
from registry.models import Citizen, CitizenStatus, FollowUp, Programme
from tests.factories.contact_pages import citizen, follow_up, phone, records, relative

NOW = datetime(2021, 4, 20, 9, 20, tzinfo=UTC)
NUMBERS = 250
KINDS = ["call", "lookup", "wait", "interpreter_call", "ride", "health_dialogue"]


def _moment(random: Random, days: int) -> datetime:
    """A moment around now, also at night, on Sundays and over the change to summer time."""
    return NOW + timedelta(minutes=random.randint(-days * 24 * 60, days * 24 * 60 // 4))


def _random_citizen(random: Random, number: int) -> Citizen:
    born = NOW.date() - timedelta(days=random.choice([random.randint(16, 19) * 365, random.randint(20, 90) * 365]))
    person = citizen(
        name=random.choice(["Åse Prøve", "Bo Test", ", -"]) if number % 9 == 0 else "Bo Prøve",
        birth_date=random.choice([born, born, born, None]),
        status=random.choices([*CitizenStatus], [30, 1, 1, 1, 1, 1, 1])[0],
        do_not_contact_since=NOW if random.random() < 0.05 else None,
    )
    for each in range(random.choice([0, 1, 1, 2])):
        own = phone(
            person,
            f"+45201{number:04d}{each}",
            kind=random.choice(["mobile", "mobile", "landline", "unknown"]),
            source=random.choice(["system", "relative", "citizen"]),
            wrong_since=NOW if random.random() < 0.2 else None,
        )
        if random.random() < 0.2:
            OptOut.objects.create(
                municipality_id=person.municipality_id, number_index=own.number_index, since=NOW, source="reply"
            )
    if random.random() < 0.3:
        relative(person, random.choice(["relative", "guardian", "custody_holder"]))
    return person


def _random_follow_up(random: Random, person: Citizen, programme: str) -> FollowUp:
    opened = _moment(random, 40)
    contacted = random.random() < 0.6
    reason = random.choice(["opened", "opened", *sorted(ANSWER_REASONS)])
    made = follow_up(
        person,
        programme,
        opened_at=min(opened, NOW),
        sms_sent=random.randint(0, 2) if contacted else 0,
        call_attempts=random.choice([0, 0, 1, 2, 3, 4]) if contacted else 0,
        letters_sent=random.choice([0, 0, 1]) if contacted else 0,
        last_contact_at=_moment(random, 30) if contacted else None,
        answer_due=random.choice([None, NOW.date() + timedelta(days=random.randint(-20, 20))]),
        next_step_kind=random.choice(KINDS),
        next_step_at=_moment(random, 20),
        next_step_reason=reason,
    )
    if random.random() < 0.3:
        ContactAttempt.objects.create(
            municipality_id=person.municipality_id,
            citizen=person,
            kind=ContactKind.LOOKUP,
            at=_moment(random, 40),
            by_name="Test",
            lookup_result=random.choice(["not_found", "not_found", "not_wanted"]),
            undone_at=NOW if random.random() < 0.2 else None,
        )
    return made


def _policies(random: Random) -> None:
    """Programme by programme another policy; pneumococcal has none at all."""
    ContactPolicy.objects.filter(programme__code="pneumococcal").delete()
    own = ContactPolicy.objects.create(
        programme=Programme.objects.get(code="influenza"), municipality_id=183, name="Egen", quiet_gap_hours=36
    )
    steps = [("sms", 1, 1, 1, []), ("call", 1, 2, 2, [17, 9]), ("sms", 3, 1, 1, []), ("call", 0, 1, 1, [])]
    for position, (kind, delay_days, attempts, retry_days, hours) in enumerate(steps):
        ContactPolicyStep.objects.create(
            policy=own,
            position=position + 1,
            kind=kind,
            delay_days=delay_days,
            attempts=attempts,
            retry_days=retry_days,
            hours=hours,
        )


def _window(random: Random) -> None:
    """The municipality's own hours and days for SMS (S4)."""
    opens = random.randint(8, 12)
    ContactSettings.objects.create(
        municipality_id=183,
        opens=opens,
        closes=random.randint(opens + 1, 21),
        sundays=random.random() < 0.5,
        holidays=random.random() < 0.5,
    )


def _expected() -> dict[int, NextStep]:
    """The rule in Python, citizen by citizen."""
    by_citizen: dict[int, list[tuple[FollowUp, NextStep]]] = defaultdict(list)
    for each in FollowUp.objects.filter(status="open").select_related("citizen"):
        step = next_step(facts_of(each, each.citizen, NOW), policy_for(each), NOW)
        by_citizen[each.citizen_id].append((each, step))
    expected = {}
    for pairs in by_citizen.values():
        steps = joined([step for _follow_up, step in pairs])
        expected |= {pair[0].pk: step for pair, step in zip(pairs, steps, strict=True)}
    return expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_sql_and_rule_give_the_same_step(seed: int) -> None:
    random = Random(seed)
    with records() as by:
        _policies(random)
        if seed > 1:
            _window(random)
        for number in range(NUMBERS):
            person = _random_citizen(random, number)
            for programme in random.sample(["covid-19", "influenza", "pneumococcal"], random.choice([1, 1, 2])):
                _random_follow_up(random, person, programme)
        expected = _expected()
        result = plan(by=by, now=NOW)
        assert result.open + sum(1 for step in expected.values() if step.closes) == len(expected)
        for each in FollowUp.objects.filter(pk__in=expected):
            step = expected[each.pk]
            if step.closes:
                assert (each.status, each.closed_reason) == ("closed", step.closes), each.pk
            else:
                planned = (each.next_step_kind, each.next_step_at, each.next_step_reason, each.next_step_detail)
                assert planned == (step.kind, step.at, step.reason, step.detail), each.pk
