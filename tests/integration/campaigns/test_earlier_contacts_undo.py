"""Undoing a file of earlier contacts gives back what the file caused, and opens nobody who has ended since (L8, S7)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import ContactAttempt, EarlierContactEffect, EarlierContactRow, EarlierContacts, OptOut
from campaigns.services.earlier_contacts import commit_file, undo_file, undo_refusal
from campaigns.services.earlier_contacts_files import receive_file
from campaigns.services.forgetting import erase_earlier_contacts
from campaigns.services.opt_outs import opt_out
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from registry.models import Citizen, FollowUp, FollowUpChange, Municipality, Programme
from registry.selectors.selections_criteria import Criteria
from registry.services.lists import undo as undo_list
from registry.services.phones import add_phone
from registry.services.selections import end_selection, start_selection, undo_selection
from registry.services.selections_drafts import draft_selection
from tests.factories.cast import actor_with_role
from tests.factories.registry import committed_list, cpr_number, csv_file, make_citizen, moment, row

pytestmark = pytest.mark.django_db
LISTED = date(2021, 4, 6)
TODAY = date(2021, 4, 20)
NOW = moment(TODAY)
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def admin() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in (1, 2, 3):
            citizen = make_citizen(serial, personal_care=True)
            add_phone(by=actor, citizen=citizen, number=f"2012345{serial}", kind="mobile", source="system", now=NOW)
    return actor


def taken_in(by: Actor, lines: list[tuple[int, str, str]], *, at: int = 0) -> EarlierContacts:
    """A committed file of (person, day, answer); inside a data context."""
    now = NOW + timedelta(minutes=at)
    received = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        file=csv_file([(cpr_number(serial), day, answer) for serial, day, answer in lines], ("CPR", "Dato", "Svar")),
        display_name="svar.csv",
        sender="",
        now=now,
    )
    read_and_review(received, by=by, now=now)
    return commit_file(by=by, file=received, now=now)


def of(serial: int) -> FollowUp:
    return FollowUp.objects.get(citizen__name=f"Testperson {serial}")


def standing(serial: int) -> tuple[str, str, str]:
    found = of(serial)
    return found.status, found.closed_reason, found.outcome


def in_selection(by: Actor) -> object:
    """Everybody with personal care, opened without a list (L9)."""
    selection = draft_selection(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        name="Personlig pleje",
        purpose="Opfølgning efter sundhedsloven",
        criteria=Criteria(age_on=TODAY, personal_care=True),
        ends_on=None,
        now=NOW - timedelta(days=1),
    )
    return start_selection(by=by, selection=selection, now=NOW - timedelta(days=1))


def test_a_selection_that_has_ended_since_is_not_opened_again(admin: Actor) -> None:
    with data_context(admin):
        selection = in_selection(admin)
        file = taken_in(admin, [(1, "12-04-2021", "Nej")])
        end_selection(by=admin, selection=selection, now=NOW + timedelta(hours=1))  # type: ignore[arg-type]
        assert standing(1) == ("closed", "declined", "declined")
        assert standing(2) == ("closed", "selection_ended", "")
        undo_file(by=admin, file=file, now=LATER)
        assert standing(1) == ("closed", "selection_ended", "")
        told = FollowUpChange.objects.filter(follow_up=of(1)).order_by("pk").last()
        assert told is not None
        assert (told.kind, told.reason, told.at) == ("closed", "selection_ended", LATER)


def test_somebody_the_selection_was_already_helping_is_helped_on(admin: Actor) -> None:
    """As when a selection ends: who has given an answer stays open."""
    with data_context(admin):
        selection = in_selection(admin)
        FollowUp.objects.filter(pk=of(1).pk).update(outcome="needs_ride", outcome_at=moment(date(2021, 4, 10)))
        file = taken_in(admin, [(1, "12-04-2021", "Nej")])
        end_selection(by=admin, selection=selection, now=NOW + timedelta(hours=1))  # type: ignore[arg-type]
        undo_file(by=admin, file=file, now=LATER)
        assert standing(1) == ("open", "", "needs_ride")


def test_an_undone_selection_stays_undone(admin: Actor) -> None:
    with data_context(admin):
        selection = in_selection(admin)
        file = taken_in(admin, [(1, "12-04-2021", "Nej")])
        undo_selection(by=admin, selection=selection, now=NOW + timedelta(hours=1))  # type: ignore[arg-type]
        undo_file(by=admin, file=file, now=LATER)
        assert standing(1) == ("closed", "undone", "")


def test_a_list_that_was_undone_since_opens_nobody(admin: Actor) -> None:
    listed = committed_list(admin, csv_file([row(1), row(2)]), as_of=LISTED)
    with data_context(admin):
        file = taken_in(admin, [(1, "01-04-2021", "Nej")])
        undo_list(by=admin, nonresponder_list=listed, now=NOW + timedelta(hours=1))
        undo_file(by=admin, file=file, now=LATER)
        assert standing(1) == ("closed", "undone", "")


def test_somebody_a_later_list_passed_over_is_gone(admin: Actor) -> None:
    """L7: they had been closed as gone, if the file had not closed them first."""
    committed_list(admin, csv_file([row(1), row(2), row(3)]), as_of=LISTED)
    with data_context(admin):
        file = taken_in(admin, [(1, "12-04-2021", "Nej")])
    committed_list(admin, csv_file([row(2), row(3)]), as_of=TODAY + timedelta(days=1))
    with data_context(admin):
        undo_file(by=admin, file=file, now=NOW + timedelta(days=2))
        assert standing(1) == ("closed", "gone", "")


def test_somebody_who_has_died_since_is_not_opened_again(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=LISTED)
    with data_context(admin):
        file = taken_in(admin, [(1, "12-04-2021", "Nej")])
        Citizen.objects.filter(name="Testperson 1").update(status="deceased")
        undo_file(by=admin, file=file, now=LATER)
        assert standing(1) == ("closed", "status", "")


def test_stopped_numbers_are_freed_but_not_those_that_were_stopped_again(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=LISTED)
    with data_context(admin):
        municipality = Municipality.objects.get(pk=183)
        file = taken_in(
            admin, [(1, "12-04-2021", "vil ikke kontaktes"), (2, "12-04-2021", "Ønsker ikke at blive kontaktet")]
        )
        assert OptOut.objects.count() == 2
        assert [standing(serial)[1] for serial in (1, 2)] == ["do_not_contact", "do_not_contact"]
        # The owner of the second number answers STOP to something else.
        stop = opt_out(by=admin, municipality=municipality, number="20123452", source="reply", now=NOW)
        undo_file(by=admin, file=file, now=LATER)
        assert list(OptOut.objects.values_list("pk", flat=True)) == [stop.pk]
        assert not Citizen.objects.exclude(do_not_contact_since=None).exists()
        assert [standing(serial)[0] for serial in (1, 2)] == ["open", "open"]
        assert AccessEvent.objects.filter(subject_kind="optout", action="delete").count() == 1


def test_a_wish_that_is_older_than_a_later_answer_stops_nobody(admin: Actor) -> None:
    """L8: only what is newer than what is known counts, for the person as for the follow-up."""
    committed_list(admin, csv_file([row(1), row(2)]), as_of=LISTED)
    with data_context(admin):
        FollowUp.objects.filter(pk=of(2).pk).update(outcome="needs_ride", outcome_at=moment(date(2021, 4, 15)))
        taken_in(
            admin,
            [
                (1, "07-04-2021", "vil ikke kontaktes"),
                (1, "12-04-2021", "Brug for kørsel"),
                (2, "12-04-2021", "vil ikke kontaktes"),
            ],
        )
        assert not Citizen.objects.exclude(do_not_contact_since=None).exists()
        assert not OptOut.objects.exists()
        assert [standing(serial)[0] for serial in (1, 2)] == ["open", "open"]


def test_a_call_of_the_same_morning_does_not_forbid_the_undoing(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=LISTED)
    with data_context(admin):
        # 09.00 in Denmark; the call stands at noon.
        file = taken_in(admin, [(1, "20-04-2021", "Ingen svar")], at=-180)
        undone = undo_file(by=admin, file=file, now=NOW - timedelta(hours=2))
        assert undone.state == "undone"
        assert of(1).call_attempts == 0


def test_the_mended_file_counts_as_if_the_first_had_never_been(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1)]), as_of=LISTED)
    lines = [(1, "08-04-2021", "Ingen svar"), (1, "12-04-2021", "Optaget"), (1, "13-04-2021", "I tvivl")]
    with data_context(admin):
        # Closed by a no of the 7th that the file's "in doubt" takes up again.
        FollowUp.objects.update(
            status="closed", closed_reason="declined", closed_at=moment(date(2021, 4, 7)), outcome="declined",
            outcome_at=moment(date(2021, 4, 7)), next_step_kind="", next_step_at=None, next_step_reason="",
        )  # fmt: skip
        first = taken_in(admin, lines)
        once = (*standing(1), of(1).call_attempts)
        assert once == ("open", "", "undecided", 3)
        undo_file(by=admin, file=first, now=NOW + timedelta(minutes=30))
        assert (*standing(1), of(1).call_attempts) == ("closed", "declined", "declined", 0)
        taken_in(admin, [*lines, (2, "13-04-2021", "Nej")], at=60)
        assert (*standing(1), of(1).call_attempts) == once


def test_a_file_whose_rows_were_erased_after_a_year_says_so_instead_of_being_undone(admin: Actor) -> None:
    with data_context(admin):
        make_citizen(7)
        file = taken_in(admin, [(7, "12-04-2021", "Nej")])
        contacts = ContactAttempt.objects.count()
    year = timedelta(days=365)
    assert erase_earlier_contacts(NOW + year - timedelta(seconds=1), NOW, False) == 0
    assert (erase_earlier_contacts(NOW + year, NOW, True), erase_earlier_contacts(NOW + year, NOW, False)) == (1, 1)
    with data_context(admin):
        assert (EarlierContactRow.objects.count(), EarlierContactEffect.objects.count()) == (0, 0)
        # What somebody answered is a contact by now, and has the contacts' own period.
        assert ContactAttempt.objects.count() == contacts
        assert undo_refusal(file)
        with pytest.raises(UserError) as refused:
            undo_file(by=admin, file=file, now=NOW + year)
    assert refused.value.code == "undo_erased"
