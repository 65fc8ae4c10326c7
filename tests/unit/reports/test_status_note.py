"""The status note against hand-counted notes and a slow twin (D5)."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import FollowUp, ListRow, NonresponderList, Outcome, RowClass
from registry.selectors.reference import target_groups
from reports.selectors.list_counts import GroupCount, count_lists
from reports.selectors.status_note import status_note
from reports.services.summaries import refresh
from tests.factories.reports import AS_OF, GROUP_FILE, ISHOJ, NOW, WeeklyList, acting, covid, imported, ishoj, job

from .test_uptake_files import MUNICIPALITY

pytestmark = pytest.mark.django_db

# [004]: rows per group; groups 4–6 hold the 74 that 138 leaves, an assumption of ours (D5).
MEMO_ROWS = {"1": 3, "2": 25, "3": 7, "4": 20, "5": 30, "6": 24, "7": 29, "8": 68}
MEMO_COVERED = [str(number) for number in range(1, 9)]


def memo(folder: Path) -> None:
    """Ishøj's own situation of 20 April 2021."""
    imported(folder, GROUP_FILE, municipality=ishoj())
    imported(
        folder,
        MUNICIPALITY.replace("Ishøj,2314,1274,10.0,5.5", "Ishøj,4157,1732,18.0,7.5").replace("12.0,6.8", "18.8,8.9"),
        name="kommuner.csv",
    )
    week = WeeklyList(covered=MEMO_COVERED)
    for group, number in MEMO_ROWS.items():
        week.people(group, number - 5 if group in {"2", "7"} else number)
    for group in ("2", "7"):
        week.people(group, 5, outcome=Outcome.DECLINED, row_class=RowClass.WAITING)


def test_the_memos_figures(tmp_path: Path) -> None:
    with data_context(job()):
        memo(tmp_path)
        declined = FollowUp.objects.filter(target_group="5").values_list("pk", flat=True)[:17]
        FollowUp.objects.filter(pk__in=list(declined)).update(outcome=Outcome.DECLINED)
        undecided = FollowUp.objects.filter(target_group="6").values_list("pk", flat=True)[:11]
        FollowUp.objects.filter(pk__in=list(undecided)).update(outcome=Outcome.UNDECIDED)
        note = status_note(ishoj(), covid(), AS_OF).as_contract()
    assert note["as_of"] == "2021-04-20"
    groups = {group["code"]: group for group in note["groups"]}
    assert list(groups) == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    table = {code: (g["in_group"], g["vaccinated"], g["not_reacted"]) for code, g in groups.items()}
    assert table == {
        "1": (89, 86, 3), "2": (325, 300, 25), "3": (143, 136, 7), "4": (None, None, 20), "5": (None, None, 30),
        "6": (None, None, 24), "7": (383, None, 29), "8": (1041, None, 68), "9": (2055, None, None),
    }  # fmt: skip
    assert groups["1"]["vaccinated_share"] == 96.6
    assert groups["1"]["not_reacted_share"] == 3.4
    assert note["total"] == {
        "invited": 2015, "not_reacted": 138, "not_reacted_share": 6.8, "declined": 27, "undecided": 11,
    }  # fmt: skip
    assert note["local"] == {"first_dose_share": 18.0, "complete_share": 7.5}
    assert note["national"] == {"first_dose_share": 18.8, "complete_share": 8.9}


def test_changed_inputs_give_a_changed_note_counted_by_hand(tmp_path: Path) -> None:
    """Other figures, other rows, other answers: nothing of the memo may be left."""
    text = GROUP_FILE.splitlines()[0] + "\n2;200;180;–;150\n7;100;90;–;–\n8;50;40;–;–\n"
    with data_context(job()):
        imported(tmp_path, text, municipality=ishoj())
        week = WeeklyList(covered=["1", "2", "7"])
        week.people("2", 4)
        week.people("2", 1, outcome=Outcome.DECLINED)
        week.people("7", 2, outcome=Outcome.UNDECIDED)
        week.people("7", 1, outcome=Outcome.NO_ANSWER)
        week.people("7", 6, row_class=RowClass.GONE)
        note = status_note(ishoj(), covid(), AS_OF).as_contract()
    assert [
        (g["code"], g["in_group"], g["vaccinated"], g["not_reacted"], g["declined"], g["undecided"])
        for g in note["groups"]
    ] == [
        ("1", None, None, 0, 0, 0),  # covered, and nobody on it: zero
        ("2", 200, 150, 5, 1, 0),
        ("7", 100, None, 3, 0, 2),
        ("8", 50, None, None, None, None),  # not covered: unknown, never zero
    ]
    # 180 + 90 + 40 invited, as the file has no total row; 8 of 310 = 2.58… %
    assert note["total"] == {"invited": 310, "not_reacted": 8, "not_reacted_share": 2.6, "declined": 1, "undecided": 2}
    assert note["local"] == {"first_dose_share": None, "complete_share": None}


def test_without_a_municipality_file_the_local_share_is_the_group_files_total(tmp_path: Path) -> None:
    with data_context(job()):
        imported(tmp_path, GROUP_FILE, municipality=ishoj())
        note = status_note(ishoj(), covid(), AS_OF)
    assert note.as_contract()["local"] == {"first_dose_share": 9.0, "complete_share": 3.7}  # 363 and 151 of 4036
    assert note.as_contract()["national"] == {"first_dose_share": None, "complete_share": None}


def test_without_a_list_nothing_is_known_about_reactions(tmp_path: Path) -> None:
    with data_context(job()):
        imported(tmp_path, GROUP_FILE, municipality=ishoj())
        note = status_note(ishoj(), covid(), AS_OF).as_contract()
    assert note["total"]["not_reacted"] is None
    assert note["total"]["invited"] == 2015
    assert {group["not_reacted"] for group in note["groups"]} == {None}


def test_only_the_newest_committed_standing_list_up_to_the_day_counts() -> None:
    with data_context(job()):
        WeeklyList(as_of=date(2021, 4, 6), covered=["2"]).people("2", 9)
        WeeklyList(as_of=date(2021, 4, 13), covered=["2"]).people("2", 4)
        WeeklyList(as_of=date(2021, 4, 27), covered=["2"]).people("2", 2)
        WeeklyList(as_of=date(2021, 4, 20), covered=["2"], state="reviewed").people("2", 1)
        note = status_note(ishoj(), covid(), AS_OF)
    assert note.nonresponder_list is not None
    assert note.nonresponder_list.as_of == date(2021, 4, 13)
    assert note.total.not_reacted == 4


def test_a_citizen_named_twice_counts_once_in_the_earliest_group() -> None:
    with data_context(job()):
        week = WeeklyList(covered=["3", "7"])
        twice = week.person("7")
        week.row(twice, "3")
        note = status_note(ishoj(), covid(), AS_OF)
    assert {group.code: group.not_reacted for group in note.groups} == {"3": 1, "7": 0}
    assert note.total.not_reacted == 1


def test_rows_without_a_group_stand_outside_and_are_said() -> None:
    with data_context(job()):
        week = WeeklyList(covered=["7"])
        week.people("7", 2)
        week.people("", 3)
        note = status_note(ishoj(), covid(), AS_OF)
    assert (note.without_group, note.total.not_reacted, [group.code for group in note.groups]) == (3, 2, ["7"])


def test_a_manager_sees_the_counts_as_last_stored() -> None:
    with data_context(job()) as by:
        week = WeeklyList(covered=["2", "7"])
        week.people("2", 3)
        week.people("2", 1, outcome=Outcome.DECLINED)
        refresh(by=by, municipality=ishoj(), programme=covid(), now=NOW)
        live = status_note(ishoj(), covid(), AS_OF)
    with data_context(acting(Role.MANAGER)):
        stored = status_note(ishoj(), covid(), AS_OF)
    assert stored.as_contract() == live.as_contract()
    assert (stored.answers_counted_at, live.answers_counted_at) == (NOW, None)


def test_a_manager_before_the_first_count_sees_unknown_not_zero() -> None:
    with data_context(job()):
        WeeklyList(covered=["2"]).people("2", 3)
    with data_context(acting(Role.MANAGER)):
        note = status_note(ishoj(), covid(), AS_OF)
    assert (note.total.not_reacted, note.groups) == (None, [])


def slow_counts(nonresponder_list: NonresponderList) -> dict[str, GroupCount]:
    """The twin: row by row in Python."""
    order = [group.code for group in target_groups(covid(), nonresponder_list.as_of)]
    groups_of: dict[int, list[str]] = defaultdict(list)
    for row in ListRow.objects.filter(nonresponder_list=nonresponder_list):
        if row.row_class in {"new", "waiting", "other_number"} and row.citizen_id is not None:
            groups_of[row.citizen_id].append(row.target_group)
    people: dict[str, list[str]] = defaultdict(list)
    for citizen_id, groups in groups_of.items():
        earliest = min(groups, key=lambda code: order.index(code) if code in order else len(order))
        people[earliest].append(FollowUp.objects.get(citizen_id=citizen_id, programme=covid()).outcome)
    return {
        group: GroupCount(len(outcomes), outcomes.count("declined"), outcomes.count("undecided"))
        for group, outcomes in people.items()
    }


@pytest.mark.parametrize("seed", range(5))
def test_counts_agree_with_the_slow_twin(seed: int) -> None:
    import random

    chance = random.Random(seed)
    with data_context(job()):
        week = WeeklyList()
        for _ in range(40):
            follow_up = week.person(
                chance.choice(["1", "7", "10A", "8"]),
                outcome=chance.choice(["", "declined", "undecided", "no_answer"]),
                row_class=chance.choice(list(RowClass)),
            )
            if chance.random() < 0.3:
                week.row(follow_up, chance.choice(["1", "7", "10A"]), RowClass.WAITING)
        assert count_lists(ISHOJ, [week.list.pk])[week.list.pk] == slow_counts(week.list)
