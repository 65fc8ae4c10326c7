"""K12: what contact took, counted by hand and by a slow second way."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from campaigns.models import CallTask, ContactAnswer, ContactAttempt, SmsMessage, WorkloadDay
from campaigns.selectors.workload import breakdown, everything, totals, waiting_calls
from campaigns.services.workload import count_workload
from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp, Municipality
from tests.factories.campaigns import NOW, caller
from tests.factories.contact_pages import call_task, citizen, follow_up, records
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ

pytestmark = pytest.mark.django_db
YEAR = (date(2021, 1, 1), date(2021, 12, 31))
COUNTED = (
    "calls", "calls_in", "reached", "seconds", "untimed", "talks", "talk_seconds", "talks_untimed", "lookups",
    "messages", "segments", "letters", "rides",
)  # fmt: skip


def _attempt(
    owner: Citizen, at: datetime, follow_ups: list[FollowUp], outcome: str = "no_answer", **values: Any
) -> Any:
    defaults = {"kind": "call", "by_user_id": 7, "by_name": "Mette", "spoke_with": "nobody"}
    made = ContactAttempt.objects.create(
        municipality_id=owner.municipality_id, citizen=owner, at=at, **defaults | values
    )
    for each in follow_ups:
        ContactAnswer.objects.create(
            municipality_id=owner.municipality_id, attempt=made, follow_up=each, outcome=outcome
        )
    return made


def _message(owner: Citizen, about: FollowUp | None, at: datetime | None, status: str, segments: int = 1) -> None:
    SmsMessage.objects.create(
        municipality_id=owner.municipality_id, citizen=owner, follow_up=about, number_ciphertext=b"x",
        number_index=b"x", body="Hej", encoding="GSM-7", segments=segments, status=status, status_at=NOW,
        not_before=NOW, queued_at=NOW, handed_over_at=at, step_key=f"test:{SmsMessage.objects.count()}",
    )  # fmt: skip


def _count(now: datetime = NOW, code: int = ISHOEJ) -> None:
    with data_context(system_actor("workload", [code])) as by:
        count_workload(by=by, municipality=Municipality.objects.get(pk=code), now=now)


def _sums(**chosen: Any) -> dict[str, int]:
    """The sums of the chosen rows that are not zero."""
    found: Counter[str] = Counter()
    for row in WorkloadDay.objects.filter(**chosen):
        found.update({name: getattr(row, name) for name in COUNTED})
    return {name: number for name, number in found.items() if number}


def test_a_week_counted_by_hand() -> None:
    with records():
        ane, ib = citizen("Ane Holm"), citizen("Ib Holm")
        covid, flu = follow_up(ane, target_group="2"), follow_up(ane, "influenza", target_group="")
        other = follow_up(ib, target_group="7")
        monday, tuesday = NOW - timedelta(days=1), NOW
        # Monday: one call about two programmes in vain (1 minute told), one reached (4 minutes) who asks for a ride.
        _attempt(ane, monday, [covid, flu], minutes=1)
        reached = {"spoke_with": "citizen", "minutes": 4}
        _attempt(ib, monday + timedelta(hours=1), [other], outcome="needs_ride", **reached)
        # One call that answered for both of a household: two contacts, one time.
        together = monday + timedelta(hours=2)
        _attempt(ane, together, [covid], outcome="books_self", **reached)
        _attempt(ib, together, [other], outcome="books_self", **reached)
        # Tuesday: nobody told the time, but the citizen was taken 150 seconds before; another is quite unknown.
        task = call_task(ane, state="done", claimed_at=tuesday - timedelta(seconds=150))
        _attempt(ane, tuesday, [covid], call_task=task)
        _attempt(ib, tuesday, [other], kind="call_in", spoke_with="relative", by_user_id=8)
        # The health adviser: a talk of 25 minutes and one in vain of which nobody knows how long it took.
        _attempt(ib, tuesday, [other], kind="dialogue", spoke_with="citizen", minutes=25, by_user_id=9)
        _attempt(ib, tuesday + timedelta(hours=1), [other], kind="dialogue", by_user_id=9)
        # An undone answer, a spreadsheet's, a look-up, a letter.
        _attempt(ib, tuesday, [other], minutes=9, undone_at=tuesday)
        _attempt(ib, tuesday, [other], kind="imported", minutes=9)
        _attempt(ib, tuesday, [other], kind="lookup")
        _attempt(ib, tuesday, [other], kind="letter")
        # Paid for: two parts delivered, one part undelivered. Not: one that waits, one refused by the gateway.
        _message(ane, covid, tuesday, "delivered", segments=2)
        _message(ib, None, tuesday, "undelivered")
        _message(ib, other, None, "queued")
        _message(ib, other, tuesday, "failed")
    _count()
    assert _sums(day=date(2021, 4, 19)) == {"calls": 4, "reached": 3, "seconds": 9 * 60, "rides": 1}
    assert _sums(day=date(2021, 4, 20)) == {
        "calls": 1, "calls_in": 1, "reached": 1, "seconds": 150, "untimed": 1, "lookups": 1, "letters": 1,
        "messages": 2, "segments": 3, "talks": 2, "talk_seconds": 25 * 60, "talks_untimed": 1,
    }  # fmt: skip
    assert _sums(target_group="2") == {"calls": 3, "reached": 1, "seconds": 450, "messages": 1, "segments": 2}
    assert _sums(programme__code="influenza") == {}
    lead = caller("leder", role=Role.TEAM_LEAD)
    week = breakdown(lead, *YEAR, by="week")
    assert [(row.week, row.figures.spoken, row.figures.reached) for row in week] == [(date(2021, 4, 19), 6, 4)]


def test_a_call_just_before_midnight_is_of_its_own_day_in_copenhagen() -> None:
    with records():
        owner = citizen()
        about = follow_up(owner)
        _attempt(owner, datetime(2021, 4, 19, 21, 59, tzinfo=UTC), [about])
        _attempt(owner, datetime(2021, 4, 19, 22, 1, tzinfo=UTC), [about])
    _count()
    assert [row.day for row in WorkloadDay.objects.order_by("day")] == [date(2021, 4, 19), date(2021, 4, 20)]


def test_counting_again_changes_nothing_and_older_days_outlive_what_they_counted() -> None:
    with records():
        owner = citizen()
        about = follow_up(owner)
        _attempt(owner, NOW - timedelta(days=30), [about], minutes=2)
        _attempt(owner, NOW - timedelta(days=1), [about], minutes=3)
    _count()
    before = list(WorkloadDay.objects.order_by("day").values("day", *COUNTED))
    _count(NOW + timedelta(hours=1))
    assert list(WorkloadDay.objects.order_by("day").values("day", *COUNTED)) == before
    with records():
        ContactAttempt.objects.all().delete()
    _count(NOW + timedelta(hours=2))
    # The month-old day stands (A5); yesterday's is counted again, and nothing is left of it.
    assert [row.day for row in WorkloadDay.objects.all()] == [date(2021, 3, 21)]


def test_what_waits_is_counted_by_deadline_and_the_manager_reads_sums_only() -> None:
    with records():
        for deadline in (date(2021, 4, 20), date(2021, 4, 20), None):
            owner = citizen()
            follow_up(owner)
            call_task(owner, deadline=deadline)
        call_task(citizen(), state="done")
        _attempt(citizen(), NOW, [])
    _count()
    manager = caller("chef", role=Role.MANAGER)
    with data_context(manager):
        assert waiting_calls(manager) == {date(2021, 4, 20): 2, None: 1}
        assert totals(manager, *YEAR).calls == 1
        assert not CallTask.objects.exists()
        assert not Citizen.objects.exists()
    caseworker = caller("mette")
    with data_context(caseworker):
        assert totals(caseworker, *YEAR).calls == 0


def test_another_municipality_is_neither_counted_nor_shown() -> None:
    with records(HOEJE_TAASTRUP):
        _attempt(citizen(code=HOEJE_TAASTRUP), NOW, [])
    _count()
    assert not WorkloadDay.objects.exists()
    _count(code=HOEJE_TAASTRUP)
    lead = caller("leder", role=Role.TEAM_LEAD)
    with data_context(lead):
        assert totals(lead, *YEAR).calls == 0
        with pytest.raises(PermissionDenied):
            count_workload(by=lead, municipality=Municipality.objects.get(pk=HOEJE_TAASTRUP), now=NOW)


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_those_of_a_slow_count(seed: int) -> None:
    dice = random.Random(seed)
    with records():
        people = [citizen(f"Bo {number}") for number in range(6)]
        cases = {
            person.pk: [
                follow_up(person, code, target_group=dice.choice(["1", "2", "7", ""])) for code in ("covid-19", "rsv")
            ]
            for person in people
        }
        for _turn in range(60):
            person = dice.choice(people)
            at = NOW - timedelta(minutes=dice.randrange(60 * 24 * 20))
            reached = dice.random() < 0.5
            _attempt(
                person,
                at,
                dice.sample(cases[person.pk], dice.randrange(3)),
                outcome=dice.choice(["needs_ride", "declined", "no_answer"]),
                kind=dice.choice(["call", "call", "call_in", "dialogue", "lookup", "letter", "imported"]),
                minutes=dice.choice([None, 1, 5]),
                spoke_with="citizen" if reached else "nobody",
                undone_at=NOW if dice.random() < 0.1 else None,
            )
        for _turn in range(20):
            person = dice.choice(people)
            status = dice.choice(["queued", "accepted", "sent", "delivered", "undelivered", "failed", "in_doubt"])
            at = None if status == "queued" else NOW - timedelta(hours=dice.randrange(400))
            _message(person, dice.choice([None, *cases[person.pk]]), at, status, dice.randrange(1, 4))
        expected = _slowly()
    _count()
    found = {
        (row.day, row.programme_id, row.target_group): {name: getattr(row, name) for name in COUNTED}
        for row in WorkloadDay.objects.all()
    }
    assert found == expected
    lead = caller("leder", role=Role.TEAM_LEAD)
    rows = everything(lead, *YEAR)
    assert sum(row.figures.calls for row in rows) == sum(row["calls"] for row in expected.values())


def _slowly() -> dict[tuple[date, Any, str], dict[str, int]]:
    """The same in plain Python, contact by contact."""
    copenhagen = ZoneInfo("Europe/Copenhagen")
    sums: dict[tuple[date, Any, str], dict[str, int]] = {}
    timed = set()

    def add(at: datetime, about: FollowUp | None, **numbers: int) -> None:
        key = (at.astimezone(copenhagen).date(), about and about.programme_id, about.target_group if about else "")
        row = sums.setdefault(key, dict.fromkeys(COUNTED, 0))
        for name, number in numbers.items():
            row[name] += number

    for attempt in ContactAttempt.objects.order_by("id"):
        if attempt.undone_at or attempt.kind == "imported":
            continue
        answers = list(attempt.answers.order_by("id"))
        about = answers[0].follow_up if answers else None
        ride = int(any(answer.outcome == "needs_ride" for answer in answers))
        if attempt.kind in ("lookup", "letter"):
            add(attempt.at, about, rides=ride, **{f"{attempt.kind}s": 1})
            continue
        moment = (attempt.by_user_id, attempt.at, attempt.kind)
        first = moment not in timed
        timed.add(moment)
        if attempt.kind == "dialogue":
            add(
                attempt.at, about, rides=ride, talks=1, talk_seconds=(attempt.minutes or 0) * 60 if first else 0,
                talks_untimed=int(first and attempt.minutes is None),
            )  # fmt: skip
            continue
        add(
            attempt.at,
            about,
            rides=ride,
            reached=int(attempt.spoke_with != "nobody"),
            seconds=(attempt.minutes or 0) * 60 if first else 0,
            untimed=int(first and attempt.minutes is None),
            **{"calls" if attempt.kind == "call" else "calls_in": 1},
        )
    for message in SmsMessage.objects.all():
        if message.status in ("accepted", "sent", "delivered", "undelivered"):
            add(message.handed_over_at, message.follow_up, messages=1, segments=message.segments)
    return sums
