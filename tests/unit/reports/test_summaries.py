"""Summaries of own follow-up against a slow twin; replaced, never added to."""

import random
from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from outreach.access.data_context import data_context
from registry.models import (
    FollowUp,
    Institution,
    InstitutionKind,
    ListRow,
    Municipality,
    NonresponderList,
    Outcome,
    RowClass,
)
from reports.models import FollowUpSummary
from reports.services.summaries import refresh
from reports.tasks import refresh_municipality, refresh_summaries
from tests.factories.reports import HOJE_TAASTRUP, ISHOJ, NOT_REACHED, NOW, WeeklyList, covid, ishoj, job

pytestmark = pytest.mark.django_db
COLUMNS = ("on_newest_list", "open", "contacted", "answered", "declined", "undecided", "booked", "gone")
Key = tuple[int | None, int | None, str]


def slow_summary(newest: NonresponderList | None) -> dict[Key, dict[str, int]]:
    """The twin: follow-up by follow-up in Python."""
    summary: dict[Key, Counter[str]] = {}
    for follow_up in FollowUp.objects.select_related("citizen"):
        citizen = follow_up.citizen
        counter = summary.setdefault((citizen.parish_id, citizen.institution_id, follow_up.target_group), Counter())
        rows = ListRow.objects.filter(nonresponder_list=newest, citizen=citizen)
        on_list = any(row.row_class in {"new", "waiting", "other_number"} for row in rows)
        gone = not on_list and any(row.row_class == "gone" for row in rows)
        reached = follow_up.outcome and follow_up.outcome not in NOT_REACHED
        counter["open"] += follow_up.status == "open"
        counter["gone"] += gone
        if on_list:
            counter["on_newest_list"] += 1
            counter["contacted"] += bool(follow_up.first_contact_at or reached)
            counter["answered"] += bool(reached)
            counter["declined"] += follow_up.outcome == "declined"
            counter["undecided"] += follow_up.outcome == "undecided"
            counter["booked"] += follow_up.outcome in {"already_booked", "booked_on_behalf"}
    return {key: {column: counter[column] for column in COLUMNS} for key, counter in summary.items()}


def stored() -> dict[Key, dict[str, int]]:
    return {
        (row.parish_id, row.institution_id, row.target_group): {column: getattr(row, column) for column in COLUMNS}
        for row in FollowUpSummary.objects.filter(municipality=ISHOJ)
    }


@pytest.mark.parametrize("seed", range(5))
def test_summary_agrees_with_the_slow_twin(seed: int) -> None:
    chance = random.Random(seed)
    home = Institution.objects.create(
        number="101001", name="Kærbo", kind=InstitutionKind.CARE_HOME, municipality=ishoj(), parish_id=7151
    )
    with data_context(job()) as by:
        WeeklyList(as_of=date(2021, 4, 13)).people("7", 3)
        week = WeeklyList()
        for _ in range(60):
            week.person(
                chance.choice(["1", "7", "10A"]),
                outcome=chance.choice(["", *Outcome]),
                row_class=chance.choice(list(RowClass)),
                parish=chance.choice([7150, 7151, None]),
                institution=chance.choice([home, None, None]),
                contacted=chance.random() < 0.5,
            )
        rows = refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
        assert stored() == slow_summary(week.list)
        assert rows == len(stored())


def test_refresh_replaces_and_leaves_other_municipalities_alone() -> None:
    with data_context(job(ISHOJ, HOJE_TAASTRUP)) as by:
        WeeklyList(code=HOJE_TAASTRUP).people("7", 2)
        refresh(by=by, municipality=Municipality.objects.get(code=HOJE_TAASTRUP), programme=covid(), now=NOW)
        week = WeeklyList()
        week.people("7", 2)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
        week.people("7", 1)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
    assert sorted(FollowUpSummary.objects.values_list("municipality", "on_newest_list")) == [(169, 2), (183, 3)]


def test_without_a_list_the_follow_ups_still_count_as_open() -> None:
    with data_context(job()) as by:
        week = WeeklyList(state="undone")
        week.people("7", 2)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
    assert stored() == {(None, None, "7"): dict.fromkeys(COLUMNS, 0) | {"open": 2}}


def test_refresh_needs_the_municipality() -> None:
    with data_context(job(HOJE_TAASTRUP)) as by, pytest.raises(PermissionDenied):
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)


def test_tasks_refresh_every_served_municipality(monkeypatch: pytest.MonkeyPatch) -> None:
    with data_context(job()):
        WeeklyList().people("7", 2)
    monkeypatch.setattr("reports.tasks.served_municipality_codes", lambda: [ISHOJ])
    refresh_summaries.run()
    assert FollowUpSummary.objects.get().on_newest_list == 2
    FollowUpSummary.objects.all().delete()
    refresh_summaries.run()  # the slot is taken: a second beat has no effect
    assert not FollowUpSummary.objects.exists()
    refresh_municipality.run(ISHOJ)
    assert FollowUpSummary.objects.get().on_newest_list == 2
