"""Own selections: who is named, what a start does, undo, end, and how lists live beside them (L9, L8, L7, K3)."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from campaigns.services.answers import record_answer
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.clock.services import set_demo_clock
from outreach.errors import UserError
from registry.models import (
    Citizen,
    FollowUp,
    FollowUpStatus,
    Institution,
    Municipality,
    Programme,
    Selection,
    SelectionState,
    TargetGroup,
)
from registry.selectors.reference import target_groups
from registry.selectors.selections import preview_counts, select_people, selected_citizens, standing_of
from registry.selectors.selections_criteria import SERVICES, Criteria, Person, matches
from registry.services.selections import (
    end_selection,
    selections_over,
    start_selection,
    undo_selection,
)
from registry.services.selections_drafts import draft_selection
from registry.target_group_rules import GroupRule, earliest_group
from registry.tasks import end_selections
from tests.factories.cast import actor_with_role
from tests.factories.registry import committed_list, cpr_number, csv_file, make_citizen, moment, row

pytestmark = pytest.mark.django_db
TODAY = date(2021, 4, 20)
NOW = moment(TODAY)


@pytest.fixture
def lead() -> Actor:
    return actor_with_role(Role.TEAM_LEAD)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def old_with_both(serial: int, **changes: object) -> Citizen:
    values: dict[str, object] = {"birth_date": date(1950, 1, 1), "personal_care": True, "practical_help": True}
    return make_citizen(serial, **(values | changes))


def draft(by: Actor, criteria: Criteria | None = None, **changes: object) -> Selection:
    values: dict[str, object] = {
        "municipality": Municipality.objects.get(pk=183),
        "programme": Programme.objects.get(code="covid-19"),
        "name": "65+ med pleje og hjælp",
        "purpose": "Opfølgning efter sundhedsloven",
        "criteria": criteria or Criteria(age_on=TODAY, age_from=65, personal_care=True, practical_help=True),
        "ends_on": None,
        "now": NOW,
    }
    return draft_selection(by=by, **(values | changes))  # type: ignore[arg-type]


def by_name() -> dict[str, FollowUp]:
    return {each.citizen.name: each for each in FollowUp.objects.select_related("citizen")}


def test_a_start_opens_whom_it_names_with_deadlines_from_the_start(lead: Actor) -> None:
    with data_context(lead):
        old_with_both(1)
        old_with_both(2, practical_help=False)
        old_with_both(3, birth_date=date(1956, 4, 21))  # 64 until tomorrow
        old_with_both(4, birth_date=date(1956, 4, 20))  # 65 today
        started = start_selection(by=lead, selection=draft(lead), now=NOW)
        found = by_name()
        assert set(found) == {"Testperson 1", "Testperson 4"}
        first = found["Testperson 1"]
        assert (first.origin, first.selection_id, first.weeks_on_list, first.last_list_id) == (
            "selection", started.pk, 0, None,
        )  # fmt: skip
        # Group 2 is ≥ 65 with both services, mandatory; 5 and 15 working days after Tuesday 20 April 2021,
        # with the holidays of 30 April (store bededag) between.
        assert (first.target_group, first.mandatory) == ("2", True)
        assert first.first_contact_due == date(2021, 4, 27)
        assert first.answer_due == date(2021, 5, 12)
        # K1: planned in the same transaction.
        assert first.next_step_reason != "to_be_planned"
        assert started.counts["open"] == 2
        assert AccessEvent.objects.filter(subject_kind="selection", action="change").count() == 1


def test_a_second_start_opens_only_who_has_come_to_fit(lead: Actor) -> None:
    with data_context(lead):
        old_with_both(1)
        selection = start_selection(by=lead, selection=draft(lead), now=NOW)
        before = FollowUp.objects.values_list().get()
        again = start_selection(by=lead, selection=selection, now=NOW + timedelta(hours=1))
        assert again.counts["open"] == 0
        assert FollowUp.objects.values_list().get() == before
        old_with_both(2)
        assert start_selection(by=lead, selection=selection, now=NOW + timedelta(hours=2)).counts["open"] == 1


def test_the_preview_says_who_is_left_and_why(lead: Actor, admin: Actor) -> None:
    with data_context(lead):
        people = {serial: old_with_both(serial) for serial in range(1, 9)}
        old_with_both(9, status="deceased")
        old_with_both(10, do_not_contact_since=NOW)
    committed_list(admin, csv_file([row(1), row(2), row(3), row(4)]), as_of=TODAY - timedelta(days=7))
    with data_context(lead):
        record_answer(by=lead, citizen=people[2], outcome="declined", now=NOW)
        FollowUp.objects.filter(citizen=people[3]).update(
            status="closed", closed_reason="gone", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="", outcome="",
        )  # fmt: skip
        FollowUp.objects.filter(citizen=people[4]).update(
            status="closed", closed_reason="gone", closed_at=NOW, next_step_kind="", next_step_at=None,
            next_step_reason="", outcome="already_vaccinated",
        )  # fmt: skip
        assert preview_counts(draft(lead), today=TODAY) == {
            "open": 4,  # 5 to 8
            "reopen": 1,  # 3: gone without an answer
            "followed": 1,  # 1
            "answered": 1,  # 4
            "declined": 1,  # 2
            "status": 1,
            "do_not_contact": 1,
        }
        assert [each.name for each in selected_citizens(lead, "declined", limit=5)] == ["Testperson 2"]


def test_who_declined_is_not_asked_until_the_no_has_rested(lead: Actor) -> None:
    with data_context(lead):
        citizen = old_with_both(1)
        selection = start_selection(by=lead, selection=draft(lead), now=NOW)
        record_answer(by=lead, citizen=citizen, outcome="declined", now=NOW + timedelta(days=1))
        refused = FollowUp.objects.get()
        assert refused.reopen_on is not None
        before = start_selection(by=lead, selection=selection, now=NOW + timedelta(days=2))
        assert before.counts["declined"] == 1
        after = draft(lead)
        assert preview_counts(after, today=refused.reopen_on - timedelta(days=1))["declined"] == 1
        assert preview_counts(after, today=refused.reopen_on)["reopen"] == 1


def test_undo_puts_everything_back_while_nobody_was_contacted(lead: Actor, admin: Actor) -> None:
    fields = ("citizen__name", "status", "closed_reason", "origin", "last_list_id", "answer_due", "target_group")
    with data_context(lead):
        for serial in (1, 2):
            old_with_both(serial)
    committed_list(admin, csv_file([row(1)]), as_of=TODAY - timedelta(days=14))
    committed_list(admin, csv_file([row(5)]), as_of=TODAY - timedelta(days=7), groups=["7"])
    with data_context(lead):
        before = list(FollowUp.objects.order_by("id").values_list(*fields))
        assert before[0][:3] == ("Testperson 1", "closed", "gone")
        selection = start_selection(by=lead, selection=draft(lead), now=NOW)
        assert selection.counts["open"] == 1
        assert selection.counts["reopen"] == 1
        undone = undo_selection(by=lead, selection=selection, now=NOW + timedelta(minutes=5))
        assert undone.state == SelectionState.UNDONE
        after = list(FollowUp.objects.order_by("id").values_list(*fields))
        assert after[: len(before)] == before
        assert [each[:3] for each in after[len(before) :]] == [("Testperson 2", "closed", "undone")]


def test_undo_is_refused_when_somebody_was_contacted_and_end_spares_the_answered(lead: Actor) -> None:
    with data_context(lead):
        asked = old_with_both(1)
        old_with_both(2)
        selection = start_selection(by=lead, selection=draft(lead), now=NOW)
        record_answer(by=lead, citizen=asked, outcome="needs_ride", now=NOW + timedelta(hours=1))
        with pytest.raises(UserError) as refusal:
            undo_selection(by=lead, selection=selection, now=NOW + timedelta(hours=2))
        assert refusal.value.code == "undo_contacted"
        ended = end_selection(by=lead, selection=selection, now=NOW + timedelta(hours=3))
        assert ended.state == SelectionState.ENDED
        found = by_name()
        assert found["Testperson 1"].status == FollowUpStatus.OPEN
        assert found["Testperson 2"].closed_reason == "selection_ended"
        assert standing_of(ended)["answered"] == 1
        with pytest.raises(UserError):
            start_selection(by=lead, selection=ended, now=NOW + timedelta(hours=4))


def test_a_selection_ends_by_itself_after_its_last_day(lead: Actor) -> None:
    with data_context(lead):
        old_with_both(1)
        selection = start_selection(by=lead, selection=draft(lead, ends_on=TODAY + timedelta(days=2)), now=NOW)
    assert selections_over(TODAY + timedelta(days=2)) == []
    assert selections_over(TODAY + timedelta(days=3)) == [(183, selection.pk)]
    set_demo_clock(NOW + timedelta(days=3))
    end_selections()
    selection.refresh_from_db()
    assert selection.state == SelectionState.ENDED
    with data_context(lead):
        assert FollowUp.objects.get().closed_reason == "selection_ended"


def test_a_list_that_does_not_name_them_closes_nothing_and_one_that_does_takes_over(lead: Actor, admin: Actor) -> None:
    with data_context(lead):
        old_with_both(1)
        old_with_both(2)
        start_selection(by=lead, selection=draft(lead), now=NOW - timedelta(days=3))
    # The first list of the programme names 1 only, in the group both belong to.
    first = committed_list(admin, csv_file([row(1, group="2")]), as_of=TODAY, groups=["2"])
    with data_context(lead):
        found = by_name()
        assert (found["Testperson 1"].status, found["Testperson 1"].weeks_on_list) == ("open", 1)
        assert found["Testperson 1"].last_list_id == first.pk
        assert (found["Testperson 2"].status, found["Testperson 2"].last_list_id) == ("open", None)
    # The next week names neither: 1 is gone from the list, 2 is still the selection's.
    committed_list(admin, csv_file([row(7, group="2")]), as_of=TODAY + timedelta(days=7), groups=["2"])
    with data_context(lead):
        found = by_name()
        assert found["Testperson 1"].closed_reason == "gone"
        assert found["Testperson 2"].status == FollowUpStatus.OPEN


def test_a_purpose_and_something_that_narrows_it_are_needed(lead: Actor) -> None:
    with data_context(lead):
        for changes, code in (
            ({"purpose": " "}, "selection_purpose"),
            ({"criteria": Criteria(age_on=TODAY)}, "selection_criteria"),
            ({"ends_on": TODAY - timedelta(days=1)}, "selection_dates"),
        ):
            with pytest.raises(UserError) as refusal:
                draft(lead, **changes)
            assert refusal.value.code == code


def test_another_municipality_s_citizens_are_never_selected(lead: Actor) -> None:
    neighbour = actor_with_role(Role.TEAM_LEAD, 169)
    with data_context(neighbour):
        old_with_both(1, municipality=169)
    with data_context(lead):
        assert sum(preview_counts(draft(lead), today=TODAY).values()) == 0


def test_the_statement_and_the_slow_rule_select_the_same(lead: Actor) -> None:
    chance = Random(20210420)
    programme = Programme.objects.get(code="covid-19")
    school = Institution.objects.create(number="280001", name="Skole", kind="school", municipality_id=183)
    rules = [
        GroupRule(
            each.code, each.order, each.kind, tuple(zip(each.birth_years[::2], each.birth_years[1::2], strict=True))
        )
        for each in target_groups(programme, TODAY)
    ]
    with data_context(lead):
        people = {}
        for serial in range(1, 121):
            birth = (
                chance.choice([None, date(1956, 4, 20), date(1956, 4, 21)])
                if chance.random() < 0.3
                else date(chance.randint(1925, 2010), chance.randint(1, 12), chance.randint(1, 28))
            )
            values = {
                "birth_date": birth,
                **{name: chance.random() < 0.4 for name in SERVICES},
                "institution": chance.choice([None, school]),
                "parish_id": chance.choice([None, 7151, 7152]),
                "address": chance.choice(["", "Vejleåparken 3", "VEJLEÅPARKEN 12, 1. th.", "Ishøj Strandvej 1"]),
                "language": chance.choice(["da", "tr"]),
            }
            citizen = make_citizen(serial, cpr=cpr_number(serial), **values)
            people[citizen.pk] = Person(
                birth_date=birth,
                **{name: bool(values[name]) for name in SERVICES},
                institution=school.pk if values["institution"] else None,
                parish=values["parish_id"],  # type: ignore[arg-type]
                address=str(values["address"]),
                language=str(values["language"]),
                group=earliest_group(
                    rules,
                    birth_year=None,
                    birth_date=birth,
                    care_home=bool(values["care_home"]),
                    personal_care=bool(values["personal_care"]),
                    practical_help=bool(values["practical_help"]),
                    on=TODAY,
                )
                or "",
            )
        selected = 0
        for _ in range(40):
            criteria = Criteria(
                age_on=TODAY,
                age_from=chance.choice([None, None, 18, 65]),
                age_to=chance.choice([None, None, 64, 74]),
                **{name: chance.random() < 0.15 for name in SERVICES},
                institution=chance.choice([None, None, school.pk]),
                parishes=chance.choice([(), (), (7151,), (7151, 7152)]),
                streets=chance.choice([(), (), ("vejleåparken",)]),
                target_group=chance.choice(["", "", "1", "2", "8"]),
                language=chance.choice(["", "", "tr"]),
            )
            assert Criteria.from_stored(criteria.stored()) == criteria
            selection = Selection(municipality_id=183, programme=programme, criteria=criteria.stored())
            expected = {pk for pk, person in people.items() if matches(criteria, person)}
            assert ids_selected(selection) == expected, criteria
            selected += len(expected)
        assert selected > 100
        assert TargetGroup.objects.filter(programme=programme).exists()


def ids_selected(selection: Selection) -> set[int]:
    select_people(selection, today=TODAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT citizen_id FROM selected_people")
        return {citizen_id for (citizen_id,) in cursor.fetchall()}
