"""Lists, their undoing and own selections beside what people said elsewhere: in another programme, in a spreadsheet,
to whoever opened their case by hand (L5, L7, L8, L9)."""

from datetime import date, timedelta

import pytest

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import ContactAttempt, EarlierContacts
from campaigns.services.earlier_contacts import commit_file, undo_file
from campaigns.services.earlier_contacts_files import receive_file
from campaigns.services.planning import plan
from campaigns.services.reopening import reopen
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.errors import UserError
from registry.models import CalledBy, Case, Citizen, FollowUp, Municipality, Programme
from registry.selectors.selections import preview_counts
from registry.selectors.selections_criteria import Criteria
from registry.services.cases import open_case
from registry.services.lists import approve, undo
from registry.services.selections_drafts import draft_selection
from tests.factories.cast import actor_with_role
from tests.factories.registry import committed_list, cpr_number, csv_file, make_citizen, moment, reviewed_list, row

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = date(2021, 4, 6), date(2021, 4, 13), date(2021, 4, 20)
HOUR = timedelta(hours=1)


@pytest.fixture
def admin() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in (1, 2):
            make_citizen(serial, personal_care=True)
    return actor


def of(serial: int, programme: str = "covid-19") -> FollowUp:
    return FollowUp.objects.get(citizen__name=f"Testperson {serial}", programme__code=programme)


def standing(serial: int) -> tuple[str, str, str]:
    found = of(serial)
    return found.status, found.closed_reason, found.outcome


def close(follow_up: FollowUp, reason: str, outcome: str, **fields: object) -> None:
    FollowUp.objects.filter(pk=follow_up.pk).update(
        status="closed", closed_reason=reason, closed_at=moment(FIRST), outcome=outcome, outcome_at=moment(FIRST),
        next_step_kind="", next_step_at=None, next_step_reason="", **fields,
    )  # fmt: skip


def taken_in(by: Actor, lines: list[tuple[int, str, str]], *, on: date) -> EarlierContacts:
    """A committed file of (person, day, answer), an hour after the day's lists; inside a data context."""
    received = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        file=csv_file([(cpr_number(serial), day, answer) for serial, day, answer in lines], ("CPR", "Dato", "Svar")),
        display_name="svar.csv",
        sender="",
        now=moment(on) + HOUR,
    )
    read_and_review(received, by=by, now=moment(on) + HOUR)
    return commit_file(by=by, file=received, now=moment(on) + HOUR)


def call_in(by: Actor, serial: int, *, on: date) -> None:
    open_case(
        by=by,
        citizen=Citizen.objects.get(name=f"Testperson {serial}"),
        programme=Programme.objects.get(code="covid-19"),
        reason="Vil have hjælp til kørsel",
        called_by=CalledBy.CITIZEN,
        now=moment(on) + HOUR,
    )


def test_rested_no_stays_where_death_was_told_in_another_programme(admin: Actor) -> None:
    """L8: neither the clock nor the next list asks, as the review says."""
    for programme in ("covid-19", "influenza"):
        committed_list(admin, csv_file([row(1, group=""), row(2, group="")]), as_of=FIRST, programme=programme)
    with data_context(admin):
        for serial in (1, 2):
            close(of(serial), "declined", "declined", reopen_on=date(2021, 4, 10))
        close(of(1, "influenza"), "status", "deceased")
        plan(by=admin, now=moment(date(2021, 4, 9)))
        assert [standing(serial)[0] for serial in (1, 2)] == ["closed", "closed"]
        plan(by=admin, now=moment(date(2021, 4, 12)))
        assert [standing(serial)[0] for serial in (1, 2)] == ["closed", "open"]
    committed_list(admin, csv_file([row(1), row(2)]), as_of=SECOND)
    with data_context(admin):
        assert standing(1) == ("closed", "declined", "declined")


def test_own_selection_leaves_whom_another_programme_was_told_is_dead(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1, group=""), row(2, group="")]), as_of=FIRST, programme="influenza")
    with data_context(admin):
        close(of(1, "influenza"), "status", "deceased")
        close(of(2, "influenza"), "declined", "declined")
        selection = draft_selection(
            by=admin,
            municipality=Municipality.objects.get(pk=183),
            programme=Programme.objects.get(code="covid-19"),
            name="Personlig pleje",
            purpose="Opfølgning efter sundhedsloven",
            criteria=Criteria(age_on=SECOND, personal_care=True),
            ends_on=None,
            now=moment(SECOND),
        )
        counts = preview_counts(selection, today=SECOND)
        # A no to one vaccine is no answer about another (C8).
        assert {act: number for act, number in counts.items() if number} == {"open": 1, "status": 1}


def test_no_of_a_spreadsheet_outlives_the_list_that_is_undone(admin: Actor) -> None:
    """L8: of a citizen the list made (9) as of one who was known (1); the corrected list asks neither."""
    listed = committed_list(admin, csv_file([row(1), row(2), row(9), row(10)]), as_of=FIRST)
    with data_context(admin):
        file = taken_in(admin, [(1, "01-03-2021", "Nej"), (9, "01-03-2021", "Nej")], on=FIRST)
        undo(by=admin, nonresponder_list=listed, now=moment(FIRST) + 2 * HOUR)
        assert [standing(serial) for serial in (1, 2, 9)] == [
            ("closed", "declined", "declined"), ("closed", "undone", ""), ("closed", "declined", "declined"),
        ]  # fmt: skip
        assert ContactAttempt.objects.count() == 2
        assert not Citizen.objects.filter(name="Testperson 10").exists()
    committed_list(admin, csv_file([row(1), row(2), row(9)]), as_of=SECOND)
    with data_context(admin):
        assert [standing(serial)[0] for serial in (1, 2, 9)] == ["closed", "open", "closed"]
        assert file.state == "committed"


def test_spreadsheet_undone_after_its_list_opens_nobody(admin: Actor) -> None:
    listed = committed_list(admin, csv_file([row(1), row(9)]), as_of=FIRST)
    with data_context(admin):
        file = taken_in(admin, [(1, "01-03-2021", "Nej"), (9, "01-03-2021", "Nej")], on=FIRST)
        undo(by=admin, nonresponder_list=listed, now=moment(FIRST) + 2 * HOUR)
        undo_file(by=admin, file=file, now=moment(FIRST) + 3 * HOUR)
        assert [standing(serial) for serial in (1, 9)] == [("closed", "undone", ""), ("closed", "undone", "")]


def test_no_of_somebody_who_was_gone_outlives_the_list_that_passed_them_over(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=FIRST)
    shorter = committed_list(admin, csv_file([row(2)]), as_of=SECOND)
    with data_context(admin):
        assert standing(1) == ("closed", "gone", "")
        taken_in(admin, [(1, "01-03-2021", "Nej")], on=SECOND)
        undo(by=admin, nonresponder_list=shorter, now=moment(SECOND) + 2 * HOUR)
        assert standing(1) == ("closed", "declined", "declined")


def test_whoever_called_in_is_not_gone_because_the_next_list_does_not_name_them(admin: Actor) -> None:
    """L9: also when their follow-up was open already, before the review and after it; who did not call in is gone."""
    committed_list(admin, csv_file([row(1), row(2), row(3), row(4)]), as_of=FIRST)
    with data_context(admin):
        call_in(admin, 1, on=FIRST)
    reviewed = reviewed_list(admin, csv_file([row(4)]), as_of=SECOND)
    assert reviewed.counts == {"waiting": 1, "gone": 2}
    with data_context(admin):
        call_in(admin, 2, on=SECOND)
        approve(by=admin, nonresponder_list=reviewed, now=moment(SECOND) + 2 * HOUR)
        assert [standing(serial)[0] for serial in (1, 2, 3)] == ["open", "open", "closed"]
    # Named again, and then no more: the list has its word (L7).
    committed_list(admin, csv_file([row(1), row(4)]), as_of=THIRD)
    committed_list(admin, csv_file([row(4, group="8")]), as_of=THIRD + timedelta(days=7))
    with data_context(admin):
        assert standing(1) == ("closed", "gone", "")


def test_whom_a_person_opened_again_is_not_gone_a_second_time(admin: Actor) -> None:
    committed_list(admin, csv_file([row(1), row(2)]), as_of=FIRST)
    shorter = committed_list(admin, csv_file([row(2)]), as_of=SECOND)
    with data_context(admin):
        reopen(by=admin, follow_up=of(1), now=moment(SECOND) + HOUR)
    again = committed_list(admin, csv_file([row(2, group="8")]), as_of=THIRD)
    assert again.counts == {"waiting": 1}
    with data_context(admin):
        assert standing(1) == ("open", "", "")
        undo(by=admin, nonresponder_list=again, now=moment(THIRD) + HOUR)
        undo(by=admin, nonresponder_list=shorter, now=moment(THIRD) + HOUR)
    committed_list(admin, csv_file([row(2)]), as_of=THIRD, now=moment(THIRD) + 2 * HOUR)
    with data_context(admin):
        # The list that had passed them over is undone: this one is the first to say it.
        assert standing(1) == ("closed", "gone", "")


def test_list_is_not_undone_under_somebody_who_called_in(admin: Actor) -> None:
    listed = committed_list(admin, csv_file([row(9)]), as_of=FIRST)
    with data_context(admin):
        call_in(admin, 9, on=FIRST)
        with pytest.raises(UserError) as refusal:
            undo(by=admin, nonresponder_list=listed, now=moment(FIRST) + 2 * HOUR)
        assert refusal.value.code == "undo_contacted"
    with data_context(admin):
        assert (standing(9)[0], Case.objects.count()) == ("open", 1)
