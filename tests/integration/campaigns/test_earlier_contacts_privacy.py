"""What a spreadsheet of earlier contacts leaves behind: no free text in plain, no row that nobody uses (A4, A5, L6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.imports.earlier_contacts import read_and_review
from campaigns.models import AnswerWord, EarlierContactRow, EarlierContacts
from campaigns.services.earlier_contacts import commit_file, decide_words, undo_file, unknown_words
from campaigns.services.earlier_contacts_files import receive_file
from outreach.access.actor import Actor
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from outreach.privacy.retention import erase_expired
from registry.models import Municipality, Programme
from tests.factories.cast import actor_with_role
from tests.factories.registry import cpr_number, csv_file, make_citizen, moment

pytestmark = pytest.mark.django_db
NOW = moment(date(2021, 4, 20))
DAYS_30 = timedelta(days=30)
MINUTE = timedelta(minutes=1)
HEADER = ("CPR", "Dato", "Svar", "Hvem", "Bemærkning")
NUMBER = "7110390002"


@pytest.fixture
def admin() -> Actor:
    actor = actor_with_role(Role.LIST_ADMIN)
    with data_context(actor):
        for serial in (1, 2):
            make_citizen(serial)
    return actor


def line(serial: int, answer: str, *, who: str = "Mette", note: str = "") -> tuple[str, ...]:
    return cpr_number(serial), "12-04-2021", answer, who, note


def reviewed(by: Actor, lines: list[tuple[str, ...]]) -> EarlierContacts:
    received = receive_file(
        by=by,
        municipality=Municipality.objects.get(pk=183),
        programme=Programme.objects.get(code="covid-19"),
        file=csv_file(lines, HEADER),
        display_name="svar.csv",
        sender="",
        now=NOW,
    )
    read_and_review(received, by=by, now=NOW)
    return EarlierContacts.objects.get(pk=received.pk)


def stored_in_plain(needle: str) -> bool:
    """Whether any column of any row of the file's tables holds the text, as PostgreSQL would print it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM campaigns_earliercontactrow AS r WHERE r::text LIKE %(like)s)"
            " OR EXISTS (SELECT FROM campaigns_answerword AS w WHERE w::text LIKE %(like)s)"
            " OR EXISTS (SELECT FROM campaigns_earliercontacts AS f WHERE f::text LIKE %(like)s)"
            " OR EXISTS (SELECT FROM campaigns_contactattempt AS a WHERE a::text LIKE %(like)s)",
            {"like": f"%{needle}%"},
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("answer", "needle", "problem"),
    [
        (f"ring til datteren {NUMBER}", NUMBER, "answer_number"),
        ("ring til datteren 711039-0002", "711039", "answer_number"),
        ("ring til datteren 43 12 34 02", "43 12 34", "answer_number"),
        ("ring til søn 101390002", "101390002", "answer_number"),  # the zero is lost
        ("sagde nej fordi hun lige er opereret i hoften", "opereret", "answer_long"),
    ],
)
def test_free_text_is_neither_kept_nor_asked_after(admin: Actor, answer: str, needle: str, problem: str) -> None:
    with data_context(admin):
        file = reviewed(admin, [line(1, answer), line(2, "Nej tak")])
        row = EarlierContactRow.objects.get(file=file, row_number=2)
        assert (row.problem_code, row.problem_column, row.word) == (problem, "answer", "")
        assert unknown_words(file) == []
        assert not stored_in_plain(needle)
        with pytest.raises(UserError) as refusal:
            decide_words(by=admin, file=file, meanings={answer.casefold(): "declined"}, now=NOW)
        assert refusal.value.code == "word_free_text"
        assert not AnswerWord.objects.exists()


def test_words_with_a_day_or_a_week_are_still_words(admin: Actor) -> None:
    with data_context(admin):
        file = reviewed(admin, [line(1, "ring 12/4"), line(2, "se uge 14")])
        assert unknown_words(file) == [("ring 12/4", 1), ("se uge 14", 1)]


def test_a_number_at_who_is_masked_and_one_in_the_note_is_sealed(admin: Actor) -> None:
    with data_context(admin):
        file = reviewed(admin, [line(1, "Nej tak", who="Mette 43 12 34 02", note=f"datter {NUMBER}")])
        commit_file(by=admin, file=file, now=NOW)
        row = EarlierContactRow.objects.get(file=file)
        assert (row.who, row.note) == ("Mette [telefon]", f"datter {NUMBER}")
        assert not stored_in_plain("43 12 34 02")
        assert not stored_in_plain(NUMBER)


def erased(now: datetime, *, dry_run: bool = False) -> int:
    found = erase_expired(now=now, real_now=timezone.now(), dry_run=dry_run)
    return found["unused_earlier_contact_rows"]


def row_numbers(by: Actor, file: EarlierContacts) -> list[int]:
    with data_context(by):
        return list(
            EarlierContactRow.objects.filter(file=file).order_by("row_number").values_list("row_number", flat=True)
        )


def test_unused_rows_of_a_file_in_use_go_after_30_days(admin: Actor) -> None:
    with data_context(admin):
        # Row 2 is used; nobody has the number of row 3; row 4 is row 2 once more.
        file = reviewed(admin, [line(1, "Nej tak"), line(99, "Nej tak"), line(1, "Nej tak")])
        committed = commit_file(by=admin, file=file, now=NOW)
    assert erased(NOW + DAYS_30 - MINUTE) == 0
    assert row_numbers(admin, file) == [2, 3, 4]
    assert erased(NOW + DAYS_30, dry_run=True) == 2
    assert row_numbers(admin, file) == [2, 3, 4]
    assert erased(NOW + DAYS_30) == 2
    assert row_numbers(admin, file) == [2]
    assert erased(NOW + DAYS_30 + MINUTE) == 0
    file.refresh_from_db()
    assert file.counts == committed.counts == {"closes": 1, "problem": 2}  # the receipt stands
    with data_context(admin):
        told = AccessEvent.objects.get(subject_kind="earliercontacts", action="delete")
    assert (told.subject_id, told.detail) == (str(file.pk), {"rows": 2})


def test_all_rows_of_an_undone_file_go_after_30_days(admin: Actor) -> None:
    with data_context(admin):
        file = reviewed(admin, [line(1, "Nej tak"), line(99, "Nej tak")])
        undone = undo_file(by=admin, file=commit_file(by=admin, file=file, now=NOW), now=NOW + MINUTE)
    assert erased(NOW + DAYS_30) == 0
    assert erased(NOW + MINUTE + DAYS_30) == 2
    assert row_numbers(admin, undone) == []


def test_rows_that_wait_for_a_person_stay(admin: Actor) -> None:
    with data_context(admin):
        file = reviewed(admin, [line(99, "Nej tak")])
    with data_context(admin):
        EarlierContacts.objects.filter(pk=file.pk).update(state_changed_at=NOW + DAYS_30)  # looked at again
    assert erased(NOW + DAYS_30) == 0
    assert row_numbers(admin, file) == [2]
