"""Changed CPR numbers (C3): followed along chains, refused in rings, two records of one person made one."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaigns.models import CallTask, ContactAttempt, OptOut
from campaigns.services.answers import record_answer
from campaigns.services.planning import plan
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.permissions import Permission
from outreach.access.roles import Role
from outreach.privacy.sealing import blind_index
from registry.models import (
    Citizen,
    CitizenDifference,
    FollowUp,
    NonresponderList,
    Phone,
    PhoneKind,
    PhoneSource,
    PreviousNumber,
    Relative,
)
from registry.selectors.citizens import by_cpr
from registry.services.citizen_merging import merge
from registry.services.citizens import edit_citizen
from registry.services.lists import undo
from registry.services.phones import add_phone, mark_wrong
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import follow_up as make_follow_up
from tests.factories.cpr_extract import extract, person
from tests.factories.registry import NOON, citizens_taken_in, committed_list, cpr_number, csv_file, make_citizen, row

pytestmark = pytest.mark.django_db
WEEKS = [date(2021, 3, 23), date(2021, 3, 30)]
LATER = NOON + timedelta(days=1)
A, B, C, D = (cpr_number(serial) for serial in (1, 2, 3, 4))


@pytest.fixture
def admin() -> Actor:
    return actor_with_role(Role.LIST_ADMIN)


def gone(number: str, valid: str, status: str = "60") -> list[str]:
    """The records of a number that was left for `valid`."""
    return person(number, status=status, valid=valid, address=False)


def caller_of(admin: Actor) -> Actor:
    """The same person at the telephone."""
    return replace(admin, permissions=admin.permissions | {Permission.WORK_CALLS})


def numbers() -> dict[str, set[bytes]]:
    """Each citizen's number, and the blind indexes of those they had before."""
    return {
        each.cpr: {bytes(before.cpr_index) for before in each.previous_numbers.all()} for each in Citizen.objects.all()
    }


def left(*serials: int) -> set[bytes]:
    return {blind_index("cpr", cpr_number(serial)) for serial in serials}


def test_chain_is_followed_to_its_end(admin: Actor, tmp_path: Path) -> None:
    citizens_taken_in(admin, extract(person(A)), tmp_path)
    receipt = citizens_taken_in(admin, extract(gone(A, B), gone(B, C, "50"), person(C)), tmp_path)
    assert (receipt.counts["added"], receipt.counts["renumbered"], receipt.errors) == (0, 2, [])
    with data_context(admin):
        assert numbers() == {C: left(1, 2)}
        assert by_cpr(admin, C) == Citizen.objects.get()


def test_later_file_leads_on_from_a_number_left_before(admin: Actor, tmp_path: Path) -> None:
    citizens_taken_in(admin, extract(person(B)), tmp_path)
    citizens_taken_in(admin, extract(gone(B, C), person(C)), tmp_path)
    citizens_taken_in(admin, extract(gone(A, B)), tmp_path)
    with data_context(admin):
        assert numbers() == {C: left(1, 2)}
    again = citizens_taken_in(admin, extract(person(B, name="Navn Efter Gammelt")), tmp_path)
    assert [each["code"] for each in again.errors] == ["known_by_new_number"]
    with data_context(admin):
        assert Citizen.objects.get().name == "Navn Efter Gammelt"


@pytest.mark.parametrize(
    ("people", "code", "refused"),
    [
        ([gone(A, A)], "changed_to_itself", 1),
        ([gone(A, B), gone(B, A)], "changed_in_a_loop", 2),
        ([gone(D, A), gone(A, B), gone(B, C), gone(C, A)], "changed_in_a_loop", 4),
        ([gone(A, B), gone(A, C)], "changed_to_two", 2),
        ([gone(A, "")], "valid_number_missing", 0),
    ],
)
def test_change_that_leads_nowhere_changes_nothing(
    admin: Actor, tmp_path: Path, people: list[list[str]], code: str, refused: int
) -> None:
    citizens_taken_in(admin, extract(person(A)), tmp_path)
    receipt = citizens_taken_in(admin, extract(*people), tmp_path)
    assert {each["code"] for each in receipt.errors} == {code}
    assert receipt.counts["unreadable"] == refused
    with data_context(admin):
        assert numbers() == {A: set()}
        assert Citizen.objects.get().status == "active"


def test_number_cannot_go_back_to_one_its_citizen_left(admin: Actor, tmp_path: Path) -> None:
    citizens_taken_in(admin, extract(person(A)), tmp_path)
    citizens_taken_in(admin, extract(gone(A, B), person(B)), tmp_path)
    receipt = citizens_taken_in(admin, extract(gone(B, A)), tmp_path)
    assert [each["code"] for each in receipt.errors] == ["changed_in_a_loop"]
    with data_context(admin):
        assert numbers() == {B: left(1)}


def two_records(admin: Actor) -> tuple[Citizen, Citizen]:
    """Two records of one person, both on a list and planned; the left one has phones, a relative and a wish."""
    with data_context(admin):
        old = make_citizen(1, email="gammel@example.dk", language="tr", do_not_contact_since=None)
        valid = make_citizen(2)
        add_phone(by=admin, citizen=old, number="20111111", kind=PhoneKind.MOBILE, source=PhoneSource.CITIZEN, now=NOON)
        both = "20222222"
        for each in (old, valid):
            add_phone(by=admin, citizen=each, number=both, kind=PhoneKind.MOBILE, source=PhoneSource.SYSTEM, now=NOON)
        Relative.objects.create(municipality_id=183, citizen=old, kind="relative", name="Poul Prøve")
    committed_list(admin, csv_file([row(1), row(2)]), as_of=date(2021, 3, 30))
    with data_context(admin):
        plan(by=admin, now=NOON)
    return old, valid


def test_two_records_of_one_person_become_one_with_all_they_had(admin: Actor, tmp_path: Path) -> None:
    old, valid = two_records(admin)
    with data_context(admin):
        ContactAttempt.objects.create(
            municipality_id=183, citizen=old, kind="call", at=NOON, by_name="Mette", note="ringede"
        )
        FollowUp.objects.filter(citizen=old).update(first_contact_at=NOON, call_attempts=1)
    receipt = citizens_taken_in(admin, extract(gone(A, B), person(B)), tmp_path)
    assert (receipt.counts["merged"], "undecided" in receipt.counts) == (1, False)
    with data_context(admin):
        kept = Citizen.objects.get()
        assert (kept.pk, kept.cpr, kept.email, kept.language) == (valid.pk, B, "gammel@example.dk", "tr")
        assert sorted(phone.number for phone in Phone.objects.filter(citizen=kept)) == ["+4520111111", "+4520222222"]
        assert Relative.objects.get().citizen == kept
        assert ContactAttempt.objects.get().citizen == kept
        follow_up = FollowUp.objects.get()
        assert (follow_up.citizen, follow_up.status, follow_up.call_attempts) == (kept, "open", 1)
        assert PreviousNumber.objects.get().former_citizen_id == old.pk
        assert CallTask.objects.exclude(state="cancelled").count() <= 1


def test_answers_on_both_records_are_for_a_person_to_choose(admin: Actor, tmp_path: Path) -> None:
    old, valid = two_records(admin)
    with data_context(admin):
        FollowUp.objects.filter(citizen=old).update(outcome="declined", outcome_at=NOON, first_contact_at=NOON)
        FollowUp.objects.filter(citizen=valid).update(outcome="undecided", outcome_at=NOON, first_contact_at=NOON)
    receipt = citizens_taken_in(admin, extract(gone(A, B), person(B)), tmp_path)
    assert receipt.counts["undecided"] == 1
    again = citizens_taken_in(admin, extract(gone(A, B), person(B)), tmp_path)
    assert "undecided" not in again.counts, "a question is asked once"
    with data_context(admin):
        old.refresh_from_db()
        assert old.status == "replaced"
        assert FollowUp.objects.get(citizen=old).status == "closed", "nobody is contacted twice meanwhile"
        question = CitizenDifference.objects.get(field="person", state="open")
        assert (question.citizen_id, question.other_citizen_id) == (valid.pk, old.pk)
        merge(by=admin, old=old, valid=valid, now=NOON, answers_of_old=True)
        follow_up = FollowUp.objects.get()
        assert (follow_up.citizen_id, follow_up.outcome) == (valid.pk, "declined")
        assert not CitizenDifference.objects.exists()


def test_never_merged_for_a_name(admin: Actor, tmp_path: Path) -> None:
    citizens_taken_in(admin, extract(person(A), person(B)), tmp_path)
    with data_context(admin):
        assert Citizen.objects.filter(name="Aase Birthe Prøve").count() == 2


def test_number_found_wrong_on_one_record_is_wrong_on_the_other(admin: Actor) -> None:
    old, valid = two_records(admin)
    with data_context(admin):
        shared = Phone.objects.get(citizen=old, source=PhoneSource.SYSTEM)
        mark_wrong(by=admin, phone=shared, reason="Forkert nummer", now=NOON.replace(hour=12))
        merge(by=admin, old=old, valid=valid, now=NOON.replace(hour=13))
        kept = Phone.objects.get(citizen=valid, number_index=shared.number_index)
        assert (kept.wrong_reason, kept.wrong_by_name) == ("Forkert nummer", admin.name)


def merged(admin: Actor, old: Citizen, valid: Citizen, **choice: bool) -> FollowUp:
    with data_context(admin):
        old.refresh_from_db()
        valid.refresh_from_db()
        merge(by=admin, old=old, valid=valid, now=LATER, **choice)
        return FollowUp.objects.get(programme__code="covid-19")


def merge_all(admin: Actor, old: Citizen, valid: Citizen) -> None:
    with data_context(admin):
        old.refresh_from_db()
        valid.refresh_from_db()
        merge(by=admin, old=old, valid=valid, now=LATER)


def test_who_is_gone_under_one_number_and_listed_under_the_other_stays_on_the_way(admin: Actor) -> None:
    with data_context(admin):
        old, valid = make_citizen(1), make_citizen(2)
    committed_list(admin, csv_file([row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        FollowUp.objects.filter(citizen=valid).update(call_attempts=1, first_contact_at=NOON, last_contact_at=NOON)
    second = committed_list(admin, csv_file([row(1)]), as_of=WEEKS[1])
    follow_up = merged(admin, old, valid)
    assert (follow_up.status, follow_up.closed_reason, follow_up.last_list_id) == ("open", "", second.pk)
    assert (follow_up.citizen_id, follow_up.call_attempts) == (valid.pk, 1)


def test_a_no_under_one_number_holds_while_the_other_is_listed(admin: Actor) -> None:
    with data_context(admin):
        old, valid = make_citizen(1), make_citizen(2)
    committed_list(admin, csv_file([row(2)]), as_of=WEEKS[0])
    with data_context(admin):
        record_answer(by=caller_of(admin), citizen=valid, outcome="declined", now=NOON)
    committed_list(admin, csv_file([row(1), row(2)]), as_of=WEEKS[1])
    assert merged(admin, old, valid).closed_reason == "declined"
    with data_context(admin):
        assert not CallTask.objects.waiting().exists()


@pytest.mark.parametrize("first_named", [1, 2])
def test_undoing_a_list_after_the_merge_puts_the_person_back_whichever_number_it_named(
    admin: Actor, first_named: int
) -> None:
    with data_context(admin):
        old, valid = make_citizen(1), make_citizen(2)
    first = committed_list(admin, csv_file([row(first_named)]), as_of=WEEKS[0])
    second = committed_list(admin, csv_file([row(3 - first_named)]), as_of=WEEKS[1])
    follow_up = merged(admin, old, valid)
    assert (follow_up.status, follow_up.last_list_id) == ("open", second.pk)
    with data_context(admin):
        undo(by=admin, nonresponder_list=second, now=LATER)
        follow_up = FollowUp.objects.get()
        assert (follow_up.status, follow_up.last_list_id, follow_up.closed_reason) == ("open", first.pk, "")
        undo(by=admin, nonresponder_list=first, now=LATER)
        assert FollowUp.objects.get().closed_reason == "undone"


def test_undoing_the_only_list_that_named_both_closes_the_one_follow_up(admin: Actor) -> None:
    old, valid = two_records(admin)
    only = merged(admin, old, valid).last_list_id
    with data_context(admin):
        undo(by=admin, nonresponder_list=NonresponderList.objects.get(pk=only), now=LATER)
        assert FollowUp.objects.get().closed_reason == "undone"
        assert not CallTask.objects.waiting().exists()


def test_work_that_waited_for_a_choice_goes_on_where_it_was(admin: Actor, tmp_path: Path) -> None:
    old, valid = two_records(admin)
    monday = NOON + timedelta(days=5)
    with data_context(admin):
        caller = caller_of(admin)
        record_answer(by=caller, citizen=valid, outcome="no_answer", now=NOON)
        record_answer(by=caller, citizen=old, outcome="call_back", call_back_at=monday, now=NOON)
    citizens_taken_in(admin, extract(gone(A, B), person(B)), tmp_path)
    follow_up = merged(admin, old, valid, answers_of_old=True)
    assert (follow_up.status, follow_up.outcome, follow_up.next_step_kind) == ("open", "call_back", "call")
    assert (follow_up.next_step_at, follow_up.next_step_reason) == (monday, "agreed_time")


def test_a_stop_and_a_wish_hold_whoever_they_were_told_of(admin: Actor) -> None:
    old, valid = two_records(admin)
    with data_context(admin):
        OptOut.objects.create(
            municipality_id=183, number_index=blind_index("phone", "+4520111111"), since=NOON, source="reply"
        )
        Citizen.objects.filter(pk=old.pk).update(do_not_contact_since=NOON)
    merged(admin, old, valid)
    with data_context(admin):
        plan(by=admin, now=LATER, citizen_ids=[valid.pk])
        assert FollowUp.objects.get().closed_reason == "do_not_contact"
        stopped = Phone.objects.get(number_index=blind_index("phone", "+4520111111"))
        assert stopped.citizen_id == valid.pk
        assert OptOut.objects.filter(number_index=stopped.number_index).exists()


def test_what_was_written_by_hand_on_either_record_holds_the_newest_first(admin: Actor, tmp_path: Path) -> None:
    with data_context(admin):
        old, valid = make_citizen(1, language="tr", personal_care=True), make_citizen(2)
        edit_citizen(by=admin, citizen=old, values={"address": "Nyvej 2", "postal_code": "2635"}, now=NOON)
        edit_citizen(by=admin, citizen=old, values={"email": "gammel@example.dk"}, now=NOON)
        edit_citizen(by=admin, citizen=valid, values={"email": "ny@example.dk"}, now=NOON + timedelta(hours=1))
        edit_citizen(by=admin, citizen=valid, values={"needs_interpreter": True}, now=NOON)
        edit_citizen(by=admin, citizen=valid, values={"needs_interpreter": False}, now=NOON)
        Citizen.objects.filter(pk=old.pk).update(needs_interpreter=True)
    merge_all(admin, old, valid)
    with data_context(admin):
        kept = Citizen.objects.get()
        assert (kept.address, kept.email, kept.language) == ("Nyvej 2", "ny@example.dk", "tr")
        assert (kept.household_key, kept.personal_care, kept.needs_interpreter) == ("nyvej 2|2635", True, False)
    citizens_taken_in(admin, extract(person(B)), tmp_path, now=LATER)
    with data_context(admin):
        assert Citizen.objects.get().address == "Nyvej 2", "a file asks before it writes over it"
        assert CitizenDifference.objects.get(field="address").state == "open"


def test_follow_ups_of_several_programmes_stay_apart(admin: Actor) -> None:
    old, valid = two_records(admin)
    with data_context(admin):
        make_follow_up(old, "influenza")
        make_follow_up(old, "pneumococcal")
        make_follow_up(valid, "pneumococcal")
    merged(admin, old, valid)
    with data_context(admin):
        assert sorted(FollowUp.objects.values_list("programme__code", "citizen_id", "status")) == [
            (code, valid.pk, "open") for code in ("covid-19", "influenza", "pneumococcal")
        ]
