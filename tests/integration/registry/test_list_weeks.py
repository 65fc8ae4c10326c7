"""Four weekly lists through the whole pipeline; every figure here is counted by hand."""

from datetime import date

import pytest
from django.db import connection

from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from registry.models import (
    Citizen,
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    ListState,
    NonresponderList,
    PreviousNumber,
    RowClass,
)
from registry.selectors.lists import receipt, review_counts, rows_in_class
from registry.services.follow_ups import close_follow_up, reopen_follow_up
from registry.services.lists import approve, decide, undo
from tests.factories.cast import actor_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import (
    HEADER,
    committed_list,
    cpr_number,
    csv_file,
    list_order,
    make_citizen,
    moment,
    reviewed_list,
    row,
    xlsx_file,
)

pytestmark = pytest.mark.django_db
WEEKS = [date(2021, 3, 30), date(2021, 4, 6), date(2021, 4, 13), date(2021, 4, 20)]
NONE = dict.fromkeys((row_class.value for row_class in RowClass), 0)


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN, username="listeadmin")


@pytest.fixture
def people(admin: Actor) -> dict[int, Citizen]:
    """Persons 1–6 are known, 7 is not, 8 has moved out, 9 is dead, 10 is Høje-Taastrup's."""
    with data_context(admin):
        known = {serial: make_citizen(serial) for serial in range(1, 7)}
        known[8] = make_citizen(8, status="outside")
        known[9] = make_citizen(9, status="deceased")
    with data_context(actor_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)):
        known[10] = make_citizen(10, municipality=HOEJE_TAASTRUP)
    return known


def follow_up(admin: Actor, serial: int) -> FollowUp:
    with data_context(admin):
        index = FollowUp.objects.select_related("citizen")
        return next(each for each in index if each.citizen.cpr == cpr_number(serial))


def _of_every_class() -> list[tuple[str, ...]]:
    """A row of each class; the numbers are those the spreadsheet shows."""
    return [
        (*row(1), "0183"),  # 2: new
        (*row(2), "183"),  # 3: new
        (*row(7), "183.0"),  # 4: new, unknown to the registry
        (*row(8), ""),  # 5: moved, by the registry
        (*row(10), ""),  # 6: moved, known in Høje-Taastrup
        (*row(3), "0169"),  # 7: moved, by the list
        (*row(11), ""),  # 8: known under another number
        (*row(1), "0183"),  # 9: duplicate of row 2
        (*row(4, group="8"), ""),  # 10: needs a decision with row 11
        (*row(4, group="7"), ""),  # 11
        (*row(9), ""),  # 12: needs a decision, dead
        ("3102011234", "Umulig Dato", "7", "08-03-2021", ""),  # 13: unreadable
        (*row(5), "9999"),  # 14: unreadable, unknown municipality
        (*row(6, invited="45000"), ""),  # 15: unreadable, a serial number is no date
        ("101390000", "Mistet Nul", "7", "08-03-2021", ""),  # 16: needs a decision; serial 0000 is never issued
        ("", "", "", "", ""),  # 17: blank
        ("", "Uden Nummer", "7", "08-03-2021", ""),  # 18: unreadable
    ]


def test_first_list_every_class_counted(admin: Actor, people: dict[int, Citizen]) -> None:
    with data_context(admin):
        other = make_citizen(11)
        holder_of_old = make_citizen(12)
        PreviousNumber.objects.create(
            municipality_id=ISHOEJ,
            citizen=holder_of_old,
            cpr_ciphertext=other.cpr_ciphertext,
            cpr_index=other.cpr_index,
            noted_at=moment(WEEKS[0]),
        )
        other.status = "replaced"
        other.save()
    reviewed = reviewed_list(admin, csv_file(_of_every_class(), (*HEADER, "Kommunekode")))
    assert reviewed.state == ListState.REVIEWED, reviewed.error_message
    with data_context(admin):
        answer = receipt(reviewed)
    assert answer["rows"] == 16
    assert answer["counts"] == {
        "new": 3,
        "waiting": 0,
        "gone": 0,
        "moved": 3,
        "other_number": 1,
        "duplicate": 1,
        "needs_decision": 4,
        "unreadable": 4,
    }
    assert answer["gates"] == []
    assert [(each["row"], each["column"], each["code"]) for each in answer["errors"]] == [
        (5, "CPR-nummer", "not_resident"),
        (6, "CPR-nummer", "known_elsewhere"),
        (7, "Kommunekode", "other_municipality"),
        (10, "CPR-nummer", "same_cpr_differs"),
        (11, "CPR-nummer", "same_cpr_differs"),
        (12, "CPR-nummer", "citizen_status"),
        (13, "CPR-nummer", "cpr_date"),
        (14, "Kommunekode", "municipality_unknown"),
        (15, "Inviteret", "date_format"),
        (16, "CPR-nummer", "leading_zero"),
        (18, "CPR-nummer", "cpr_missing"),
    ]
    with data_context(admin):
        duplicate = rows_in_class(reviewed, RowClass.DUPLICATE)[0]
        moved = {each.problem_code: each for each in rows_in_class(reviewed, RowClass.MOVED)}
        elsewhere = moved["known_elsewhere"]
        assert (duplicate.row_number, duplicate.same_as_row) == (9, 2)
        assert elsewhere.citizen_id is None, "another municipality's citizen must not be told"
        approved = approve(by=admin, nonresponder_list=reviewed, now=moment(WEEKS[0]))
        assert approved.state == ListState.COMMITTED
        followed = {each.citizen.cpr: each for each in FollowUp.objects.select_related("citizen")}
        # 11's old number leads to 12; undecided rows, moved and unreadable ones open nothing.
        assert set(followed) == {cpr_number(serial) for serial in (1, 2, 7, 12)}
        made = followed[cpr_number(7)].citizen
        assert (made.name, made.sort_name, made.status) == ("Testperson 7", "testperson 7", "active")
        first = followed[cpr_number(1)]
        # Received Tuesday 30.03.2021: five working days over Easter, fifteen in all (K3).
        assert (first.first_contact_due, first.answer_due) == (date(2021, 4, 9), date(2021, 4, 23))
        assert (first.mandatory, first.weeks_on_list, first.target_group) == (True, 1, "7")
        assert FollowUpChange.objects.filter(kind="opened").count() == 4


def test_four_weeks_of_new_waiting_and_gone(admin: Actor, people: dict[int, Citizen]) -> None:
    committed_list(admin, csv_file([row(1), row(2), row(3)]), as_of=WEEKS[0])
    second = committed_list(admin, xlsx_file([row(1), row(2), row(4)], title="SSI uge 14"), as_of=WEEKS[1])
    assert second.counts == {"waiting": 2, "new": 1, "gone": 1}
    assert follow_up(admin, 3).closed_reason == ClosedReason.GONE
    assert follow_up(admin, 1).weeks_on_list == 2
    # 2 says no; the lists keep naming them (L8).
    with data_context(admin):
        declined = FollowUp.objects.get(citizen=people[2])
        FollowUp.objects.filter(pk=declined.pk).update(outcome="declined", reopen_on=date(2021, 10, 1))
        close_follow_up(by=admin, follow_up=declined, reason=ClosedReason.DECLINED, now=moment(WEEKS[1]))
        FollowUp.objects.filter(pk=declined.pk).update(
            reopen_on=date(2021, 10, 1), outcome="declined", sms_sent=1, call_attempts=3, letters_sent=1
        )
    third = committed_list(admin, csv_file([row(2), row(3), row(4)]), as_of=WEEKS[2])
    # 3 is back; 2 and 4 wait; 1 is gone.
    assert third.counts == {"waiting": 2, "new": 1, "gone": 1}
    with data_context(admin):
        waiting = {each.citizen_id: each for each in rows_in_class(third, RowClass.WAITING)}
    assert (waiting[people[2].pk].earlier_outcome, waiting[people[2].pk].week) == ("declined", 3)
    no = follow_up(admin, 2)
    assert (no.status, no.closed_reason, no.weeks_on_list) == (FollowUpStatus.CLOSED, ClosedReason.DECLINED, 3)
    back = follow_up(admin, 3)
    assert (back.status, back.weeks_on_list) == (FollowUpStatus.OPEN, 2)
    assert back.next_step_kind
    # Under another group they are asked once more (L8).
    fourth = committed_list(admin, csv_file([row(2, group="8"), row(3)]), as_of=WEEKS[3])
    # 4 is gone; group 7 is covered, because the previous list covered it.
    assert fourth.counts == {"waiting": 2, "gone": 1}
    assert fourth.groups_covered == ["7", "8"]
    asked = follow_up(admin, 2)
    assert (asked.status, asked.target_group, asked.mandatory) == (FollowUpStatus.OPEN, "8", False)
    # … from the policy's first step, not from the end of the earlier attempts; undo puts those back.
    assert (asked.sms_sent, asked.call_attempts, asked.letters_sent) == (0, 0, 0)
    with data_context(admin):
        undo(by=admin, nonresponder_list=fourth, now=moment(WEEKS[3]))
    undone = follow_up(admin, 2)
    assert (undone.closed_reason, undone.sms_sent, undone.call_attempts) == (ClosedReason.DECLINED, 1, 3)


def test_death_or_move_a_caller_was_told_of_rides_on_the_rows(admin: Actor, people: dict[int, Citizen]) -> None:
    committed_list(admin, csv_file([row(1), row(2), row(3), row(4)]), as_of=WEEKS[0])
    with data_context(admin):
        told = [(1, "deceased", ClosedReason.STATUS), (2, "moved", ClosedReason.MOVED), (3, "", ClosedReason.MOVED)]
        for serial, outcome, reason in told:
            closed = FollowUp.objects.get(citizen=people[serial])
            close_follow_up(by=admin, follow_up=closed, reason=reason, now=moment(WEEKS[0]))
            FollowUp.objects.filter(pk=closed.pk).update(outcome=outcome)
    second = committed_list(admin, csv_file([row(1), row(2), row(3), row(4, group="8")]), as_of=WEEKS[1])
    # 3 had left by the registry and is back: that is new. Nobody rings the home of 1 again (L8).
    assert second.counts == {"waiting": 3, "new": 1}
    assert [follow_up(admin, serial).status for serial in (1, 2, 3, 4)] == ["closed", "closed", "open", "open"]


def test_group_that_the_list_does_not_cover_is_unknown_not_gone(admin: Actor, people: dict[int, Citizen]) -> None:
    committed_list(admin, csv_file([row(1), row(2, group="8")]), as_of=WEEKS[0])
    second = committed_list(admin, csv_file([row(3)]), as_of=WEEKS[1], groups=["7"])
    assert second.counts == {"new": 1, "gone": 1}
    assert follow_up(admin, 2).status == FollowUpStatus.OPEN


def test_a_partial_list_of_the_other_kind_keeps_whom_it_names_after_a_newer_one_of_other_groups(
    admin: Actor, people: dict[int, Citizen]
) -> None:
    order = list_order(admin)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0], groups=["7"])
    committed_list(admin, csv_file([row(3, group="8")]), as_of=WEEKS[1], groups=["8"])
    committed_list(admin, csv_file([row(1), row(2), row(4)]), as_of=WEEKS[1], order=order)
    with data_context(admin):
        # Both are followed up because of the order's list now.
        FollowUp.objects.update(last_list=NonresponderList.objects.get(order=order))
    third = committed_list(admin, csv_file([row(5)]), as_of=WEEKS[2], order=order)
    # Only 4 stands on no list in use: 1 and 2 are on the newest standing list that covers group 7.
    assert third.counts == {"new": 1, "gone": 1}
    assert {serial: follow_up(admin, serial).status for serial in (1, 2, 4)} == {1: "open", 2: "open", 4: "closed"}


def test_a_rested_no_opened_by_hand_after_the_review_is_looked_at_again(
    admin: Actor, people: dict[int, Citizen]
) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        refused = FollowUp.objects.get(citizen=people[1])
        close_follow_up(by=admin, follow_up=refused, reason=ClosedReason.DECLINED, now=moment(WEEKS[0]))
    passing_over = reviewed_list(admin, csv_file([row(2)]), as_of=WEEKS[1])
    with data_context(admin):
        reopen_follow_up(by=admin, follow_up=refused, now=moment(WEEKS[1]))
        held = approve(by=admin, nonresponder_list=passing_over, now=moment(WEEKS[1]))
        assert [gate["code"] for gate in held.gates] == ["changed_since_review"]
        (gone,) = rows_in_class(held, RowClass.GONE, limit=10, offset=0)
        assert gone.warning_code == "opened_since"
    assert follow_up(admin, 1).status == FollowUpStatus.OPEN


def test_same_content_saved_anew_changes_nothing(admin: Actor, people: dict[int, Citizen]) -> None:
    rows = [row(1), row(2)]
    committed_list(admin, csv_file(rows), as_of=WEEKS[0])
    before = table_checksums(admin)
    again = committed_list(admin, xlsx_file(rows), as_of=WEEKS[0])
    assert again.state == ListState.COMMITTED
    assert again.counts == {"waiting": 2}
    assert table_checksums(admin) == before


def test_corrected_file_of_the_same_week_is_held(admin: Actor, people: dict[int, Citizen]) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    corrected = reviewed_list(admin, csv_file([row(1), row(3)]), as_of=WEEKS[0])
    assert [gate["code"] for gate in corrected.gates] == ["same_week"]


def test_list_committed_meanwhile_sends_the_other_back(admin: Actor, people: dict[int, Citizen]) -> None:
    early = reviewed_list(admin, csv_file([row(1)]), as_of=WEEKS[1])
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        sent_back = approve(by=admin, nonresponder_list=early, now=moment(WEEKS[1]))
    assert sent_back.state == ListState.UPLOADED


def test_citizen_closed_meanwhile_goes_to_a_second_review(admin: Actor, people: dict[int, Citizen]) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[0])
    reviewed = reviewed_list(admin, csv_file([row(2), row(1)]), as_of=WEEKS[1])
    with data_context(admin):
        close_follow_up(
            by=admin,
            follow_up=FollowUp.objects.get(citizen=people[1]),
            reason=ClosedReason.DECLINED,
            now=moment(WEEKS[1]),
        )
    with data_context(admin):
        held = approve(by=admin, nonresponder_list=reviewed, now=moment(WEEKS[1]))
        assert held.state == ListState.REVIEWED
        assert [gate["code"] for gate in held.gates] == ["changed_since_review"]
        decide(
            by=admin,
            nonresponder_list=held,
            row_ids=None,
            problem_code="closed_since",
            decision="import",
            now=moment(WEEKS[1]),
        )
        approved = approve(by=admin, nonresponder_list=held, now=moment(WEEKS[1]))
        assert approved.state == ListState.COMMITTED
        assert review_counts(approved) == {**NONE, "waiting": 2}


def test_approving_twice_is_one_commit(admin: Actor, people: dict[int, Citizen]) -> None:
    committed = committed_list(admin, csv_file([row(1)]), as_of=WEEKS[0])
    before = table_checksums(admin)
    with data_context(admin):
        stale = NonresponderList.objects.get(pk=committed.pk)
        approve(by=admin, nonresponder_list=stale, now=moment(WEEKS[1]))
    assert table_checksums(admin) == before


def table_checksums(admin: Actor) -> tuple[object, ...]:
    """Status, answers and weeks of all follow-ups, and the number of citizens: what a re-run must not change."""
    with data_context(admin), connection.cursor() as cursor:
        cursor.execute(
            "SELECT md5(string_agg(concat_ws('|', citizen_id, status, closed_reason, weeks_on_list, target_group,"
            " first_contact_due, answer_due, opened_at), ';' ORDER BY citizen_id)) FROM registry_followup"
        )
        follow_ups = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM registry_citizen")
        return follow_ups, cursor.fetchone()
